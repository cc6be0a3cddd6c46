"""What runs at the same time: everybody's work in an event loop, and what repeats beside it, each in a thread."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from typing import Any


def in_a_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run it in an event loop in a thread: an event loop only logs what a signal's handler raises in a callback."""
    _in_thread(lambda: asyncio.run(work)).result()


@contextmanager
def repeating(*loops: tuple[Callable[[], object], Callable[[], float]]) -> Iterator[None]:
    """While the block runs, repeat each work in a thread, pausing so many seconds before it. What a loop raises is
    raised at the block's end; an error of the block waits for no loop.
    """
    stop = Event()
    ended = [_in_thread(partial(_repeat, stop, *loop)) for loop in loops]
    try:
        yield
    finally:
        stop.set()
    for each in ended:
        each.result()


def _repeat(stop: Event, work: Callable[[], object], pause: Callable[[], float]) -> None:
    while not stop.wait(pause()):
        work()


def _in_thread[Result](work: Callable[[], Result]) -> Future[Result]:
    """Run it in a thread that does not outlive the process."""
    ended: Future[Result] = Future()

    def run() -> None:
        try:
            ended.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
            ended.set_exception(error)

    Thread(target=run, daemon=True).start()
    return ended
