"""A model of one's own in the chain: it comes first while it has room, and whatever goes wrong there costs no photo."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes.comfy import FakeComfy
from tests.fakes.replicate import FakeReplicate, Lost
from tests.fakes.world import MODEL, POLICY, World
from tests.use_cases.steps import QUEUED, REFUNDED, RUNNING, STORED, statuses
from veil.domain.credits import Balance
from veil.domain.generation import Attempt, Generation, GenerationStatus, ImageError
from veil.domain.image_models import CATALOGUE, chain
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import PredictionStatus as S
from veil.domain.predictions import ProviderDown, Refused, StartError, Throttled
from veil.use_cases.cancel import Cancel

OWN, THIRD = "comfy/qwen-image-edit", "google/nano-banana"


@pytest.fixture
def world() -> World:
    return World(models=chain([OWN, MODEL], None))


def models(generation: Generation, index: int = -1) -> list[str]:
    """Of all attempts at an image."""
    return [attempt.model for attempt in generation.images[index].attempts.values()]


def finish(world: World, status: S = S.SUCCEEDED) -> None:
    """End all that runs at Comfy."""
    for prediction_id in world.comfy.started:
        if status is S.SUCCEEDED:
            world.outputs.found[f"https://comfy/{prediction_id}"] = b"an image of " + prediction_id.encode()
        world.comfy.finish(
            prediction_id, status, *([f"https://comfy/{prediction_id}"] if status is S.SUCCEEDED else [])
        )


def store_the_first(world: World) -> None:
    """End the first prediction at Comfy, and have its image stored while the others run."""
    world.outputs.found["https://comfy/first"] = b"the first"
    world.comfy.finish(next(iter(world.comfy.started)), S.SUCCEEDED, "https://comfy/first")
    world.run_polls(6)


def succeed_at_replicate(world: World) -> None:
    for prediction_id in world.model.started:
        world.succeed(prediction_id)
        world.webhook(prediction_id)


def test_it_comes_first_while_it_has_room(world: World) -> None:
    generation = world.generation()
    assert [models(generation, index) for index in range(4)] == [[OWN]] * 4
    assert world.comfy.room_asked == [4]  # once a start
    assert world.model.asked == 0
    assert world.telemetry.total("ModelOverflows") == 0
    for image, started in zip(generation.images, world.comfy.started.values(), strict=True):
        assert started.request.photo_key == generation.input_key
        assert image.prediction_id == world.comfy.find(started.request.key)


@pytest.mark.parametrize("why", [3, StorageUnavailable("no token")])
def test_what_it_has_no_room_for_goes_to_the_next_at_once(world: World, why: int | StorageUnavailable) -> None:
    world.comfy.room = why
    generation = world.generation()
    assert [models(generation, index) for index in range(4)] == [[MODEL]] * 4
    assert statuses(generation) == [RUNNING] * 4
    assert world.comfy.asked == 0
    assert world.telemetry.total("ModelOverflows") == 4
    assert world.now(generation).cost == Decimal("0.16")


@pytest.mark.parametrize("answer", [Throttled(), Throttled(120.0), Refused(402), Refused(422)])
def test_what_it_refuses_after_all_is_started_elsewhere_at_once(world: World, answer: StartError) -> None:
    world.comfy.answers.extend([None, answer, answer, None])
    generation = world.generation()
    assert statuses(generation) == [RUNNING] * 4
    assert models(generation, 0) == [OWN]
    assert models(generation, 1) == [OWN, MODEL]
    assert [image.failures for image in generation.images] == [0] * 4  # nothing ran, so nothing failed
    assert world.comfy.asked == 4  # not once more
    assert world.telemetry.total("ProviderRefused") == (2 if isinstance(answer, Refused) else 0)
    assert world.now(generation) == generation
    assert generation.cost == 2 * CATALOGUE[MODEL].price
    assert world.balance() == Balance(4, 4)


def test_with_nobody_behind_it_a_refusal_is_as_anywhere() -> None:
    world = World(models=chain([OWN], None))
    world.comfy.room = 0  # who is last is not asked
    world.comfy.answers.extend([Throttled(40.0), Refused(422), None, None])
    generation = world.generation()
    assert statuses(generation) == [QUEUED, REFUNDED, RUNNING, RUNNING]
    assert generation.due_at == world.clock() + 40
    assert world.comfy.room_asked == []


def test_where_the_next_refuses_too_the_image_waits(world: World) -> None:
    world.comfy.room = 0
    world.model.answers.extend([Throttled(20.0)] * 4)
    generation = world.generation()
    assert statuses(generation) == [QUEUED] * 4
    world.comfy.room = 4
    world.sweep_for(1)
    assert models(world.now(generation)) == [MODEL, OWN]  # it has room again, and nothing has failed


def test_rounds_end_though_all_refuse() -> None:
    world = World(models=chain([OWN, MODEL, "comfy/flux-2-klein-4b"], None))
    world.comfy.answers.extend([Throttled()] * 8)
    world.model.answers.extend([Throttled()] * 4)
    generation = world.generation()
    assert statuses(generation) == [QUEUED] * 4
    assert models(generation) == [OWN, MODEL, "comfy/flux-2-klein-4b"]
    assert (world.comfy.asked, world.model.asked) == (8, 4)


@pytest.mark.parametrize(
    ("names", "overflow", "wanted"),
    [
        ([OWN, MODEL, THIRD], False, [OWN, MODEL, THIRD]),
        ([OWN, MODEL, THIRD], True, [MODEL, THIRD, THIRD]),
        ([OWN, MODEL], True, [MODEL, MODEL, MODEL]),
        ([MODEL, OWN, THIRD], True, [MODEL, THIRD, THIRD]),
        ([OWN, MODEL, MODEL, THIRD], True, [MODEL, MODEL, THIRD]),
        ([OWN, "comfy/flux-2-klein-4b", MODEL], True, [MODEL, MODEL, MODEL]),
    ],
)
def test_one_that_failed_is_followed_by_the_one_behind_it(
    names: Sequence[str], overflow: bool, wanted: Sequence[str]
) -> None:
    """However many before it had no room."""
    world = World(models=chain(names, None))
    world.comfy.room = 0 if overflow else 100
    generation = world.generation()
    for _ in range(2):
        finish(world, S.FAILED)
        for prediction_id in world.model.started:
            world.finish(prediction_id, S.FAILED)
        world.clock.advance(100)
        world.clock.now = max(world.clock.now, world.now(generation).due_at or 0)
        world.run_sweep()
    assert models(world.now(generation)) == list(wanted)


def test_a_dead_gpu_costs_no_photo(world: World) -> None:
    """It dies with four images on it, and does not come back."""
    generation = world.generation()
    world.comfy.down = True
    world.run_polls(POLICY.prediction_timeout + 60)
    assert models(world.now(generation)) == [OWN, MODEL]
    succeed_at_replicate(world)
    assert world.now(generation).status is GenerationStatus.COMPLETED
    assert world.balance() == Balance(4, 0)


def test_one_that_restarts_and_one_that_runs_out_of_memory_cost_seconds(world: World) -> None:
    for broken in (world.comfy.restart, lambda: finish(world, S.FAILED)):
        generation = world.generation()
        broken()
        world.run_polls(6)
        assert models(world.now(generation)) == [OWN, MODEL]
        assert statuses(world.now(generation)) == [RUNNING] * 4


def test_a_provider_that_is_deployed_no_more_is_one_that_knows_nothing(world: World) -> None:
    generation = world.generation()
    for mapping in (world.start.providers, world.start.polled):
        del mapping["comfy"]  # type: ignore[attr-defined]
    object.__setattr__(world.start, "models", chain([MODEL, THIRD], None))
    world.sweep_for(2)
    assert models(world.now(generation)) == [OWN, THIRD]


def test_it_is_asked_after_six_seconds_and_then_every_four(world: World) -> None:
    generation = world.generation()
    assert {seconds for _, seconds in world.polls.waiting} == {6}
    world.run_polls(5)
    assert world.telemetry.total("PollsAsked") == 0
    world.run_polls(1)
    assert world.telemetry.total("PollsAsked") == 4
    assert {seconds for _, seconds in world.polls.waiting} == {4}
    finish(world)
    world.run_polls(4)
    assert statuses(world.now(generation)) == [STORED] * 4
    assert not world.polls.waiting
    assert world.stray_objects() == set()


def test_one_that_is_overdue_is_cancelled_and_followed_by_the_next(world: World) -> None:
    generation = world.generation()
    world.run_polls(POLICY.prediction_timeout + 60)
    assert {one.prediction.status for one in world.comfy.started.values()} == {S.CANCELED}
    assert models(world.now(generation)) == [OWN, MODEL]
    assert not world.polls.waiting
    assert world.comfy.photos == set()


@pytest.mark.parametrize("error", [ProviderDown("down"), StorageUnavailable("no token")])
def test_who_does_not_answer_is_asked_to_stop_once(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The next question would only wait, too. Whoever else was tried is asked all the same."""
    asked: list[str] = []

    def fail(prediction_id: str) -> None:
        asked.append(prediction_id)
        raise error

    monkeypatch.setattr(world.comfy, "cancel", fail)
    monkeypatch.setattr(world.model, "cancel", asked.append)
    generation = world.generation()
    own, other = (Attempt(provider, "a model", Decimal(0)) for provider in ("comfy", "replicate"))
    tried = [replace(own, prediction_id="a"), replace(own, prediction_id="b"), replace(other, prediction_id="c")]
    Cancel({"comfy": world.comfy, "replicate": world.model}, world.telemetry)(
        generation, replace(generation.images[0], attempts=dict(enumerate(tried, start=1)))
    )
    assert asked == ["a", "c"]


