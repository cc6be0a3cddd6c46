"""Every generation ends within the hour, and leaves nothing behind."""

from decimal import Decimal

import pytest

from tests.fakes.replicate import Lost, describe
from tests.fakes.world import POLICY, World
from tests.use_cases.steps import REFUNDED, RUNNING, fail_once, last_image, on_the_list, settled, statuses
from veil.domain.credits import Balance
from veil.domain.generation import GenerationStatus, ImageError
from veil.domain.outcomes import BAD_OUTPUT
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import OutputUnavailable, PredictionStatus

S = PredictionStatus


def test_a_lost_answer_is_given_up_tried_again_and_refunded(world: World) -> None:
    world.model.answers.extend([None, None, None, Lost(runs=False)])
    generation = world.generation()
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
        world.webhook(prediction_id)
    world.model.answers.extend([Lost(runs=False)] * 2)
    seen = []
    for _ in range(45):
        world.sweep_for(1)
        seen.append((last_image(world, generation).status, last_image(world, generation).attempt))
    assert [one for one, before in zip(seen, [None, *seen], strict=False) if one != before] == [
        (RUNNING, 1),
        (RUNNING, 2),
        (RUNNING, 3),
        (REFUNDED, 3),
    ]
    assert last_image(world, generation).error is ImageError.TIMED_OUT
    assert world.balance() == Balance(5, 0)
    assert world.now(generation).status is GenerationStatus.PARTIAL
    assert world.now(generation).cost == Decimal("0.24")


def test_nothing_is_decided_while_the_provider_is_down(world: World) -> None:
    generation = world.generation()
    world.model.down = True
    world.sweep_for(5)
    assert statuses(world.now(generation)) == [RUNNING] * 4
    world.model.down = False
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
    world.sweep_for(10)
    assert world.now(generation).status is GenerationStatus.COMPLETED


@pytest.mark.parametrize("down", [True, False])
def test_what_is_out_of_time_is_cancelled_and_refunded(world: World, down: bool) -> None:
    generation = world.generation()
    world.model.down = down
    world.sweep_for(45)
    assert {image.error for image in world.now(generation).images} == {ImageError.TIMED_OUT}
    assert world.now(generation).finished_at == generation.created_at + POLICY.check_ages[-1]
    assert world.balance() == Balance(8, 0)
    left = {S.RUNNING} if down else {S.CANCELED}
    assert {one.prediction.status for one in world.model.started.values()} == left
    world.sweep_for(10)
    assert on_the_list(world) == []


def test_a_refund_that_fails_keeps_no_other_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = world.generation()
    world.model.down = True
    world.sweep_for(44)
    fail_once(world, monkeypatch, world.ledger, "refund")
    (report,) = world.sweep_for(1)
    assert statuses(world.now(generation)).count(REFUNDED) == 3
    assert len(report.errors) == 1
    world.sweep_for(5)
    assert world.balance() == Balance(8, 0)


def test_an_output_that_stays_away_is_refunded_in_time(world: World) -> None:
    generation = world.generation()
    for prediction_id in world.model.started:
        world.finish(prediction_id, S.SUCCEEDED, OutputUnavailable("503"))
    world.sweep_for(45)
    assert world.now(generation).status is GenerationStatus.FAILED
    assert world.balance() == Balance(8, 0)


def test_one_generations_failure_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = world.generation("ada"), world.generation("bob")
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
    fail_once(world, monkeypatch, world.work, "lease")
    (first_report, report) = world.sweep_for(2)
    assert first_report.errors == []
    assert [type(error) for error in report.errors] == [StorageUnavailable]
    assert world.now(good).status is GenerationStatus.COMPLETED
    assert world.now(bad).open_images
    world.sweep_for(5)
    assert world.now(bad).status is GenerationStatus.COMPLETED


@pytest.mark.parametrize("last", [[S.FLAGGED, S.SUCCEEDED], [S.SUCCEEDED, S.FLAGGED]])
def test_what_a_late_writer_put_for_a_refunded_image_is_cleared(world: World, last: list[PredictionStatus]) -> None:
    generation = settled(world, S.SUCCEEDED, S.SUCCEEDED, S.RUNNING, S.RUNNING)
    world.clock.advance(60)
    for prediction_id, status in zip(list(world.model.started)[-2:], last, strict=True):
        world.finish(prediction_id, status, b"portrait" if status is S.SUCCEEDED else None)
        world.webhook(prediction_id)
    late = generation.result_key(2 + last.index(S.FLAGGED))
    world.photos.write_once(late, b"too late", describe(b"too late"))
    world.sweep_for(5)
    assert world.stray_objects() == {late}  # a writer may still be at it
    world.sweep_for(2)
    assert world.stray_objects() == set()
    assert len(world.photos.objects) == 3
    assert on_the_list(world) == []


def test_a_late_writer_is_cleared_also_when_the_last_two_were_settled_at_once(world: World) -> None:
    """Each saw the other's image open and left the date as it was, which may be any moment now."""
    generation = settled(world, S.SUCCEEDED, S.SUCCEEDED, S.RUNNING, S.RUNNING)
    *_, third, fourth = world.model.started
    world.clock.advance(89)
    seen = world.now(generation)  # by three webhooks at once, two of them of the last image
    world.succeed(third)
    world.settle(seen, 2, 1, world.model.fetch(third))
    world.refund(seen, seen.images[3], BAD_OUTPUT)
    world.sweep_for(1)
    world.succeed(fourth)
    world.settle(seen, 3, 1, world.model.fetch(fourth))
    assert world.stray_objects() == {generation.result_key(3)}
    world.sweep_for(60)
    assert world.stray_objects() == set()


@pytest.mark.parametrize("error", [StorageUnavailable("no bucket"), KeyError("a defect")], ids=["down", "defect"])
def test_credits_come_back_though_nothing_can_be_stored(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Every generation ends within the hour, whatever keeps its outputs from being stored."""

    def fail(*_: object) -> None:
        raise error

    generation = world.generation()
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
    monkeypatch.setattr(world.photos, "write_once", fail)
    errors = [one for report in world.sweep_for(60) for one in report.errors]
    assert not world.now(generation).open_images
    assert world.balance() == Balance(8, 0)
    assert bool(errors) == isinstance(error, KeyError)  # a defect is told
