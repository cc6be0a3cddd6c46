"""The simulator finds what it is for: with a bug put in on purpose there are violations, and without one there are
none.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest

from local.simulation.crashes import SCENARIOS, crash, rehearse
from local.simulation.score import Score
from local.simulation.simulate import simulate
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.adapters.dynamodb.table import Expression, number
from veil.domain.credits import EntryKind
from veil.domain.generation import Generation, Image
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutputUnavailable
from veil.use_cases.receive_webhook import ReceiveWebhook
from veil.use_cases.settle import Settlement
from veil.use_cases.start import StartQueued


def simulated(worlds: range) -> Score:
    """Several worlds, each of its own weather, added up."""
    total = Score()
    for number_ in worlds:
        total.add(simulate(f"bugs/{number_}", 12), f"world {number_}")
    return total


@contextmanager
def a_refund_without_its_condition() -> Iterator[None]:
    def refund(self: Any, generation: Generation, image: Image, due_at: float, cost: Any) -> Generation:
        e = Expression()
        sets = [f"{e.path('images', image.index, name)} = {e.value(value)}" for name, value in _as_refunded(image)]
        sets.append(f"{e.path('due_at')} = {e.value(number(due_at))}")
        request = self._table.update_request(
            generation.user,
            items.generation_sort(generation.id),
            e,
            f"SET {', '.join(sets)}",
            f"attribute_exists({e.path('pk')})",
        )
        amount = generation.credits_per_image
        entry = self._accounts.put_entry(
            generation.user, EntryKind.REFUND, amount, generation.id, image.settled_at or 0
        )
        self._table.transact([{"Update": request}, self._accounts.add_credits(generation.user, amount), entry])
        return replace(generation.with_images(image), due_at=due_at)

    with patch.object(DynamoLedger, "refund", refund):
        yield


def _as_refunded(image: Image) -> list[tuple[str, object]]:
    return [("status", image.status), ("error", image.error), ("settled_at", number(image.settled_at or 0))]


@contextmanager
def a_webhook_that_answers_2xx_when_it_failed() -> Iterator[None]:
    right = ReceiveWebhook.__call__

    def receive(self: ReceiveWebhook, token: str, headers: Mapping[str, str], body: bytes) -> Settlement:
        try:
            return right(self, token, headers, body)
        except (StorageUnavailable, OutputUnavailable):
            return Settlement.ALREADY_SETTLED

    with patch.object(ReceiveWebhook, "__call__", receive):
        yield


@contextmanager
def a_claim_written_after_the_call() -> Iterator[None]:
    call, claim = StartQueued._call, StartQueued._claim

    def call_first(self: StartQueued, generation: Generation, requests: Any, answers: Any) -> None:
        call(self, generation, requests, answers)
        claim(self, generation, [generation.images[index] for index in requests])

    with (
        patch.object(StartQueued, "_claim", lambda _self, generation, queued: (generation, queued)),
        patch.object(StartQueued, "_call", call_first),
    ):
        yield


BUGS: list[Callable[[], AbstractContextManager[None]]] = [
    a_refund_without_its_condition,
    a_webhook_that_answers_2xx_when_it_failed,
    a_claim_written_after_the_call,
]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]]) -> None:
    with bug():
        assert simulated(range(6)).violations


def test_without_a_bug_there_is_nothing_to_find() -> None:
    score = simulated(range(6))
    assert score.violations == []
    assert score.unended == 0
    assert score.generations >= 6 * 12
    assert score.injected


def test_the_same_seed_is_the_same_run() -> None:
    first, again, other = simulate("a seed", 6), simulate("a seed", 6), simulate("another", 6)
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert (first.injected, first.ends, first.calls) == (again.injected, again.ends, again.calls)


def test_each_crash_of_one_generation_loses_nothing() -> None:
    """Of the plainest scenario here; `make chaos` tries them all."""
    score, points = rehearse(SCENARIOS[0])
    assert score.violations == []
    assert {name.split(":")[0] for _, name in points} == {"uploads", "inspect", "generations", "webhook"}
    for name, crashed in crash(SCENARIOS[0], points[::3]):
        assert crashed.violations == [], name
        assert sum(crashed.injected.values()) == 1, name
