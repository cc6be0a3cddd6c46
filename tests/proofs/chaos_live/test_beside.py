"""How a run is kept together: it can be stopped, and a part of it that fails fails all of it."""

import asyncio
import signal
from collections.abc import Iterator
from threading import Event
from time import monotonic
from types import FrameType

import pytest

from local.processes import LocalError
from proofs.chaos_live.beside import in_a_loop, running_beside

BUSY_SECONDS = 2.0


class Stopped(BaseException):
    """As the command's own exception."""


async def busy() -> None:
    end = monotonic() + BUSY_SECONDS
    while monotonic() < end:
        await asyncio.sleep(0)


@pytest.fixture
def _a_signal_soon() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("_a_signal_soon")
def test_a_signal_stops_everybodys_work_at_once() -> None:
    started = monotonic()
    with pytest.raises(Stopped):
        in_a_loop(busy())
    assert monotonic() - started < BUSY_SECONDS / 2


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
    with pytest.raises(LocalError, match="ended before its time"), running_beside((lambda _stop, _every: None, 1)):
        Event().wait(0.2)
