"""Providers by name, models in a chain, and the checks of an output."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.replicate import FakeReplicate
from tests.fakes.world import MODEL, World
from tests.use_cases.steps import end, last_image
from veil.domain.generation import Generation, ImageError, ImageStatus, StoredOutput
from veil.domain.image_models import CATALOGUE, DEFAULT_CHAIN, REPLICATE, chain, keeps_nobody
from veil.domain.outcomes import Failure
from veil.domain.output_checks import MAX_SIDE_PIXELS, check_size
from veil.domain.predictions import PredictionStatus as S
from veil.domain.predictions import Throttled
from veil.domain.styles import KEEP, STYLES, Role
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


def test_each_attempt_has_its_own_model_price_seed_and_prediction() -> None:
    """And the cost is their sum, though the chain and its prices change under an open generation."""
    world = World(models=chain(DEFAULT_CHAIN, None))
    generation = world.generation()
    assert end(world, S.FAILED) is Settlement.RETRIED
    dearer = chain(
        ["qwen/qwen-image-edit-plus", "bytedance/seedream-4", "black-forest-labs/flux-2-pro"], Decimal("0.5")
    )
    object.__setattr__(world.start, "models", dearer)
    assert end(world, S.FAILED) is Settlement.RETRIED
    attempts = last_image(world, generation).attempts
    assert [(each.model, each.price, each.seed is None) for each in attempts.values()] == [
        ("black-forest-labs/flux-kontext-pro", Decimal("0.04"), False),
        ("google/nano-banana", Decimal("0.039"), True),
        ("black-forest-labs/flux-2-pro", Decimal("0.5"), False),
    ]
    assert len({each.prediction_id for each in attempts.values()} | {attempts[1].seed, attempts[3].seed}) == 5
    now = world.now(generation)
    assert now.cost == 4 * Decimal("0.04") + Decimal("0.039") + Decimal("0.5")
    assert now.cost == sum(each.price for image in now.images for each in image.attempts.values())
    assert now.model == "black-forest-labs/flux-kontext-pro"


def test_beyond_the_chain_it_is_the_last_model() -> None:
    world = World(models=chain(["google/nano-banana", MODEL], None))
    generation = world.generation()
    for _ in range(2):
        end(world, S.FAILED)
    models = [each.model for each in last_image(world, generation).attempts.values()]
    assert models == ["google/nano-banana", MODEL, MODEL]


def test_a_start_that_was_throttled_takes_no_model_from_the_chain() -> None:
    world = World(models=chain(DEFAULT_CHAIN, None))
    world.model.answers.extend([None, None, None, Throttled(1.0)])
    generation = world.generation()
    world.sweep_for(2)
    first, second = last_image(world, generation).attempts.values()
    assert (first.model, first.price) == (second.model, Decimal(0))
    assert first.seed != second.seed
    assert world.now(generation).cost == 4 * second.price


@pytest.mark.parametrize("name", [name for name, model in CATALOGUE.items() if model.provider == REPLICATE])
def test_what_a_model_is_told_is_what_it_can_do(name: str) -> None:
    """Only who keeps the person is told to; and the seed that is stored is the one that was sent."""
    world = World(models=chain([name], None))
    generation, _ = world.generate("ada", world.ready_upload("ada"), "modern", None, Role.GROOM)
    style = STYLES["modern"]
    for image, started in zip(generation.images, world.model.started.values(), strict=True):
        prompt, seed = str(started.request.input["prompt"]), image.attempts[1].seed
        assert style.clothes[Role.GROOM] in prompt
        assert (KEEP in prompt) == CATALOGUE[name].keeps_person
        assert started.request.input.get("seed") == seed
        assert (seed is not None) == CATALOGUE[name].takes_seed


def test_of_several_images_the_first_is_stored() -> None:
    world = World()
    generation = world.generation()
    (prediction_id, *_) = world.model.started
    world.outputs.found["https://replicate.delivery/first"] = b"the first"
    world.model.finish(prediction_id, S.SUCCEEDED, "https://replicate.delivery/first", "https://replicate.delivery/x")
    assert world.webhook(prediction_id) is Settlement.STORED
    assert world.photos.objects[generation.result_key(0)].data == b"the first"


def test_models_that_keep_nobody_are_known() -> None:
    stranger = "black-forest-labs/flux-1.1-pro"
    assert keeps_nobody(list(CATALOGUE)) == (stranger,)
    assert keeps_nobody([stranger, "google/nano-banana", stranger]) == (stranger,)
    assert keeps_nobody(DEFAULT_CHAIN) == ()
