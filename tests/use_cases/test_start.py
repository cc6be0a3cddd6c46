"""The start of four predictions, and what the provider may say to each."""

from decimal import Decimal

import pytest

from tests.fakes.replicate import Lost
from tests.fakes.world import World
from tests.use_cases.steps import QUEUED, REFUNDED, RUNNING, statuses
from veil.domain.credits import Balance, EntryKind
from veil.domain.errors import (
    ProviderUnavailable,
)
from veil.domain.generation import GenerationStatus, ImageError
from veil.domain.outcomes import OUT_OF_TIME
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import PredictionRequest, Refused, Throttled


def kinds(world: World, user: str = "ada") -> list[EntryKind]:
    return [entry.kind for entry in world.credits.entries(user, 50, None).items]


def test_four_predictions_are_started_with_the_photo_and_a_webhook_each(world: World) -> None:
    upload_id = world.ready_upload("ada")
    generation, replayed = world.generate("ada", upload_id, "vintage", None)
    assert not replayed
    assert statuses(generation) == [RUNNING] * 4
    assert generation == world.now(generation)
    assert (generation.style, generation.upload_id, generation.due_at) == ("vintage", upload_id, world.clock() + 90)
    assert world.balance() == Balance(4, 4)
    started = list(world.model.started.values())
    assert [image.prediction_id for image in generation.images] == list(world.model.started)
    assert {one.request.input["input_image"] for one in started} == {
        world.photos.presign_get(generation.input_key, 600)[0]
    }
    assert all(one.request.webhook == f"https://api.test/webhooks/replicate/{one.token}" for one in started)
    assert [(world.tokens.unseal(one.token).index, world.tokens.unseal(one.token).attempt) for one in started] == [
        (index, 1) for index in range(4)
    ]
    assert len({str(one.request.input["prompt"]) for one in started}) == 4


def test_what_was_started_is_counted(world: World) -> None:
    generation = world.generation()
    assert generation.cost == Decimal("0.16")
    assert world.telemetry.total("CreditsReserved") == 4
    assert world.telemetry.total("ProviderCost") == pytest.approx(0.16)


def test_all_refused_is_provider_unavailable_with_everything_back(world: World) -> None:
    world.model.answers.extend([Refused(402)] * 4)
    upload_id = world.ready_upload("ada")
    with pytest.raises(ProviderUnavailable):
        world.generate("ada", upload_id, "classic", "key")
    (generation,) = world.store.generations.values()
    assert generation.status is GenerationStatus.FAILED
    assert {image.error for image in generation.images} == {ImageError.START_FAILED}
    assert generation.cost == 0
    assert world.balance() == Balance(8, 0)
    assert world.telemetry.total("CreditsRefunded") == world.telemetry.total("ProviderRefused") == 4
    assert kinds(world)[:4] == [EntryKind.REFUND] * 4


def test_some_refused_are_refunded_and_the_others_go_on(world: World) -> None:
    world.model.answers.extend([None, Refused(422), None, Refused(422)])
    generation = world.generation()
    assert statuses(generation) == [RUNNING, REFUNDED, RUNNING, REFUNDED]
    assert generation == world.now(generation)
    assert generation.cost == Decimal("0.08")
    assert world.balance() == Balance(6, 2)
    assert generation.status is GenerationStatus.PROCESSING


def test_throttled_images_stay_queued_and_are_due_when_they_may_start(world: World) -> None:
    world.model.answers.extend([None, Throttled(7.0), Throttled(12.0), None])
    generation = world.generation()
    assert statuses(generation) == [RUNNING, QUEUED, QUEUED, RUNNING]
    assert [image.attempt for image in generation.images] == [1, 2, 2, 1]
    assert [image.failures for image in generation.images] == [0] * 4
    assert generation.due_at == world.clock() + 12
    assert generation.cost == Decimal("0.08")
    assert world.balance() == Balance(4, 4)


def test_a_throttle_without_a_hint_is_due_in_half_a_minute(world: World) -> None:
    world.model.answers.append(Throttled())
    assert world.generation().due_at == world.clock() + 30


def test_all_throttled_is_no_error(world: World) -> None:
    world.model.answers.extend([Throttled(1.0)] * 4)
    generation = world.generation()
    assert statuses(generation) == [QUEUED] * 4
    assert generation.cost == 0


@pytest.mark.parametrize("runs", [True, False])
def test_a_lost_answer_leaves_the_image_running_without_a_prediction(world: World, runs: bool) -> None:
    world.model.answers.append(Lost(runs))
    generation = world.generation()
    assert statuses(generation) == [RUNNING] * 4
    assert generation.images[0].prediction_id is None
    assert generation.cost == Decimal("0.16")  # it may run, and be billed
    assert world.model.asked == 4


def test_storage_that_fails_after_the_reservation_is_no_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("throttled")

    monkeypatch.setattr(world.ledger, "claim", fail)
    generation = world.generation()
    assert statuses(generation) == [QUEUED] * 4
    assert world.balance() == Balance(4, 4)
    monkeypatch.undo()
    world.sweep_for(2)
    assert statuses(world.now(generation)) == [RUNNING] * 4


def test_the_others_are_noted_though_a_throttled_one_was_settled_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = world.model.start

    def meanwhile(request: PredictionRequest) -> str:
        """A sweep past the deadline refunds the second image while its start is under way."""
        ref = world.tokens.unseal(request.webhook.rsplit("/", 1)[-1])
        if ref.index == 1:
            generation = world.store.generations["ada", ref.generation_id]
            world.refund(generation, generation.images[1], OUT_OF_TIME)
        if ref.index in (1, 2):
            raise Throttled(5.0)
        return start(request)

    monkeypatch.setattr(world.model, "start", meanwhile)
    generation = world.generation()
    assert statuses(generation) == [RUNNING, REFUNDED, QUEUED, RUNNING]
    assert [bool(image.prediction_id) for image in generation.images] == [True, False, False, True]
    assert generation.due_at == world.clock() + 5
    assert world.now(generation) == generation


def test_a_token_that_cannot_be_read_is_a_start_that_was_not_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: PredictionRequest) -> str:
        raise StorageUnavailable("no secret")

    monkeypatch.setattr(world.model, "start", fail)
    generation = world.generation()
    assert statuses(generation) == [QUEUED] * 4
    assert generation.cost == 0
    assert [image.failures for image in generation.images] == [0] * 4
