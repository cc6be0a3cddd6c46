"""queued → running, and back: two starters call the provider once, and one failure is followed by one attempt."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.contract.backends import Backend
from tests.contract.images import ATTEMPT, BILLED, OUTPUT, REFUSED, UNBILLED, UNPAID, asked, attempts
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.styles import Role

NOW = START + 10.5


def throttle(backend: Backend, generation: Generation, *images: Image, due_at: float | None = None) -> Generation:
    after = backend.ledger.record_starts(generation, {}, images, due_at)
    assert after is not None
    return after


def test_a_claim_sets_images_running_and_counts_their_cost(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START)
    claimed = backend.ledger.claim(generation, attempts(generation.images[:2]), NOW)
    running = [
        replace(image, status=ImageStatus.RUNNING, started_at=NOW, attempts={1: ATTEMPT})
        for image in generation.images[:2]
    ]
    assert claimed == replace(generation.with_images(*running), cost=Decimal("0.08"))
    assert backend.stands(generation) == claimed


def test_a_claim_is_lost_to_an_earlier_one(backend: Backend, user: str) -> None:
    generation = backend.reserved(user, START)
    first = backend.ledger.claim(generation, attempts([generation.images[3]]), NOW)
    assert backend.ledger.claim(generation, attempts(generation.images), NOW + 1) is None  # one of them is enough
    assert backend.stands(generation) == first


def test_a_claim_is_lost_at_another_attempt(backend: Backend, user: str) -> None:
    seen = backend.reserved(user, START)
    running = backend.ledger.claim(seen, attempts([seen.images[0]]), NOW)
    assert running is not None
    queued = throttle(backend, running, running.images[0])
    assert queued.images[0].status is ImageStatus.QUEUED
    assert backend.ledger.claim(seen, attempts([seen.images[0]]), NOW) is None
    assert backend.stands(seen) == queued


def test_nothing_happens_to_a_generation_that_is_gone(backend: Backend, user: str) -> None:
    seen = backend.running(user, START)
    backend.erase(seen)
    queued = replace(seen.images[0], status=ImageStatus.QUEUED)
    assert backend.ledger.claim(seen, attempts([queued]), NOW) is None
    assert backend.ledger.record_starts(seen, {0: "p0"}, [], NOW) is None
    assert backend.ledger.record_starts(seen, {}, [seen.images[0]], NOW) is None
    assert backend.ledger.requeue(seen, seen.images[0], BILLED) is None
    assert backend.generations.get(user, seen.id) is None
    assert backend.due(seen, NOW + 3600) == []


def test_predictions_are_noted_and_refused_images_queued_again(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    after = backend.ledger.record_starts(running, {0: "p0", 2: "p2"}, [running.images[3]], NOW + 30)
    noted = [replace(running.images[index], attempts={1: asked(f"p{index}")}) for index in (0, 2)]
    queued = replace(running.images[3], status=ImageStatus.QUEUED, attempt=2, attempts={1: REFUSED})
    assert after == replace(running.with_images(*noted, queued), cost=Decimal("0.12"), due_at=NOW + 30)
    assert backend.stands(running) == after
    assert backend.due(running, NOW + 30) == [NOW + 30]


def test_a_start_without_throttles_leaves_the_date(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    after = backend.ledger.record_starts(running, {1: "p1"}, [], None)
    assert after is not None
    assert (after.due_at, after.cost) == (running.due_at, running.cost)


def test_a_prediction_is_noted_though_its_image_is_settled(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    assert backend.ledger.capture(running, running.images[0], OUTPUT, NOW, running.due_at)
    after = backend.ledger.record_starts(running, {0: "p0"}, [], None)
    assert after is not None
    assert after.images[0].status is ImageStatus.STORED
    assert after.images[0].attempts == {1: asked("p0")}


def test_a_prediction_is_noted_under_its_attempt(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    queued = backend.ledger.requeue(running, running.images[0], BILLED)
    assert queued is not None
    again = backend.ledger.claim(queued, attempts([queued.images[0]]), NOW)
    assert again is not None
    assert backend.ledger.record_starts(again, {0: "second"}, [], None)
    after = backend.ledger.record_starts(running, {0: "first"}, [], None)
    assert after is not None
    assert after.images[0].attempts == {1: asked("first"), 2: asked("second")}
    assert after.images[0].prediction_id == "second"


@pytest.mark.parametrize("settled", [ImageStatus.STORED, ImageStatus.REFUNDED])
def test_a_throttle_is_lost_once_its_image_is_settled(backend: Backend, user: str, settled: ImageStatus) -> None:
    running = backend.running(user, START)
    if settled is ImageStatus.STORED:
        backend.ledger.capture(running, running.images[0], OUTPUT, NOW, NOW + 90)
    else:
        backend.ledger.refund(running, running.images[0], BILLED, NOW, NOW + 90)
    before = backend.stands(running)
    assert backend.ledger.record_starts(running, {}, [running.images[0]], NOW + 30) is None
    assert backend.stands(running) == before


def test_a_throttle_is_lost_at_another_attempt(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    queued = throttle(backend, running, running.images[0])
    again = backend.ledger.claim(queued, attempts([queued.images[0]]), NOW)
    assert backend.ledger.record_starts(running, {}, [running.images[0]], None) is None
    assert backend.stands(running) == again


def test_a_failure_is_followed_by_another_attempt(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    after = backend.ledger.requeue(running, running.images[1], UNBILLED)
    queued = replace(running.images[1], status=ImageStatus.QUEUED, attempt=2, failures=1, attempts={1: UNPAID})
    assert after == replace(running.with_images(queued), cost=Decimal("0.12"))
    assert backend.stands(running) == after


def test_the_same_failure_again_is_lost(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    queued = backend.ledger.requeue(running, running.images[1], BILLED)
    assert queued is not None
    assert backend.ledger.requeue(running, running.images[1], BILLED) is None  # it is queued
    again = backend.ledger.claim(queued, attempts([queued.images[1]]), NOW)
    assert backend.ledger.requeue(running, running.images[1], BILLED) is None  # it runs at another attempt
    assert backend.stands(running) == again


def test_a_failure_of_a_stored_image_is_lost(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    before = backend.ledger.capture(running, running.images[0], OUTPUT, NOW, NOW)
    assert backend.ledger.requeue(running, running.images[0], BILLED) is None
    assert backend.stands(running) == before


@RACES
def test_of_two_claims_at_once_one_wins(backend: Backend, user: str) -> None:
    for _ in range(5):
        generation = backend.reserved(user, START)
        results = at_once([lambda g=generation: backend.ledger.claim(g, attempts(g.images), NOW)] * 2)  # type: ignore[misc]
        assert sorted(result is None for result in results) == [False, True]
        assert backend.stands(generation).cost == Decimal("0.16")


@RACES
def test_of_many_reports_of_one_failure_one_counts(backend: Backend, user: str) -> None:
    running = backend.running(user, START)
    results = at_once([lambda: backend.ledger.requeue(running, running.images[0], BILLED)] * 8)
    assert sum(result is not None for result in results) == 1
    assert backend.stands(running).images[0].attempt == 2


def test_a_role_and_a_seed_are_kept(backend: Backend, user: str) -> None:
    generation = replace(backend.generation(user, START), role=Role.GROOM)
    backend.accounts.open_account(user, 8, START)
    backend.ledger.reserve(generation, None, START)
    claimed = backend.ledger.claim(generation, attempts(generation.images[:1]), NOW)
    assert claimed is not None
    assert (claimed.role, claimed.images[0].attempts[1].seed) == (Role.GROOM, ATTEMPT.seed)
    assert backend.stands(generation) == claimed
