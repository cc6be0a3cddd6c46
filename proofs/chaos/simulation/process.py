"""One invocation of a function: how many calls it has made, and where it ends if it is to end early."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

_here = threading.local()


class Died(BaseException):
    """The process has ended here; nothing may catch it."""


class Side(StrEnum):
    """Of a call: the process ends before it goes out, or once it has had its effect."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class CrashPoint:
    """Between two side effects: before or after the ``call``-th (from 0) of the ``invocation``-th invocation."""

    invocation: int
    call: int
    side: Side


@dataclass
class Process:
    """``ends_at`` is when Lambda stops it, in epoch seconds; ``calls`` are those that went out, by name."""

    function: str
    invocation: int
    ends_at: float
    dead: bool = False
    calls: list[str] = field(default_factory=list)

    def die(self) -> None:
        """End; a dead process makes no call, whatever its code does on the way out."""
        self.dead = True
        raise Died


def current() -> Process | None:
    """The process that runs in this thread; None for the world outside of the functions."""
    return getattr(_here, "process", None)


@contextmanager
def running(process: Process) -> Iterator[None]:
    before, _here.process = current(), process
    try:
        yield
    finally:
        _here.process = before
