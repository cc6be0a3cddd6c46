"""The simulator finds what would leave somebody untold, or tell them what is not so."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest

from proofs.chaos.simulation.crashes import SCENARIOS as ALL
from proofs.chaos.simulation.crashes import crash, rehearse
from proofs.chaos.simulation.event_scenarios import EVENT_SCENARIOS
from proofs.chaos.simulation.scenario import Scenario
from proofs.chaos.simulation.users import SimulatedUser
from veil.adapters.aws.event_bus import EventBridgeBus
from veil.adapters.aws.sqs import SqsWorkQueue
from veil.domain.events import Event, generation_finished
from veil.domain.generation import GenerationStatus
from veil.domain.ports import WorkItem
from veil.use_cases.announce import Announce
from veil.use_cases.deliver import Deliver

SCENARIOS = {scenario.name: scenario for scenario in ALL}
LATE = Scenario("its message comes late", {"message": ["late"]}, life=SimulatedUser.generate_and_delete)


def _lost(self: SqsWorkQueue, item: WorkItem) -> None:
    """A queue that forgets."""


@contextmanager
def a_sweep_that_forgets_who_is_to_be_told() -> Iterator[None]:
    with patch.object(SqsWorkQueue, "send", _lost):
        yield


@contextmanager
def a_note_before_it_is_told() -> Iterator[None]:
    """A crash after it loses the event."""

    def first(self: Announce, item: WorkItem) -> None:
        generation = self.generations.get(item.user, item.id)
        if generation and generation.unannounced:
            assert self.generations.announced(generation, self.clock(), None)
            self._tell(Event("x", "generation.finished", 0, {"user_id": item.user}))  # type: ignore[arg-type]

    with patch.object(Announce, "_generation", first):
        yield


@contextmanager
def a_post_that_is_called_done_when_it_failed() -> Iterator[None]:
    right = Deliver.__call__

    def done(self: Deliver, event: Event) -> bool:
        right(self, event)
        return True

    with patch.object(Deliver, "__call__", done):
        yield


@contextmanager
def an_event_of_what_is_deleted() -> Iterator[None]:
    def whatever(self: Announce, item: WorkItem) -> None:
        generation = self.generations.get(item.user, item.id) or self.generations.deleted(item.user, item.id)
        assert generation
        self._tell(generation_finished(generation))

    with patch.object(Announce, "_generation", whatever):
        yield


@contextmanager
def a_wrong_status() -> Iterator[None]:
    right = EventBridgeBus.put

    def put(self: EventBridgeBus, event: Event) -> None:
        right(self, replace(event, data={**event.data, "status": GenerationStatus.FAILED}))

    with patch.object(EventBridgeBus, "put", put):
        yield


BUGS: dict[Callable[[], AbstractContextManager[None]], tuple[Scenario, str]] = {
    a_sweep_that_forgets_who_is_to_be_told: (SCENARIOS["one image is flagged"], "was never told"),
    a_note_before_it_is_told: (SCENARIOS["all is well"], "is called told, and nobody was"),
    a_post_that_is_called_done_when_it_failed: (
        SCENARIOS["the server is down for hours"],
        "never came to the server",
    ),
    an_event_of_what_is_deleted: (LATE, "was deleted, and is told of"),
    a_wrong_status: (SCENARIOS["all is well"], "is told of completed"),
}


@pytest.mark.parametrize(("bug", "scenario", "found"), [(bug, *case) for bug, case in BUGS.items()])
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]], scenario: Scenario, found: str) -> None:
    with bug():
        assert found in " ".join(rehearse(scenario)[0].violations)


@pytest.mark.parametrize("scenario", [*EVENT_SCENARIOS, LATE], ids=lambda scenario: scenario.name)
def test_each_crash_leaves_nobody_untold(scenario: Scenario) -> None:
    """Some of them; `make chaos` tries all."""
    score, points = rehearse(scenario)
    assert score.violations == []
    assert "notify" in {name.split(":")[0] for _, name in points}
    for name, crashed in crash(scenario, points[::20]):
        assert crashed.violations == [], name
