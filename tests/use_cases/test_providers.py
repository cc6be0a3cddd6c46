"""Providers by name, models in a chain, and the checks of an output."""

from dataclasses import replace
from decimal import Decimal

from tests.fakes.replicate import FakeReplicate
from tests.fakes.world import MODEL, World
from tests.use_cases.steps import end, last_image
from veil.domain.generation import Generation, ImageError, ImageStatus, StoredOutput
from veil.domain.image_models import CATALOGUE, chain
from veil.domain.outcomes import Failure
from veil.domain.output_checks import MAX_SIDE_PIXELS, check_size
from veil.domain.predictions import PredictionStatus as S
from veil.use_cases.settle import Settlement

CHEAP, OTHER = CATALOGUE[MODEL], replace(CATALOGUE["google/nano-banana"], provider="other")


def test_each_failed_attempt_is_followed_by_one_with_the_next_model() -> None:
    world, other = World(models=(CHEAP, OTHER)), FakeReplicate()
    world.start.providers["other"] = other  # type: ignore[index]
    generation = world.generation()
    assert {each.request.model for each in world.model.started.values()} == {CHEAP.name}
    assert end(world, S.FAILED) is Settlement.RETRIED
    (started,) = other.started.values()
    assert started.request.model == OTHER.name
    assert "/webhooks/other/" in started.request.webhook
    first, second = last_image(world, generation).attempts.values()
    assert (first.provider, first.model, first.price) == ("replicate", CHEAP.name, CHEAP.price)
    assert (second.provider, second.model, second.price) == ("other", OTHER.name, OTHER.price)
    now = world.now(generation)
    assert (now.model, now.cost) == (CHEAP.name, 4 * CHEAP.price + OTHER.price)


def test_a_running_image_is_asked_for_where_it_was_started() -> None:
    """Whatever the chain has become since."""
    world = World()
    generation = world.generation()
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
    object.__setattr__(world.start, "models", (OTHER,))
    world.sweep_for(2)
    assert {image.status for image in world.now(generation).images} == {ImageStatus.STORED}


def test_an_unbilled_attempt_gives_its_own_price_back() -> None:
    world = World(models=chain([MODEL, "google/nano-banana"], None))
    generation = world.generation()
    for _ in range(3):
        end(world, S.ABORTED)
    assert last_image(world, generation).status is ImageStatus.REFUNDED
    assert world.now(generation).cost == 3 * CHEAP.price


def test_a_price_of_ones_own_is_that_of_every_model() -> None:
    assert {model.price for model in chain(list(CATALOGUE), Decimal("0.5"))} == {Decimal("0.5")}


def test_an_output_that_a_check_refuses_is_not_stored() -> None:
    """As a failed attempt: here one that is worth no other."""
    world = World()
    unlike = Failure(ImageError.BAD_OUTPUT, retry=False, billed=True)
    seen: list[tuple[str, bytes]] = []

    def check(generation: Generation, data: bytes, _: StoredOutput) -> Failure | None:
        seen.append((generation.id, data))
        return unlike

    object.__setattr__(world.settle, "checks", (check_size, check))
    generation = world.generation()
    world.succeed("prediction0000000000000003")
    assert world.webhook("prediction0000000000000003") is Settlement.REFUNDED
    assert seen == [(generation.id, b"an image of prediction0000000000000003")]
    assert last_image(world, generation).error is ImageError.BAD_OUTPUT
    assert world.stray_objects() == set()


def test_an_image_has_pixels_and_not_too_many() -> None:
    generation = World().generation()
    for width, height, passes in ((1, 1, True), (MAX_SIDE_PIXELS, 9, True), (0, 9, False), (9, -1, False)):
        assert (check_size(generation, b"", StoredOutput(1, "", width, height, "image/png")) is None) == passes
    assert check_size(generation, b"", StoredOutput(1, "", 9, MAX_SIDE_PIXELS + 1, "image/png"))