def test_nobody_is_asked_about_what_was_settled_or_deleted(world: World) -> None:
    generation = world.generation()
    finish(world)
    world.sweep_for(2)
    assert statuses(world.now(generation)) == [STORED] * 4
    waiting = len(world.polls.waiting)
    world.run_polls(6)
    world.gallery.delete("ada", generation.id)
    world.polls.waiting.extend([(ref, 1) for ref, _ in world.polls.waiting])
    world.run_polls(6)
    assert waiting == 4
    assert world.telemetry.total("PollsAsked") == 0


def test_a_provider_that_calls_back_is_not_polled(world: World) -> None:
    world.comfy.room = 0
    world.generation()
    assert not world.polls.waiting


def test_what_the_queue_loses_is_left_to_the_sweep(world: World) -> None:
    """Who begins waits for one answer of it, not for four."""
    world.polls.fails = True
    generation = world.generation()
    assert world.polls.asked == 1
    assert [line for line, _ in world.telemetry.lines].count("polls left to the sweep") == 1
    finish(world)
    world.sweep_for(2)
    assert statuses(world.now(generation)) == [STORED] * 4


def test_a_start_whose_answer_was_lost_is_found_by_its_key(world: World) -> None:
    world.comfy.answers.append(Lost(runs=True))
    generation = world.generation()
    assert generation.images[0].prediction_id is None
    finish(world)
    world.run_polls(6)
    now = world.now(generation)
    assert statuses(now) == [STORED] * 4
    assert now.images[0].prediction_id == next(iter(world.comfy.started))
    assert world.comfy.asked == 4
    assert world.comfy.photos == set()


