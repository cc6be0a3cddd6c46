"""One invocation of a function: how many calls it has made, and where it ends if it is to end early."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum


class ProcessEnded(BaseException):
    """The process has ended here; nothing may catch it."""


class Side(StrEnum):
    """Of a call: the process ends before it is sent, or once it has had its effect."""

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
    """``ends_at`` is when Lambda stops it, in epoch seconds; ``doomed`` the number of the call at which it ends before
    that, from 0, None for most; ``calls`` are the names of those that were sent.
    """

    function: str
    invocation: int
    began_at: float
    ends_at: float
    doomed: int | None = None
    dead: bool = False
    calls: list[str] = field(default_factory=list)

    def die(self) -> None:
        """End; a dead process makes no call, whatever its code does on the way out."""
        self.dead = True
        raise ProcessEnded


# The process that makes a call, None outside of the functions; each greenlet has a context of its own.
CURRENT: ContextVar[Process | None] = ContextVar("process", default=None)
