"""Use cases that can be stopped before any call of a port, gone on with later, failed, or killed.

Each runs in a thread of its own, but never two at once: a task runs while `Task.go` waits for it, so that every
interleaving is one that the test has chosen, and runs again the same way.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from threading import Semaphore
from typing import Any

from tests.fakes.replicate import FakeOutputs, FakeReplicate
from veil.domain.errors import DomainError
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutcomeUnknown, OutputUnavailable, ProviderDown, Throttled


class Died(BaseException):
    """The process ended here; nothing may catch it."""


class Fault(Enum):
    """What goes wrong at a call, and whether it had its effect."""

    FAILS_BEFORE = "fails before"
    FAILS_AFTER = "fails after"
    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"


@dataclass(frozen=True, slots=True)
class Way:
    """How far to go: ``calls`` calls of ports, then the fault, or a stop where there is none; all with None."""

    calls: int | None = None
    fault: Fault | None = None


THROUGH = Way()
KILLED = Way(0, Fault.DIES_BEFORE)
EXPECTED = (DomainError, StorageUnavailable, OutputUnavailable, Died)

_this_thread = threading.local()


class Task:
    def __init__(self, work: Callable[[], object], began: float) -> None:
        self.began = began
        self.ended = False
        self._work = work
        self._way = THROUGH
        self._going, self._stopped = Semaphore(0), Semaphore(0)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def go(self, way: Way) -> None:
        """Let it go on; an error that no use case may raise is raised here."""
        if self.ended:
            return
        self._way = way
        self._going.release()
        self._stopped.acquire()
        if self.ended:
            self._thread.join()
        if self._error and not isinstance(self._error, EXPECTED):
            raise self._error

    def _run(self) -> None:
        _this_thread.task = self
        self._going.acquire()
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - judged by `go`
            self._error = error
        self.ended = True
        self._stopped.release()

    def call(self, effect: Callable[[], object], error: Callable[[Fault], Exception]) -> object:
        """One call of a port: it passes, waits, or goes wrong."""
        while self._way.calls == 0 and self._way.fault is None:
            self._stopped.release()
            self._going.acquire()
        if self._way.calls != 0:
            self._way = Way(self._way.calls - 1, self._way.fault) if self._way.calls else self._way
            return effect()
        fault, self._way = self._way.fault, THROUGH
        if fault in (Fault.FAILS_AFTER, Fault.DIES_AFTER):
            effect()
        if fault in (Fault.DIES_BEFORE, Fault.DIES_AFTER):
            raise Died
        assert fault is not None
        raise error(fault)


class Gated:
    """A port that asks its thread's task at each call."""

    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)

        def call(*args: object, **options: object) -> object:
            effect = partial(method, *args, **options)
            task: Task | None = getattr(_this_thread, "task", None)
            return task.call(effect, partial(_error_of, self._port, name)) if task else effect()

        return call


def _error_of(port: object, name: str, fault: Fault) -> Exception:
    """What the port says when it fails, with or without its effect."""
    if isinstance(port, FakeOutputs):
        return OutputUnavailable("fault")
    if isinstance(port, FakeReplicate):
        if name != "start":
            return ProviderDown("fault")
        return Throttled() if fault is Fault.FAILS_BEFORE else OutcomeUnknown("fault")
    return StorageUnavailable("fault")
