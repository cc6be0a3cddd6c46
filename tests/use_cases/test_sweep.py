"""The sweep: it finishes what crashed, what was throttled, and what no webhook came for."""

from decimal import Decimal

import pytest

from tests.fakes.world import POLICY, World
from tests.use_cases.steps import QUEUED, RUNNING, STORED, fail_once, first, on_the_list, statuses
from veil.domain.credits import Balance
from veil.domain.generation import GenerationStatus
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import PredictionStatus, Throttled
from veil.use_cases.sweep import PARALLEL_ITEMS

S = PredictionStatus


def test_nothing_is_looked_at_before_it_is_due(world: World) -> None:
    generation = world.generation()
    world.succeed(first(world))
    world.clock.advance(89)
    assert world.run_sweep().swept == []
    assert world.now(generation) == generation
    world.clock.advance(1)
    assert world.run_sweep().swept == [generation.id]
    assert world.now(generation).images[0].status is STORED
    assert world.telemetry.values("WorkSwept") == [1]


def test_lost_webhooks_are_made_good(world: World) -> None:
    generation = world.generation()
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
    world.sweep_for(2)
    assert world.now(generation).status is GenerationStatus.COMPLETED
    assert world.balance() == Balance(4, 0)
    assert on_the_list(world) == []


def test_it_looks_at_every_age(world: World) -> None:
    generation = world.generation()
    dates = set()
    for _ in range(44):
        dates.add(world.now(generation).due_at)
        world.sweep_for(1)
        for prediction_id in world.model.started:  # each attempt goes on and on
            assert world.model.started[prediction_id].prediction.status in (S.RUNNING, S.CANCELED)
    assert dates >= {generation.created_at + age for age in POLICY.check_ages}


def test_a_crash_between_reservation_and_start_is_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_once(world, monkeypatch, world.ledger, "claim")
    generation = world.generation()
    assert statuses(generation) == [QUEUED] * 4
    world.sweep_for(2)
    assert statuses(world.now(generation)) == [RUNNING] * 4
    assert len(world.model.started) == 4


def test_a_crash_between_copy_and_capture_is_finished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = world.generation()
    world.succeed(first(world))
    fail_once(world, monkeypatch, world.ledger, "capture")
    with pytest.raises(StorageUnavailable):
        world.webhook(first(world))
    assert world.photos.objects
    world.sweep_for(2)
    assert world.now(generation).images[0].status is STORED
    assert world.stray_objects() == set()


def test_an_overdue_prediction_is_cancelled_and_tried_again(world: World) -> None:
    generation = world.generation()
    world.sweep_for(16)
    assert all(
        world.model.started[image.attempts[1].prediction_id or ""].prediction.status is S.CANCELED
        for image in generation.images
    )
    assert [image.attempt for image in world.now(generation).images] == [2] * 4


def test_a_prediction_that_is_unknown_is_tried_again_at_once(world: World) -> None:
    generation = world.generation()
    del world.model.started[first(world)]
    world.sweep_for(2)
    assert world.now(generation).images[0].attempt == 2


def test_throttled_images_start_when_they_may(world: World) -> None:
    world.model.answers.extend([Throttled(50.0)] * 6)
    generation = world.generation()
    world.sweep_for(1)
    assert statuses(world.now(generation)) == [QUEUED, QUEUED, RUNNING, RUNNING]
    world.sweep_for(1)
    assert statuses(world.now(generation)) == [RUNNING] * 4
    assert world.now(generation).cost == Decimal("0.16")


def test_of_two_sweeps_one_gets_the_generation(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.model.answers.extend([Throttled(60.0)] * 4)
    generation = world.generation()
    world.clock.advance(60)
    stale = world.work.due(world.clock())
    assert world.run_sweep().swept == [generation.id]
    monkeypatch.setattr(world.work, "due", lambda now: stale)
    assert world.run_sweep().swept == []
    assert world.model.asked == 8


def test_it_stops_when_its_time_is_up(world: World) -> None:
    made = [world.generation(f"user{number}").id for number in range(PARALLEL_ITEMS + 1)]
    world.clock.advance(90)
    time_left = iter([True, False])
    assert world.sweep(lambda: next(time_left)).swept == made[:PARALLEL_ITEMS]
    assert world.run_sweep().swept == made[PARALLEL_ITEMS:]
