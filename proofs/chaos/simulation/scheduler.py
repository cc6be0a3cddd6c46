"""Simulated time: tasks that wait for each other's moments, never two at once, in an order that the seed decides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush
from itertools import count
from threading import Semaphore
from types import TracebackType
from typing import Self

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

MOST_TASKS = 4000


class _Task:
    def __init__(self, work: Callable[[], object]) -> None:
        self.work = work
        self.gate = Semaphore(0)
        self.ended = False
        self.error: BaseException | None = None


class Scheduler:
    """Each task has a thread, which runs only while all others wait. ``travel`` moves the process's clocks."""

    def __init__(self, start: float, travel: Callable[[float], None]) -> None:
        self.now = start
        self._travel = travel
        self._waiting: list[tuple[float, int, _Task]] = []
        self._order = count()
        self._back = Semaphore(0)
        self._running: _Task | None = None
        self._threads = ThreadPoolExecutor(MOST_TASKS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for _, _, task in self._waiting:  # left over by an error: let each end by it
            task.error = error or SystemExit()
            task.gate.release()
        self._threads.shutdown(wait=True)

    @property
    def busy(self) -> bool:
        """Whether anyone but the task that asks waits for a moment to come."""
        return bool(self._waiting)

    def at(self, moment: float, work: Callable[[], object]) -> None:
        """Start a task at ``moment`` (epoch seconds), or now where that has passed."""
        task = _Task(work)
        self._wait_for(task, moment)
        self._threads.submit(self._go, task)

    def after(self, seconds: float, work: Callable[[], object]) -> None:
        self.at(self.now + seconds, work)

    def pause(self, seconds: float) -> None:
        """Let the task that calls wait; the others go on meanwhile."""
        until = self.now + seconds
        if not self._waiting or self._waiting[0][0] > until:  # nobody else has anything to do until then
            self._move(until)
            return
        task = self._running
        assert task is not None  # noqa: S101 - only tasks wait
        self._wait_for(task, until)
        router = BaseRouter.__dict__.get("current_event"), BaseRouter.__dict__.get("lambda_context")
        self._back.release()
        task.gate.acquire()
        if task.error:
            raise task.error
        # One process serves one event at a time; here others were served meanwhile, and the resolver keeps its
        # event in a class attribute.
        BaseRouter.current_event, BaseRouter.lambda_context = router  # type: ignore[assignment]

    def run(self) -> None:
        """Go on until no task waits; raises what a task did not catch."""
        while self._waiting:
            moment, _, task = heappop(self._waiting)
            self._move(max(moment, self.now))
            self._running = task
            task.gate.release()
            self._back.acquire()
            if task.ended and task.error:
                raise task.error

    def _move(self, moment: float) -> None:
        self.now = moment
        self._travel(moment)

    def _wait_for(self, task: _Task, moment: float) -> None:
        heappush(self._waiting, (moment, next(self._order), task))

    def _go(self, task: _Task) -> None:
        task.gate.acquire()
        try:
            if task.error is None:
                task.work()
        except BaseException as error:  # noqa: BLE001 - raised again by `run`
            task.error = error
        task.ended = True
        self._back.release()
