"""Only functions of its own cloud are killed."""

import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from local.processes import poll
from proofs.chaos_live import killer as killer_module
from proofs.chaos_live.killer import Killer
from proofs.chaos_live.report import LiveReport

SECONDS = 20


@pytest.fixture
def report() -> LiveReport:
    return LiveReport(seed=1, users=1)


def worker(state: Path, function: str) -> subprocess.Popen[bytes]:
    """A process that looks like a function's."""
    folder = state / "scratch" / f"ministack-lambda-veil-local-{function}-x1_y"
    folder.mkdir(parents=True)
    script = folder / "_worker.py"
    script.write_text("import signal\nsignal.pause()\n")
    return subprocess.Popen([sys.executable, script])


def test_it_kills_its_own_functions_and_counts_them(
    tmp_path: Path, report: LiveReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killer_module, "STARTED_SECONDS", 0.2)
    mine, other = worker(tmp_path / "mine", "webhook"), worker(tmp_path / "other", "sweeper")
    try:
        killer = Killer(tmp_path / "mine", Random(1), report)

        def killed() -> bool:
            killer.kill()
            return mine.poll() is not None

        assert poll(lambda: killer.workers() == [(mine.pid, "webhook")], SECONDS)
        assert poll(killed, SECONDS)
        assert mine.returncode == -signal.SIGKILL
        assert other.poll() is None
        assert report.counts["killed"] == {"webhook": 1}
    finally:
        for process in (mine, other):
            process.kill()
            process.wait()
