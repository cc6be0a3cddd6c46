"""One prediction's outcome: stored, tried again, or refunded."""

from decimal import Decimal

import pytest

from tests.fakes.replicate import describe
from tests.fakes.world import POLICY, World
from tests.use_cases.steps import QUEUED, REFUNDED, RUNNING, STORED, end, last_image, latest, statuses
from veil.domain.credits import Balance
from veil.domain.generation import GenerationStatus, ImageError
from veil.domain.outcomes import OVERDUE
from veil.domain.predictions import BadOutput, PredictionStatus, Throttled
from veil.use_cases.settle import Settlement

S = PredictionStatus


def test_a_success_is_stored_and_captured(world: World) -> None:
    generation = world.generation()
    world.clock.advance(5)
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED
    image = last_image(world, generation)
    assert (image.status, image.output, image.settled_at) == (STORED, describe(b"portrait"), world.clock())
    assert world.photos.read(generation.result_key(3)) == b"portrait"
    assert world.balance() == Balance(4, 3)
    assert world.telemetry.total("CreditsCaptured") == 1
    assert world.telemetry.values("FirstImageSeconds") == [5]


def test_the_last_image_completes_it_and_once_that_is_told_it_is_off_the_list(world: World) -> None:
    generation = world.generation()
    for number, prediction_id in enumerate(list(world.model.started)):
        world.clock.advance(number)
        world.succeed(prediction_id)
        world.webhook(prediction_id)
    after = world.now(generation)
    assert (after.status, after.due_at, after.finished_at) == (GenerationStatus.COMPLETED, *[world.clock()] * 2)
    assert world.balance() == Balance(4, 0)
    assert world.telemetry.values("FirstImageSeconds") == [0]
    assert world.telemetry.values("LastImageSeconds") == [6]
    world.tell()
    assert list(world.work.due(world.clock() + 10_000)) == []


FAILURES = [
    (S.FAILED, ImageError.PROVIDER_FAILED),
    (S.CANCELED, ImageError.TIMED_OUT),
    (S.ABORTED, ImageError.TIMED_OUT),
]


@pytest.mark.parametrize(("status", "error"), FAILURES)
def test_a_failure_is_tried_again_until_the_attempts_are_used_up(
    world: World, status: PredictionStatus, error: ImageError
) -> None:
    generation = world.generation()
    for attempt in (2, 3):
        assert end(world, status) is Settlement.RETRIED
        image = last_image(world, generation)
        assert (image.status, image.attempt, image.failures) == (RUNNING, attempt, attempt - 1)
        assert image.prediction_id == latest(world)
    assert end(world, status) is Settlement.REFUNDED
    image = last_image(world, generation)
    assert (image.status, image.error, image.attempt) == (REFUNDED, error, 3)
    assert world.balance() == Balance(5, 3)
    assert world.telemetry.total("CreditsRefunded") == 1
    unbilled = 3 if status is S.ABORTED else 0
    assert world.now(generation).cost == Decimal("0.04") * (6 - unbilled)


def test_each_attempt_has_a_token_and_a_seed_of_its_own(world: World) -> None:
    world.generation()
    end(world, S.FAILED)
    end(world, S.FAILED)
    tries = [one for one in world.model.started.values() if world.tokens.unseal(one.token).index == 3]
    assert [world.tokens.unseal(one.token).attempt for one in tries] == [1, 2, 3]
    assert len({one.request.input["seed"] for one in tries}) == 3


def test_flagged_content_is_not_tried_again(world: World) -> None:
    generation = world.generation()
    assert end(world, S.FLAGGED) is Settlement.REFUNDED
    assert last_image(world, generation).error is ImageError.CONTENT_FLAGGED
    assert world.now(generation).cost == Decimal("0.16")
    assert world.model.asked == 4


def test_a_failure_too_late_for_another_attempt_is_refunded(world: World) -> None:
    generation = world.generation()
    world.clock.advance(POLICY.check_ages[-1] - POLICY.prediction_timeout + 1)
    assert end(world, S.FAILED) is Settlement.REFUNDED
    assert last_image(world, generation).failures == 0


def test_a_failure_just_in_time_is_tried_again(world: World) -> None:
    world.generation()
    world.clock.advance(POLICY.check_ages[-1] - POLICY.prediction_timeout)
    assert end(world, S.FAILED) is Settlement.RETRIED


@pytest.mark.parametrize("output", [BadOutput("no image"), None], ids=["bad", "missing"])
def test_an_output_that_is_no_image_is_a_failure(world: World, output: BadOutput | None) -> None:
    generation = world.generation()
    for _ in range(2):
        assert end(world, S.SUCCEEDED, output) is Settlement.RETRIED
    assert end(world, S.SUCCEEDED, output) is Settlement.REFUNDED
    assert last_image(world, generation).error is ImageError.BAD_OUTPUT
    assert world.now(generation).cost == Decimal("0.24")


def test_the_object_that_was_put_first_is_what_is_recorded(world: World) -> None:
    """A crash after the copy, and bytes that differ when it is done again."""
    generation = world.generation()
    world.photos.write_once(generation.result_key(3), b"the first copy", describe(b"the first copy"))
    end(world, S.SUCCEEDED, b"another")
    assert last_image(world, generation).output == describe(b"the first copy")
    assert world.stray_objects() == set()


def test_a_throttled_retry_waits_for_the_sweep(world: World) -> None:
    generation = world.generation()
    world.model.answers.append(Throttled(20.0))
    assert end(world, S.FAILED) is Settlement.RETRIED
    image = last_image(world, generation)
    assert (image.status, image.attempt, image.failures) == (QUEUED, 3, 1)
    assert world.now(generation).due_at == world.clock() + 20
    world.sweep_for(1)
    assert last_image(world, generation).status is RUNNING


def test_of_two_failures_at_once_both_are_tried_again(world: World) -> None:
    """The second one's start sees both images queued, and must not lose its own to the first one's claim."""
    generation = world.generation()
    one = world.ledger.requeue(generation, generation.images[0], OVERDUE)
    two = world.ledger.requeue(generation, generation.images[1], OVERDUE)
    assert one is not None
    assert two is not None
    world.start(one)
    world.start(two)
    assert statuses(world.now(generation)) == [RUNNING] * 4
