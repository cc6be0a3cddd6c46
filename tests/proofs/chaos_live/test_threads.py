"""How a run is kept together: it can be stopped, and a part of it that fails fails all of it."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from threading import Event, active_count, get_ident
from types import FrameType

import pytest

from local.processes import LocalError, poll
from proofs.chaos_live.threads import in_a_loop, repeating

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


def test_what_repeats_ends_with_the_work() -> None:
    before, done = active_count(), {"a": Event(), "b": Event()}
    counts: Counter[str] = Counter()

    def repeat(name: str) -> None:
        counts[name] += 1
        if counts[name] == 2:
            done[name].set()

    with repeating((lambda: repeat("a"), lambda: 0.01), (lambda: repeat("b"), lambda: 0.02)):
        assert all(event.wait(HANG_SECONDS) for event in done.values())
    assert poll(lambda: active_count() <= before, HANG_SECONDS)


def test_an_error_of_what_repeats_is_the_runs() -> None:
    reached = Event()

    def fail() -> None:
        reached.set()
        raise LocalError("no more sweeps")

    with pytest.raises(LocalError, match="no more sweeps"), repeating((fail, lambda: 0)):
        assert reached.wait(HANG_SECONDS)
