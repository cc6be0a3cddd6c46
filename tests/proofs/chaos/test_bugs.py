"""The simulator finds what it is for: with a bug put in on purpose there are violations, and without one there are
none.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from proofs.chaos.simulation.crashes import SCENARIOS, crash, rehearse
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import simulate
from proofs.chaos.simulation.weather import KILL, Weather
from veil.adapters.dynamodb.table import Table, Update
from veil.domain.generation import Generation
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutputUnavailable
from veil.use_cases.ask_later import AskLater
from veil.use_cases.receive_webhook import ReceiveWebhook
from veil.use_cases.settle import Settlement
from veil.use_cases.start import StartQueued

WITH_OCCASIONS = (0, 5)  # worlds in which each bug has its occasion


def storm(random: Random, score: Score) -> Weather:
    """Half of all predictions and webhooks, and some of the calls to AWS, go wrong."""
    return Weather(
        random,
        score,
        {"prediction": 0.5, "webhook": 0.5, "dynamodb": 0.05, "s3": 0.2, "create": 0.2, "slow": 0.02},
        KILL,
    )


def simulated(*numbers: int) -> Score:
    """Worlds in a storm."""
    total = Score()
    for number in numbers:
        total.add(simulate(f"bugs/{number}", 15, storm), f"world {number}")
    return total


@contextmanager
def a_refund_without_its_condition() -> Iterator[None]:
    right = Table.updated

    def updated(self: Table, user: str, sort: str, update: Update) -> dict[str, Any]:
        write = right(self, user, sort, update)
        if sort.startswith("GENERATION#"):
            write["Update"]["ConditionExpression"] += " OR attribute_exists(pk)"
        return write

    with patch.object(Table, "updated", updated):
        yield


@contextmanager
def a_webhook_that_answers_2xx_when_it_failed() -> Iterator[None]:
    right = ReceiveWebhook.__call__

    def receive(self: ReceiveWebhook, *given: Any) -> Settlement:
        try:
            return right(self, *given)
        except (StorageUnavailable, OutputUnavailable):
            return Settlement.ALREADY_SETTLED

    with patch.object(ReceiveWebhook, "__call__", receive):
        yield


@contextmanager
def a_claim_written_after_the_call() -> Iterator[None]:
    call, claim = StartQueued._call, StartQueued._claim

    def call_first(self: StartQueued, generation: Generation, requests: Any, places: Any, answers: Any) -> None:
        call(self, generation, requests, places, answers)
        claim(self, generation, [generation.images[index] for index in requests], places)

    def unclaimed(
        _self: StartQueued, generation: Generation, queued: Any, _places: Any
    ) -> tuple[Generation, list[int]]:
        return generation, [image.index for image in queued]

    with (
        patch.object(StartQueued, "_claim", unclaimed),
        patch.object(StartQueued, "_call", call_first),
        patch.object(AskLater, "__call__", lambda *_: None),  # it is told of an attempt that is not there yet
    ):
        yield


BUGS: dict[Callable[[], AbstractContextManager[None]], str] = {
    a_refund_without_its_condition: "refund_wrong",
    a_webhook_that_answers_2xx_when_it_failed: "its webhook was accepted, and nothing done",
    a_claim_written_after_the_call: "two predictions of one attempt",
}


@pytest.mark.parametrize(("bug", "found"), BUGS.items(), ids=[bug.__name__ for bug in BUGS])
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]], found: str) -> None:
    with bug():
        assert found in " ".join(simulated(*WITH_OCCASIONS).violations)


def test_without_a_bug_there_is_nothing_to_find() -> None:
    score = simulated(0, 1, 2)
    assert score.violations == []
    assert score.unended == 0
    assert score.generations >= 3 * 15
    assert score.injected


def test_the_same_seed_is_the_same_run() -> None:
    first, again, other = simulate("a seed", 6), simulate("a seed", 6), simulate("another", 6)
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert (first.injected, first.ends, first.calls) == (again.injected, again.ends, again.calls)


def test_each_crash_of_one_generation_loses_nothing() -> None:
    """Of the plainest scenario here; `make chaos` tries them all."""
    score, points = rehearse(SCENARIOS[0])
    assert score.violations == []
    assert {name.split(":")[0] for _, name in points} == {
        *("gallery", "uploads", "check", "generations", "webhook", "notify")
    }
    for name, crashed in crash(SCENARIOS[0], points[::3]):
        assert crashed.violations == [], name
        assert sum(crashed.injected.values()) == 1, name
