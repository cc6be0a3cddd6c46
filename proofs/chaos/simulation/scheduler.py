"""Simulated time: tasks that wait for their moments, never two at once, in an order that the seed decides."""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Self

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from greenlet import getcurrent, greenlet


class Scheduler:
    """Each task is a greenlet, which runs while all others wait. ``travel`` moves the process's clocks."""

    def __init__(self, start: float, travel: Callable[[float], None]) -> None:
        self.now = start
        self._travel = travel
        self._waiting: list[tuple[float, int, greenlet]] = []
        self._order = count()
        self._main = getcurrent()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """End the tasks that an error has left waiting."""
        for _, _, task in self._waiting:
            task.throw()

    @property
    def busy(self) -> bool:
        """Whether any task waits, beside the one that asks."""
        return bool(self._waiting)

    @property
    def next_moment(self) -> float | None:
        """When the first of the tasks that wait goes on."""
        return self._waiting[0][0] if self._waiting else None

    def at(self, moment: float, work: Callable[[], object]) -> None:
        """Start a task at ``moment`` (epoch seconds), or now where that has passed."""
        self._wait_for(greenlet(work, self._main), moment)

    def after(self, seconds: float, work: Callable[[], object]) -> None:
        self.at(self.now + seconds, work)

    def pause(self, seconds: float) -> None:
        """Let the task that calls wait, while the others go on."""
        until = self.now + seconds
        if not self._waiting or self._waiting[0][0] > until:  # nobody else has anything to do until then
            self._move(until)
            return
        self._wait_for(getcurrent(), until)
        # One process serves one event at a time; here others are served meanwhile, and the resolver keeps its event in
        # a class attribute.
        router = BaseRouter.__dict__.get("current_event"), BaseRouter.__dict__.get("lambda_context")
        self._main.switch()
        BaseRouter.current_event, BaseRouter.lambda_context = router  # type: ignore[assignment]

    def run(self) -> None:
        """Go on until no task waits; raises what a task did not catch."""
        while self._waiting:
            moment, _, task = heappop(self._waiting)
            self._move(max(moment, self.now))
            task.switch()

    def _move(self, moment: float) -> None:
        self.now = moment
        self._travel(moment)

    def _wait_for(self, task: greenlet, moment: float) -> None:
        heappush(self._waiting, (moment, next(self._order), task))
