"""What the audit reads of a table and a bucket, in pages of one; nothing that is there may be left out."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from local.simulated.environment import BUCKET, TABLE
from operations.audit.audit import Audit
from operations.audit.finding import Finding, Rule
from operations.audit.records import AwsRecords
from tests.contract.backends import Backend, on_moto
from tests.contract.images import BILLED, OUTPUT
from tests.fakes.clock import START
from tests.fakes.replicate import describe
from veil.adapters.aws import client as aws
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import to_item
from veil.domain.credits import welcome_day


class InPagesOfOne:
    """A client of DynamoDB that answers with one item at a time, as if each filled a page."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._client, name)
        return partial(asked, Limit=1) if name in ("query", "scan") else asked


@pytest.fixture
def aws_(monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    with on_moto() as backend:
        yield backend


def audit(now: float = START) -> tuple[dict[str, Any], list[Finding]]:
    records = AwsRecords(InPagesOfOne(aws.client("dynamodb")), TABLE, aws.client("s3"), BUCKET)
    verdicts = list(Audit(records, lambda: now, lambda _: None)())
    holdings = {verdict.holdings.user: verdict.holdings for verdict in verdicts}
    assert len(holdings) == len(verdicts)
    return holdings, [finding for verdict in verdicts for finding in verdict.findings]


def settle(backend: Backend, user: str) -> str:
    """Four images, of which three are stored and the last is refunded; the generation's id."""
    generation = backend.running(user, START)
    for image in generation.images[:3]:
        backend.photos.write_once(generation.result_key(image.index), b"an image", describe(b"an image"))
        backend.ledger.capture(generation, image, OUTPUT, START, generation.due_at)
    backend.ledger.refund(generation, generation.images[3], BILLED, START, START + 360)
    return generation.id


def test_everything_is_read_and_in_order(aws_: Backend) -> None:
    for user in ("ada", "bob|한국", "ada"):
        settle(aws_, user)
    aws_.accounts.open_account("eve", 8, START)
    holdings, found = audit()
    assert found == []
    figures = {user: (one.available, one.captured, len(one.generations)) for user, one in holdings.items()}
    assert figures == {"ada": (2, 6, 2), "bob|한국": (1, 3, 1), "eve": (8, 0, 0)}
    assert [len(holdings["ada"].objects), len(holdings["ada"].entries)] == [6, 6]


def test_the_bucket_says_what_its_objects_are(aws_: Backend) -> None:
    """Not what we noted beside them: other bytes under the same notes are found."""
    generation_id = settle(aws_, "ada")
    s3 = aws.client("s3")
    key = next(each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"] if each["Key"].endswith("/1"))
    output = describe(b"an image")
    s3.put_object(
        Bucket=BUCKET, Key=key, Body=b"A PORTRAIT", Metadata={"sha256": output.sha256}, ChecksumAlgorithm="SHA256"
    )
    _, found = audit()
    assert [(one.generation, one.rule) for one in found] == [(generation_id, Rule.OBJECT_DIFFERS)]


@pytest.mark.parametrize("folder", ["bm9ib2R5", "x"], ids=["a user's", "nobody's"])
def test_objects_of_whom_nothing_else_is_kept(aws_: Backend, folder: str) -> None:
    aws.client("s3").put_object(Bucket=BUCKET, Key=f"results/{folder}/01G/0", Body=b"a face")
    holdings, found = audit()
    assert [(one.generation, one.rule) for one in found] == [("01G", Rule.OBJECT_STRAY)]
    assert list(holdings) == [{"bm9ib2R5": "nobody"}.get(folder, folder)]


@pytest.mark.parametrize(
    "sort", ["CREDITS", "ENTRY#1", "GENERATION#1", "UPLOAD#1", "ORDER#1", "REFUND#1", "SUBSCRIPTION"]
)
def test_what_cannot_be_read_is_a_finding(aws_: Backend, sort: str) -> None:
    settle(aws_, "ada")
    item = {"pk": {"S": "USER#eve"}, "sk": {"S": sort}, "images": {"S": "none"}}
    aws.client("dynamodb").put_item(TableName=TABLE, Item=item)
    _, found = audit()
    assert [(one.user, one.rule) for one in found] == [("eve", Rule.MALFORMED)]


@pytest.mark.parametrize(
    ("granted", "budget", "sound"), [(16, 100, True), (20, 100, True), (12, 100, False), (20, 16, False)]
)
def test_welcomes_are_held_against_the_days_counter(aws_: Backend, granted: int, budget: int, sound: bool) -> None:
    """Who left took theirs along, so the accounts may have less than was counted, and never more."""
    for user in ("ada", "eve"):
        aws_.accounts.open_account(user, 8, START)
    day = welcome_day(START)
    pk, sk = items.welcomes(day)
    item = {"pk": pk, "sk": sk, "granted": granted, "budget": budget}
    aws.client("dynamodb").put_item(TableName=TABLE, Item=to_item(item))
    holdings, found = audit()
    assert [one.rule for one in found] == ([] if sound else [Rule.WELCOMES_DO_NOT_ADD_UP])
    assert {"ada", "eve"} <= holdings.keys() <= {"ada", "eve", "all"}


def test_what_remembers_who_left_is_no_user(aws_: Backend) -> None:
    aws_.accounts.open_account("ada", 8, START)
    aws_.leave("eve", START)
    holdings, found = audit()
    assert ([user for user, one in holdings.items() if one.apart is None], found) == (["ada"], [])
