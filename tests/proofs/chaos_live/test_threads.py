"""How a run is kept together: it can be stopped, and a part of it that fails fails all of it."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from threading import Event, active_count
from time import monotonic
from types import FrameType

import pytest

from local.processes import LocalError, poll
from proofs.chaos_live.threads import in_a_loop, repeating

BUSY_SECONDS = 2.0
SECONDS = 20


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


def test_what_repeats_ends_with_the_work() -> None:
    before, done = active_count(), {"a": Event(), "b": Event()}
    counts: Counter[str] = Counter()

    def repeat(name: str) -> None:
        counts[name] += 1
        if counts[name] == 2:
            done[name].set()

    with repeating((lambda: repeat("a"), lambda: 0.01), (lambda: repeat("b"), lambda: 0.02)):
        assert all(event.wait(SECONDS) for event in done.values())
    assert poll(lambda: active_count() == before, SECONDS)


def test_an_error_of_what_repeats_is_the_runs() -> None:
    reached = Event()

    def fail() -> None:
        reached.set()
        raise LocalError("no more sweeps")

    with pytest.raises(LocalError, match="no more sweeps"), repeating((fail, lambda: 0)):
        assert reached.wait(SECONDS)
