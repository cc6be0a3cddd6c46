"""The command: what it exits with, what it says, what it writes."""

import json
from pathlib import Path

import pytest

from operations.audit.finding import Finding, Rule
from operations.audit.report import Report
from operations.progress import Progress
from proofs import __main__ as commands
from proofs.load import command
from proofs.load.command import LoadReport
from proofs.load.crowd import read
from proofs.load.tally import IMAGES, VISIT, Sample, Tally

GOOD = [Sample(at=9, route=route, ms=1, error=None) for route in ("GET /credits", IMAGES, VISIT)]
BROKEN = Sample(at=9, route="GET /credits", ms=1, error="500 internal_error")
FINDING = Finding("ada", None, Rule.CREDITS_DO_NOT_BALANCE, "one credit is missing")


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> LoadReport:
    """What every run comes to: all is well, unless the test says otherwise."""
    report = LoadReport([Tally(1, list(GOOD))], audit=Report(users=1, generations=1))

    def load(crowds: list[int], _ramp: float, _state: Path, _progress: Progress) -> LoadReport:
        assert crowds == [1]
        return report

    monkeypatch.setattr(command, "load", load)
    return report


def run(tmp_path: Path) -> int:
    return commands.main(["load", "--users", "1", "--json", str(tmp_path / "load.json")])


def test_all_is_well(report: LoadReport, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 0
    written = json.loads((tmp_path / "load.json").read_text())
    assert written["passed"]
    assert written["stages"] == json.loads(json.dumps([stage.as_json() for stage in report.stages])) != []
    shown = capsys.readouterr().out
    assert "audit: 1 users, 1 generations, 0 orders: no findings" in shown
    assert "nothing of what AWS would do" in shown


@pytest.mark.parametrize("wrong", ["error", "lost", "unfinished", "finding", "unread"])
def test_anything_wrong_fails_it(
    report: LoadReport, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    shown = {
        "error": "1 × GET /credits: 500 internal_error",
        "lost": "1 × a visit ended without an error or a success",
        "unfinished": "never ended: generation 1",
        "finding": "one credit is missing",
        "unread": "1 orders could not be held against Toss: it was down",
    }
    if wrong == "error":
        report.stages[0].samples[:] = [BROKEN]
    elif wrong == "lost":
        report.stages[0].samples.pop()
    elif wrong == "unfinished":
        report.unfinished.append("generation 1")
    elif wrong == "unread":
        report.audit.unread, report.audit.why = 1, "it was down"
    else:
        report.audit.findings.append(FINDING)
    assert run(tmp_path) == 1
    assert shown[wrong] in capsys.readouterr().out
    assert not json.loads((tmp_path / "load.json").read_text())["passed"]


@pytest.mark.parametrize("arguments", [["--users", "0"], ["--ramp", "0"], ["--users", "many"]])
def test_a_crowd_has_somebody_in_it(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        commands.main(["load", *arguments])
    assert arguments[1] in capsys.readouterr().err


def test_of_the_record_the_whole_lines_are_read(tmp_path: Path) -> None:
    record, line = tmp_path / "record.jsonl", BROKEN.model_dump_json()
    for written, samples in (("", []), (f"{line}\n{line[:9]}", [BROKEN]), (f"{line}\n{line}\n", [BROKEN, BROKEN])):
        record.write_text(written)
        assert read(record) == samples
