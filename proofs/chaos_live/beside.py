"""What runs at the same time: everybody's work in an event loop, and loops of their own in threads."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from local.processes import LocalError


def in_a_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run it in an event loop, in a thread: what a signal raises inside of a loop's callback, the loop only logs."""
    ended: Future[None] = Future()

    def run() -> None:
        try:
            ended.set_result(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again by the one who waits
            ended.set_exception(error)

    Thread(target=run, daemon=True).start()
    ended.result()


@contextmanager
def running_beside(*loops: tuple[Callable[[Event, float], None], float]) -> Iterator[None]:
    """Run each loop in a thread while the block runs, and until it has come to its end; an error waits for none."""
    stop = Event()
    threads = [Thread(target=run, args=(stop, every), daemon=True) for run, every in loops]
    for thread in threads:
        thread.start()
    try:
        yield
        if not all(thread.is_alive() for thread in threads):
            raise LocalError("a part of the run ended before its time; its error is above")
    finally:
        stop.set()
    for thread in threads:
        thread.join()
