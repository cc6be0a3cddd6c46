"""A generation is found by its id alone, and all of it is shown."""

import argparse
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import time
from typing import Any

import pytest

from local.simulated.environment import BUCKET, SECRETS
from operations.audit.finding import utc
from operations.commands import add_operations
from operations.errors import OperationError
from operations.look import scan
from operations.look.find import owner
from operations.look.logs import lines_of
from operations.look.next_step import next_step
from tests.contract.images import ALIKE, BILLED, NOT_ALIKE, OUTPUT, asked, attempts
from tests.fakes.clock import START
from tests.operations.look.conftest import LookedAt
from veil.adapters.dynamodb.table import Expression
from veil.domain.deadlines import Policy
from veil.domain.generation import Attempt, Generation, Image, ImageStatus
from veil.domain.ids import new_id

pytestmark = pytest.mark.usefixtures("plain_environment")
NOW = START + 60
POLICY = Policy(3, 240, (90, 300, 2700))


def run(looked_at: LookedAt, *arguments: str) -> Any:
    parser = argparse.ArgumentParser()
    add_operations(parser.add_subparsers(required=True), lambda _: None, lambda _: looked_at.stage)
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


def put(looked_at: LookedAt, key: str) -> None:
    looked_at.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"a face")


def one_of_each(looked_at: LookedAt) -> Generation:
    """An image that is stored, one that showed somebody else and is queued again, one refunded, one running."""
    backend = looked_at.backend
    for at in (START - 100, START + 1):
        backend.running("ada", at)  # of which nothing is shown
    running = backend.running("ada", START)
    ledger, images = backend.ledger, running.images
    assert ledger.record_starts(running, {3: "prediction-3"}, (), running.due_at)
    stored = replace(OUTPUT, likeness=ALIKE)
    assert ledger.capture(running, images[0], stored, NOW, running.due_at)
    assert ledger.requeue(running, images[1], NOT_ALIKE)
    assert ledger.refund(running, images[2], BILLED, NOW, NOW + 90)
    put(looked_at, running.input_key)
    put(looked_at, running.result_key(0))
    return backend.stands(running)