def test_a_start_that_nobody_knows_of_is_overdue_one_day(world: World) -> None:
    world.comfy.answers.append(Lost(runs=False))
    generation = world.generation()
    finish(world)
    world.run_polls(POLICY.prediction_timeout)
    assert statuses(world.now(generation)) == [RUNNING, STORED, STORED, STORED]
    world.run_polls(60)
    assert models(world.now(generation), 0) == [OWN, MODEL]


def test_a_start_that_was_lost_has_failed_also_where_nobody_bills_it() -> None:
    """One that was refused before it has not."""
    world = World(models=chain([MODEL, OWN, THIRD], None))
    world.model.answers.append(Throttled())
    world.comfy.answers.append(Lost(runs=False))
    generation = world.generation()
    world.run_polls(POLICY.prediction_timeout + 60)
    assert models(world.now(generation), 0) == [MODEL, OWN, THIRD]


def test_the_photo_goes_with_the_last_image_that_needs_it(world: World) -> None:
    generation = world.generation()
    store_the_first(world)
    assert world.comfy.photos == set(world.comfy.started)  # one photo may serve them all
    finish(world)
    world.run_polls(4)
    assert statuses(world.now(generation)) == [STORED] * 4
    assert world.comfy.photos == set()


def test_it_goes_also_when_another_provider_answers_first() -> None:
    """Replicate's success comes once it was given up, and the next attempt runs on the own model."""
    world = World(models=chain([MODEL, OWN], None))
    world.generation()
    world.model.down = True  # so that it does not hear either that it is to stop
    world.sweep_for(15)
    assert len(world.comfy.photos) == 4
    succeed_at_replicate(world)
    assert world.comfy.photos == set()


