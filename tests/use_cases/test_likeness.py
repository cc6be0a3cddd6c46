"""Of users who agreed to the comparison, an image is stored only if it shows the person in the photo."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.matcher import LIKE, STRANGER
from tests.fakes.world import POLICY, PRICE, World
from tests.use_cases.steps import REFUNDED, RUNNING, STORED, end, first, last_image, latest, statuses
from veil.domain.consents import ConsentKind
from veil.domain.credits import Balance
from veil.domain.generation import GenerationStatus, ImageError
from veil.domain.likeness import FaceComparison, Likeness, LikenessStatus, MatcherUnavailable, NotComparable
from veil.domain.outcomes import OVERDUE
from veil.domain.predictions import BadOutput, PredictionStatus
from veil.use_cases.settle import Settlement

S = PredictionStatus
FACES = ConsentKind.FACE_COMPARISON
NOBODY, TWO = FaceComparison(faces=0, similarity=None), FaceComparison(faces=2, similarity=99.0)
DOWN = MatcherUnavailable("ThrottlingException")


@pytest.fixture
def world() -> World:
    """Ada has agreed to the comparison."""
    return agreed(World())


def agreed(world: World) -> World:
    world.decide(kind=FACES)
    return world


def test_a_like_one_is_stored_with_its_score(world: World) -> None:
    generation = world.generation()
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED
    output = last_image(world, generation).output
    assert output
    assert output.likeness == Likeness("fake", 80, 97, 1)
    assert output.likeness.status is LikenessStatus.VERIFIED
    assert world.matcher.asked == [(generation.input_key, b"portrait")]
    assert world.telemetry.total("OutputsCompared") == 1
    assert world.telemetry.total("OutputsUnlike") == 0


@pytest.mark.parametrize("found", [STRANGER, NOBODY, TWO, FaceComparison(faces=1, similarity=79.99)])
def test_an_unlike_one_is_tried_again_once_and_refunded(world: World, found: FaceComparison) -> None:
    world.matcher.usual = found
    generation = world.generation()
    assert end(world, S.SUCCEEDED, b"a stranger") is Settlement.RETRIED
    assert last_image(world, generation).status is RUNNING
    assert end(world, S.SUCCEEDED, b"another stranger") is Settlement.REFUNDED
    image = last_image(world, generation)
    assert (image.status, image.error, image.output) == (REFUNDED, ImageError.UNLIKE, None)
    likeness = Likeness("fake", 80, int(found.similarity or 0), found.faces)
    assert image.unlike == {1: likeness, 2: likeness}
    assert world.stray_objects() == set()
    assert world.balance() == Balance(5, 3)
    assert world.now(generation).cost == 5 * PRICE  # the provider made it, and bills it
    assert world.telemetry.total("OutputsUnlike") == 2


def test_the_second_try_may_do_well(world: World) -> None:
    world.matcher.found[b"a stranger"] = STRANGER
    generation = world.generation()
    end(world, S.SUCCEEDED, b"a stranger")
    assert end(world, S.SUCCEEDED, b"ada") is Settlement.STORED
    image = last_image(world, generation)
    assert (image.status, list(image.unlike), image.failures) == (STORED, [1], 1)


def test_without_consent_nothing_is_compared_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.matcher.usual = STRANGER
    generation = world.generation()
    world.decide(kind=FACES)  # it counts from the next generation on
    monkeypatch.setattr(world.consents, "of", lambda _: pytest.fail("a read that nobody needs"))
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED
    output = last_image(world, generation).output
    assert output
    assert output.likeness is None
    assert world.matcher.asked == []


def test_consent_that_is_taken_back_counts_at_once(world: World) -> None:
    world.matcher.usual = STRANGER
    generation = world.generation()
    world.decide(kind=FACES, granted=False)
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED
    output = last_image(world, generation).output
    assert output
    assert output.likeness is None
    assert world.matcher.asked == []


def test_a_late_success_of_an_earlier_attempt_must_be_like_too(world: World) -> None:
    world.matcher.found[b"a stranger"] = STRANGER
    generation = world.generation()
    early = latest(world)
    _, generation = world.settle.fail(generation, last_image(world, generation), 1, OVERDUE)
    world.finish(early, S.SUCCEEDED, b"a stranger")
    assert world.webhook(early) is Settlement.STALE
    assert last_image(world, generation).status is RUNNING
    world.outputs.found["https://replicate.delivery/" + early] = b"ada"
    assert world.webhook(early) is Settlement.STORED
    assert last_image(world, generation).attempt == 2


def test_an_attempt_that_was_unlike_stays_so(world: World) -> None:
    """Its callback comes again, and nothing is fetched or compared; though the matcher would say something else now."""
    world.matcher.usual = STRANGER
    generation = world.generation()
    early = latest(world)
    end(world, S.SUCCEEDED, b"a stranger")
    world.matcher.usual = LIKE
    asked = len(world.matcher.asked)
    assert world.webhook(early) is Settlement.STALE
    assert len(world.matcher.asked) == asked
    assert last_image(world, generation).status is RUNNING


def test_what_is_recorded_is_of_the_object_that_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first attempt put its object and crashed; a second one records the object that stands, with its score."""
    generation = world.generation()
    early, capture = latest(world), world.ledger.capture
    world.matcher.found |= {b"first": FaceComparison(1, 91.0), b"second": FaceComparison(1, 99.0)}
    monkeypatch.setattr(world.ledger, "capture", lambda *_: pytest.fail("the process ends here"))
    with pytest.raises(pytest.fail.Exception):
        end(world, S.SUCCEEDED, b"first")
    monkeypatch.setattr(world.ledger, "capture", capture)
    _, generation = world.settle.fail(world.now(generation), last_image(world, generation), 1, OVERDUE)
    assert latest(world) != early
    assert end(world, S.SUCCEEDED, b"second") is Settlement.STORED
    output = last_image(world, generation).output
    assert output
    assert output.likeness == Likeness("fake", 80, 91, 1)
    assert world.stray_objects() == set()


