"""The command: what it exits with, what it says, what it writes."""

import json
from pathlib import Path

import pytest

from local.progress import Progress
from operations.audit.report import Report
from operations.audit.rules import Finding, Rule
from proofs import __main__ as commands
from proofs.load import command
from proofs.load.crowd import reading
from proofs.load.run import Outcome, Plan
from proofs.load.tally import PORTRAITS, VISIT, Sample, Tally

GOOD = [Sample(at=9, route=route, ms=1, error=None) for route in ("GET /credits", PORTRAITS, VISIT)]
BROKEN = Sample(at=9, route="GET /credits", ms=1, error="500 internal_error")
FINDING = Finding("ada", None, Rule.CREDITS_DO_NOT_BALANCE, "one credit is missing")


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What every run comes to: all is well, unless the test says otherwise."""
    outcome = Outcome([Tally(1, list(GOOD))], audit=Report(users=1, generations=1))

    def load(plan: Plan, _: Progress) -> Outcome:
        assert plan.users == (1,)
        return outcome

    monkeypatch.setattr(command, "load", load)
    return outcome


def run(tmp_path: Path) -> int:
    return commands.main(["load", "--users", "1", "--json", str(tmp_path / "load.json")])


def test_all_is_well(outcome: Outcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 0
    written = json.loads((tmp_path / "load.json").read_text())
    assert written["passed"]
    assert written["stages"] == json.loads(json.dumps([stage.as_json() for stage in outcome.stages])) != []
    said = capsys.readouterr().out
    assert "audit: 1 users, 1 generations: no findings" in said
    assert "nothing of what AWS would do" in said


@pytest.mark.parametrize("wrong", ["error", "lost", "unfinished", "finding"])
def test_anything_wrong_fails_it(
    outcome: Outcome, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    told = {
        "error": "1 × GET /credits: 500 internal_error",
        "lost": "1 × a visit ended without a word",
        "unfinished": "never ended: generation 1",
        "finding": "one credit is missing",
    }
    if wrong == "error":
        outcome.stages[0].samples[:] = [BROKEN]
    elif wrong == "lost":
        outcome.stages[0].samples.pop()
    elif wrong == "unfinished":
        outcome.unfinished.append("generation 1")
    else:
        outcome.audit.findings.append(FINDING)
    assert run(tmp_path) == 1
    assert told[wrong] in capsys.readouterr().out
    assert not json.loads((tmp_path / "load.json").read_text())["passed"]


@pytest.mark.parametrize("arguments", [["--users", "0"], ["--ramp", "0"], ["--users", "many"]])
def test_a_crowd_has_somebody_in_it(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        commands.main(["load", *arguments])
    assert arguments[1] in capsys.readouterr().err


def test_the_record_is_read_as_it_is_written(tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    steps = reading(record)
    assert next(steps) == []
    line = BROKEN.model_dump_json()
    with record.open("a", buffering=1) as writing:
        for written, seen in ((f"{line}\n{line[:9]}", [BROKEN]), ("", []), (f"{line[9:]}\n", [BROKEN])):
            writing.write(written)
            writing.flush()
            assert next(steps) == seen