@pytest.mark.parametrize("status", [S.FAILED, S.FLAGGED, S.CANCELED])
def test_the_photo_goes_also_when_nothing_came_of_it(world: World, status: S) -> None:
    world.generation()
    finish(world, status)
    world.run_polls(6)
    assert world.comfy.photos == set()


@pytest.mark.parametrize("stored", [0, 1])
def test_the_photo_goes_at_the_deadline(stored: int) -> None:
    """Also that of an image which had ended before, while others ran."""
    world = World(models=chain([OWN], None), policy=replace(POLICY, prediction_timeout=1200, check_ages=(90, 600)))
    generation = world.generation()
    if stored:
        store_the_first(world)
    world.sweep_for(11)
    assert [image.error for image in world.now(generation).images[stored:]] == [ImageError.TIMED_OUT] * (4 - stored)
    assert world.comfy.photos == set()


def test_the_photo_goes_though_two_images_were_given_up_at_once() -> None:
    """Neither refund saw the other, so each thought that the other one still runs there."""
    world = World(models=chain([OWN], None), policy=replace(POLICY, max_attempts=1))
    generation = world.generation()
    store_the_first(world)
    finish(world, S.FAILED)
    stale = world.now(generation)
    for image in stale.images[1:]:
        world.settle(stale, image.index, 1, world.comfy.fetch(image.prediction_id or ""))
    assert world.comfy.photos
    world.sweep_for(10)
    assert world.comfy.photos == set()


def test_a_photo_that_cannot_be_deleted_holds_nothing_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise StorageUnavailable("no token")

    monkeypatch.setattr(world.comfy, "forget", fail)
    generation = world.generation()
    finish(world)
    world.run_polls(6)
    assert statuses(world.now(generation)) == [STORED] * 4
    assert "photo not deleted at its provider" in [line for line, _ in world.telemetry.lines]


@pytest.mark.parametrize("stored", [0, 1])
def test_who_leaves_is_stopped_and_forgotten_there(world: World, stored: int) -> None:
    """Also in an image which had ended before, while others ran."""
    world.generation()
    if stored:
        store_the_first(world)
    world.end_images("ada")
    assert [one.prediction.status for one in world.comfy.started.values()][stored:] == [S.CANCELED] * (4 - stored)
    assert world.comfy.photos == set()
    assert world.balance() == Balance(8 - stored, 0)


def test_a_photo_is_sent_to_nobody_else() -> None:
    """Providers that are not polled are never asked to forget one."""
    world = World()
    assert not isinstance(world.model, FakeComfy)
    assert isinstance(world.model, FakeReplicate)
    world.generation()
    succeed_at_replicate(world)
    assert world.comfy.asked == 0
    assert world.comfy.room_asked == []