def test_a_matcher_that_is_down_is_waited_for(world: World) -> None:
    """The callback is asked to come again; no sweep takes a success for overdue."""
    world.matcher.usual = DOWN
    generation = world.generation()
    with pytest.raises(MatcherUnavailable):
        end(world, S.SUCCEEDED, b"portrait")
    world.sweep_for(20)
    image = last_image(world, generation)
    assert (image.status, image.attempt) == (RUNNING, 1)
    world.matcher.usual = LIKE
    world.sweep_for(11)
    image = last_image(world, generation)
    assert image.status is STORED
    assert image.output
    assert image.output.likeness == Likeness("fake", 80, 97, 1)
    assert world.telemetry.total("OutputsUnchecked") == 0
    assert world.telemetry.total("MatcherFailures") > 0


def test_at_the_deadline_it_is_stored_unchecked(world: World) -> None:
    world.matcher.usual = DOWN
    generation = world.generation()
    for prediction_id in list(world.model.started):
        world.succeed(prediction_id)
    world.sweep_for(44)
    assert statuses(world.now(generation)) == [RUNNING] * 4
    world.sweep_for(1)
    after = world.now(generation)
    assert (after.status, after.due_at) == (GenerationStatus.COMPLETED, None)
    for image in after.images:
        assert image.output
        assert image.output.likeness == Likeness("fake", 80)
        assert image.output.likeness.status is LikenessStatus.UNCHECKED
    assert world.balance() == Balance(4, 0)
    assert world.telemetry.total("OutputsUnchecked") == 4


def test_what_can_never_be_compared_is_stored_unchecked(world: World) -> None:
    """The photo is gone after two days, or the output is of a kind that the matcher does not take."""
    world.matcher.usual = NotComparable("InvalidS3ObjectException")
    generation = world.generation()
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED
    output = last_image(world, generation).output
    assert output
    assert output.likeness == Likeness("fake", 80)
    assert world.telemetry.total("OutputsUnchecked") == 1


def test_what_the_matcher_takes_for_no_picture_is_bad_output(world: World) -> None:
    world.matcher.usual = BadOutput("no picture")
    generation = world.generation()
    for _ in range(3):
        end(world, S.SUCCEEDED, b"noise")
    assert last_image(world, generation).error is ImageError.BAD_OUTPUT


@pytest.mark.parametrize("found", [STRANGER, NOBODY, TWO])
def test_a_threshold_of_zero_only_records(found: FaceComparison) -> None:
    world = agreed(World(least=0))
    world.matcher.usual = found
    generation = world.generation()
    assert end(world, S.SUCCEEDED, b"portrait") is Settlement.STORED
    output = last_image(world, generation).output
    assert output
    assert output.likeness == Likeness("fake", 0, int(found.similarity or 0), found.faces)
    assert output.likeness.status is None


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (2, 3), (4, 3)])
def test_so_many_tries_follow_an_unlike_one_and_never_more_than_all(retries: int, attempts: int) -> None:
    world = agreed(World(policy=replace(POLICY, unlike_retries=retries)))
    world.matcher.usual = STRANGER
    generation = world.generation()
    outcomes = [end(world, S.SUCCEEDED, b"a stranger") for _ in range(attempts)]
    assert outcomes == [Settlement.RETRIED] * (attempts - 1) + [Settlement.REFUNDED]
    assert last_image(world, generation).attempt == attempts


def test_other_failures_leave_the_unlike_ones_their_try(world: World) -> None:
    world.matcher.usual = STRANGER
    generation = world.generation()
    assert end(world, S.FAILED) is Settlement.RETRIED
    assert end(world, S.SUCCEEDED, b"a stranger") is Settlement.RETRIED
    assert end(world, S.SUCCEEDED, b"a stranger") is Settlement.REFUNDED
    assert last_image(world, generation).error is ImageError.UNLIKE


def test_no_score_stands_beside_a_user_in_a_log(world: World) -> None:
    world.matcher.found = {b"a stranger": FaceComparison(1, 43.21)}
    world.generation()
    end(world, S.SUCCEEDED, b"a stranger")
    end(world, S.SUCCEEDED, b"ada")
    world.matcher.usual = NotComparable("image/webp")
    world.succeed(first(world))
    world.webhook(first(world))
    told: list[Any] = [value for _, ids in world.telemetry.lines for value in ids.values()]
    assert not {43, 43.21, 97, 97.6} & {value for value in told if isinstance(value, int | float)}
    assert "likeness" not in {name for _, ids in world.telemetry.lines for name in ids}
