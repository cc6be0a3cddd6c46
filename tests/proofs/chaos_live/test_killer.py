"""Only functions of its own cloud are killed."""

import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from threading import Event

import pytest

from local.processes import poll
from proofs.chaos_live import killer as killer_module
from proofs.chaos_live.killer import Killer
from proofs.chaos_live.score import Score

SECONDS = 20


@pytest.fixture
def score() -> Score:
    return Score(seed=1, users=1)


def worker(state: Path, function: str) -> subprocess.Popen[bytes]:
    """A process that looks like a function's."""
    folder = state / "scratch" / f"ministack-lambda-veil-local-{function}-x1_y"
    folder.mkdir(parents=True)
    script = folder / "_worker.py"
    script.write_text("import signal\nsignal.pause()\n")
    return subprocess.Popen([sys.executable, script])


def test_it_kills_its_own_functions_and_counts_them(
    tmp_path: Path, score: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killer_module, "GROWN_SECONDS", 0.2)
    mine, other = worker(tmp_path / "mine", "webhook"), worker(tmp_path / "other", "sweeper")
    try:
        killer = Killer(tmp_path / "mine", Random(1), score)
        assert poll(lambda: killer.workers() == [(mine.pid, "webhook")], SECONDS)
        killer.run(_StopsOnceSomebodyDied(mine), 0.01)
        assert mine.wait(SECONDS) == -signal.SIGKILL
        assert other.poll() is None
        assert score.killed == {"webhook": 1}
    finally:
        for process in (mine, other):
            process.kill()
            process.wait()


class _StopsOnceSomebodyDied(Event):
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self._process = process

    def wait(self, timeout: float | None = None) -> bool:
        return self._process.poll() is not None or super().wait(timeout)
