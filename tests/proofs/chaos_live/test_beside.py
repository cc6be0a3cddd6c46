"""How a run is kept together: it can be stopped, and a part of it that fails fails all of it."""

import asyncio
import signal
from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread, current_thread, get_ident
from types import FrameType

import pytest

from local.processes import LocalError
from proofs.chaos_live.beside import in_a_loop, running_beside

HANG_SECONDS = 20  # at the most: the work ends with the test


class Stopped(BaseException):
    """As the command's own exception."""


@pytest.fixture
def _stopped_by_a_signal() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = signal.signal(signal.SIGALRM, stop)
    yield
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_stopped_by_a_signal")
def test_a_signal_stops_everybodys_work_at_once() -> None:
    """It comes while the loop runs a callback, and the work would go on."""
    ended, thread = Event(), get_ident()

    async def work() -> None:
        asyncio.get_running_loop().call_soon(signal.pthread_kill, thread, signal.SIGALRM)
        await asyncio.to_thread(ended.wait, HANG_SECONDS)

    try:
        with pytest.raises(Stopped):
            in_a_loop(work())
    finally:
        ended.set()


def test_an_error_of_the_work_is_the_runs() -> None:
    async def fail() -> None:
        raise LocalError("no")

    with pytest.raises(LocalError, match="no"):
        in_a_loop(fail())


def test_what_runs_beside_ends_with_the_work() -> None:
    ended = []

    def beside(stop: Event, every: float) -> None:
        while not stop.wait(every):
            pass
        ended.append(every)

    with running_beside((beside, 0.01), (beside, 0.02)):
        assert not ended
    assert sorted(ended) == [0.01, 0.02]


def test_a_part_that_ended_early_is_an_error() -> None:
    begun: Queue[Thread] = Queue()
    part = (lambda _stop, _every: begun.put(current_thread()), 1)
    with pytest.raises(LocalError, match="ended before its time"), running_beside(part):
        begun.get().join()
