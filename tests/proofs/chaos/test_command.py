"""`make chaos`: what it prints, writes and answers with."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from local.processes import ROOT, LocalError
from proofs import __main__ as commands
from proofs.chaos import fuzz
from proofs.chaos.fuzz import FuzzReport
from proofs.chaos.simulation import runner
from proofs.chaos.simulation.runner import ChaosReport
from proofs.chaos.simulation.score import Score


def score(*violations: str, unended: int = 0) -> Score:
    ends = Counter({"generations completed": 2, "images stored by sweeper": 3})
    return Score(2, unended, list(violations), Counter({"create 402": 4}), ends, Counter({"webhook: s3 PutObject": 8}))


def chaos(monkeypatch: pytest.MonkeyPatch, folder: Path, ended: Score, fuzzed: FuzzReport | LocalError) -> int:
    """The command's exit status, with this simulation and this fuzzing."""

    def run_fuzz(*_: object, **__: object) -> FuzzReport:
        if isinstance(fuzzed, LocalError):
            raise fuzzed
        return fuzzed

    monkeypatch.setattr(
        runner, "run_all", lambda seed, *_: ChaosReport(seed, ended, Counter({"webhook: after s3 PutObject": 5}))
    )
    monkeypatch.setattr(fuzz, "run", run_fuzz)
    files = ["--json", str(folder / "score.json"), "--page", str(folder / "chaos.md")]
    return commands.main(["chaos", "--seed", "7", "--generations", "2", *files])


def test_nothing_was_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert chaos(monkeypatch, tmp_path, score(), FuzzReport(executions=9, seconds=1.0)) == 0
    shown = capsys.readouterr().out
    assert "replay with --seed 7 --generations 2" in shown
    assert "0 violations" in shown
    written = json.loads((tmp_path / "score.json").read_text())
    assert {
        name: written[name] for name in ("seed", "generations", "violations", "unended", "injected", "crash_points")
    } == {
        "seed": 7,
        "generations": 2,
        "violations": 0,
        "unended": 0,
        "injected": {"create 402": 4},
        "crash_points": ["webhook: after s3 PutObject"],
    }
    assert written["fuzz"] == {"executions": 9, "seconds": 1.0, "findings": []}
    page = (tmp_path / "chaos.md").read_text()
    for row in ("| create 402 | 4 |", "| webhook: after s3 PutObject | 5 |", "| generations completed | 2 |"):
        assert row in page


@pytest.mark.parametrize(
    ("ended", "fuzzed"),
    [
        (score("a credit is lost"), FuzzReport()),
        (score(unended=1), FuzzReport()),
        (score(), FuzzReport(findings=(Path("out/crash-1"),))),
    ],
    ids=["a violation", "an unended generation", "a photo that the check stumbles over"],
)
def test_something_was_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ended: Score, fuzzed: FuzzReport) -> None:
    assert chaos(monkeypatch, tmp_path, ended, fuzzed) == 1


def test_where_there_is_no_fuzzer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert chaos(monkeypatch, tmp_path, score(), LocalError("for Linux only")) == 0
    assert "not fuzzed: for Linux only" in capsys.readouterr().out
    assert "was not fuzzed" in (tmp_path / "chaos.md").read_text()


def test_what_reads_the_environment_is_imported_in_the_worlds_own() -> None:
    code = "import sys, proofs.chaos.simulation.runner; sys.exit('veil.observability' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