def test_all_of_it_is_shown(looked_at: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    generation = one_of_each(looked_at)
    run(looked_at, "generation", generation.id)
    seen = capsys.readouterr().out
    for line in (
        f"generation {generation.id}: processing, classic",
        "  user ada, in logs ",
        "  credits: 4 reserved, 2 held, 1 captured, 1 refunded",
        "  cost at providers: USD 0.16",
        "the checked photo is there",
        "image 0: stored, 0 attempts failed",
        "likeness: 97 of the 80 that it needs, 1 faces",
        "  its object is there",
        "image 1: queued, 1 attempts failed",
        "showed somebody else: 12 of the 80 that it needs",
        "image 2: refunded because of timed_out",
        "  its object is not there",
        "image 3: running, attempt 1 since 2100-01-01T00:00:00+00:00",
        "USD 0.04, prediction prediction-3, seed 2147483647",
        "prediction not known: its answer did not come",
        ": reserve -4",
        ": refund +1",
        "on the work list for 2100-01-01T00:02:30+00:00",
        "next: unless a callback comes before, the sweep starts the images that are queued and asks the providers",
    ):
        assert line in seen


def test_a_program_reads_the_same(looked_at: LookedAt, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    generation = one_of_each(looked_at)
    run(looked_at, "generation", generation.id, "--json", "-")
    document = json.loads(capsys.readouterr().out)
    assert [entry["amount"] for entry in document["entries"]] == [4, -4, 1]
    assert document["credits"] == {"reserved": 4, "held": 2, "captured": 1, "refunded": 1}
    assert [image["object_there"] for image in document["images"]] == [True, False, False, False]
    assert document["images"][1]["attempts"][0]["unlike"]["score"] == 12
    run(looked_at, "generation", generation.id, "--user", "ada", "--json", str(tmp_path / "seen.json"))
    assert "image 3: running" in capsys.readouterr().out
    assert json.loads((tmp_path / "seen.json").read_text()) == document


def test_what_was_refused_ran_nowhere(looked_at: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    running = looked_at.backend.running("ada", START)
    assert looked_at.backend.ledger.record_starts(running, {}, running.images[:1], NOW)
    run(looked_at, "generation", running.id)
    assert "prediction none: its start was refused" in capsys.readouterr().out


def test_nothing_private_is_shown(looked_at: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    generation = one_of_each(looked_at)
    run(looked_at, "generation", generation.id, "--json", "-")
    seen = capsys.readouterr().out
    for private in ("https://", generation.result_folder, generation.input_key, *SECRETS.values()):
        assert private not in seen


def test_an_open_one_is_found_without_a_scan(looked_at: LookedAt, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = looked_at.backend.running("ada", START)
    monkeypatch.setattr("operations.look.find.scan", lambda *_: pytest.fail("scanned"))
    assert owner(looked_at.stage, generation.id) == "ada"


@pytest.mark.parametrize("deleted", [False, True])
def test_a_finished_one_is_found_among_others(
    looked_at: LookedAt, capsys: pytest.CaptureFixture[str], deleted: bool
) -> None:
    backend = looked_at.backend
    for user in ("bob", "eve"):
        backend.running(user, START)
    finished = backend.running("ada", START, images=1)
    after = backend.ledger.capture(finished, finished.images[0], OUTPUT, NOW, None)
    assert after
    if deleted:
        moved = backend.generations.begin_delete(after, NOW)
        assert moved
        assert moved.due_at is not None
        backend.work.close(moved, moved.due_at)
    assert owner(looked_at.stage, finished.id) == "ada"
    assert "items of the table were read in" in capsys.readouterr().err
    run(looked_at, "generation", finished.id)
    assert ("deleted by its user" in capsys.readouterr().out) is deleted


def test_a_scan_goes_through_all_pages(looked_at: LookedAt, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pages of one item, so that each part of the table has several."""
    finished = looked_at.backend.running("ada", START, images=1)
    looked_at.backend.ledger.capture(finished, finished.images[0], OUTPUT, NOW, None)
    dynamodb = looked_at.client("dynamodb")
    limited = type("Limited", (), {"scan": lambda _, **request: dynamodb.scan(**request, Limit=1)})()
    read: list[int] = []
    e = Expression()
    condition = f"{e.path('sk')} = {e.value(f'GENERATION#{finished.id}')}"
    found = list(scan.scan(limited, looked_at.stage.table, condition, e, read.append))
    assert [item["pk"] for item in found] == ["USER#ada"]
    assert len(read) > 1
    assert read[-1] == dynamodb.scan(TableName=looked_at.stage.table)["Count"]


def test_one_that_there_is_not(looked_at: LookedAt) -> None:
    with pytest.raises(OperationError, match="is no id of a generation"):
        run(looked_at, "generation", "../etc")
    with pytest.raises(OperationError, match="has no generation"):
        run(looked_at, "generation", new_id(START))
    with pytest.raises(OperationError, match="user bob has no generation"):
        run(looked_at, "generation", looked_at.backend.running("ada", START).id, "--user", "bob")


def test_its_lines_in_the_logs(looked_at: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    moment = float(int(time()))  # logs are taken only of about now
    generation = looked_at.backend.running("ada", START)
    logs = looked_at.client("logs")
    for function in looked_at.stage.functions.values():
        group = f"/aws/lambda/{function}"
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="one")
        event = {"timestamp": int(moment * 1000), "message": "START RequestId: 1"}
        logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[event])
    now = int(moment * 1000)
    for function, id_, message, at in (
        ("webhook", generation.id, "webhook", now - 1000),
        ("generations", generation.id, "started", now - 5000),
        ("webhook", new_id(START), "another's", now - 1000),
        ("webhook", generation.id, "too old", now - 4 * 86_400_000),
    ):
        line = {"level": "INFO", "message": message, "generation_id": id_, "image": 2, "location": "code:7"}
        group = f"/aws/lambda/veil-test-{function}"
        event = {"timestamp": at, "message": json.dumps(line)}
        logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=[event])
    found = lines_of(looked_at.stage, generation.id, 3, lambda: moment)
    assert [(line.function, line.message, dict(line.more)) for line in found] == [
        ("generations", "started", {"image": 2}),
        ("webhook", "webhook", {"image": 2}),
    ]
    assert str(found[0]) == f"{utc(moment - 5)} generations  INFO    started image=2"
    with pytest.raises(SystemExit, match="2"):
        run(looked_at, "generation", generation.id, "--logs", "never")
    assert "is no number of days" in capsys.readouterr().err


ATTEMPT = Attempt("replicate", "model", Decimal("0.04"), "prediction")


@pytest.mark.parametrize(
    ("age", "changes", "words"),
    [
        (60, {}, "asks the providers about 1 running images, of which 0 are overdue"),
        (400, {"due_at": START + 900}, "of which 1 are overdue"),
        (2800, {"due_at": START + 2700}, "refunds the images that are still open: the deadline has passed"),
        (3500, {"due_at": START + 2700}, "the sweep is 800 s late"),
        (60, {"due_at": None}, "nothing will happen: images are open, and no sweep will look at it"),
        (60, {"deleted": True, "images": ()}, "deletes its images once more"),
        (60, {"images": ()}, "deletes what was stored for a refunded image"),
        (60, {"images": (), "announces": True}, "hands its end to notify, which tells others, and deletes"),
        (60, {"images": (), "announces": True, "announced_at": START}, "the sweep deletes what was stored"),
        (60, {"images": (), "due_at": None}, "none: it is finished"),
    ],
)
def test_what_happens_next(age: float, changes: dict[str, Any], words: str) -> None:
    running = Image(0, ImageStatus.RUNNING, started_at=START, attempts={1: ATTEMPT})
    one = Generation("ada", "01J", "classic", "model", "01J", START, (running,), 1, due_at=START + 90)
    assert words in next_step(replace(one, **changes), POLICY, START + age)


def test_attempts_are_told_apart(looked_at: LookedAt, capsys: pytest.CaptureFixture[str]) -> None:
    backend = looked_at.backend
    running = backend.running("ada", START, images=1)
    queued = backend.ledger.requeue(running, running.images[0], BILLED)
    assert queued
    assert backend.ledger.claim(queued, {**attempts(queued.images), 0: asked("second")}, NOW)
    run(looked_at, "generation", running.id)
    seen = capsys.readouterr().out
    assert "  attempt 1: black-forest-labs/flux-kontext-pro by replicate, USD 0.04, prediction not known" in seen
    assert "  attempt 2: black-forest-labs/flux-kontext-pro by replicate, USD 0.04, prediction second" in seen
