"""Looking at generations, choosing an image, deleting."""

import pytest

from tests.fakes.replicate import describe
from tests.fakes.world import World
from tests.use_cases.steps import settled
from veil.domain.credits import Balance
from veil.domain.errors import GenerationNotFound, ImageNotStored, InvalidField, InvalidRequest, StillProcessing
from veil.domain.generation import Generation, GenerationStatus, ImageStatus
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import PredictionStatus

S = PredictionStatus


@pytest.fixture
def partial(world: World) -> Generation:
    """All but its last image are stored."""
    return settled(world, S.SUCCEEDED, S.SUCCEEDED, S.SUCCEEDED, S.FLAGGED)


def test_a_generation_is_found_by_its_owner_only(world: World, partial: Generation) -> None:
    assert world.gallery.get("ada", partial.id) == partial
    for user, generation_id in (("bob", partial.id), ("ada", "none"), ("ada", world.ids(world.clock()))):
        with pytest.raises(GenerationNotFound):
            world.gallery.get(user, generation_id)


def test_its_status_says_how_it_ended(world: World) -> None:
    ends = {
        GenerationStatus.COMPLETED: [S.SUCCEEDED] * 4,
        GenerationStatus.PARTIAL: [S.FLAGGED, S.SUCCEEDED, S.SUCCEEDED, S.FLAGGED],
        GenerationStatus.FAILED: [S.FLAGGED] * 4,
        GenerationStatus.PROCESSING: [S.SUCCEEDED, S.SUCCEEDED, S.SUCCEEDED, S.RUNNING],
    }
    world.credits.grant("ada", 8, "order")
    for status, images in ends.items():
        generation = settled(world, *images)
        assert generation.status is status
        assert (generation.finished_at is None) == (status is GenerationStatus.PROCESSING)


def test_a_stored_image_is_selected_and_unselected(world: World, partial: Generation) -> None:
    assert world.gallery.select("ada", partial.id, 2).selected == 2
    assert world.gallery.select("ada", partial.id, 0).selected == 0
    assert world.gallery.unselect("ada", partial.id).selected is None
    assert world.gallery.unselect("ada", partial.id) == partial


def test_only_a_stored_image_is_selected(world: World, partial: Generation) -> None:
    with pytest.raises(ImageNotStored):
        world.gallery.select("ada", partial.id, 3)
    for index in (-1, 4):
        with pytest.raises(InvalidRequest) as refusal:
            world.gallery.select("ada", partial.id, index)
        assert refusal.value.errors == (InvalidField("image", "out_of_range", {"least": 0, "most": 3}),)
    with pytest.raises(GenerationNotFound):
        world.gallery.select("bob", partial.id, 0)
    assert world.now(partial) == partial


def test_deleting_takes_the_images_before_it_answers(world: World, partial: Generation) -> None:
    world.gallery.delete("ada", partial.id)
    assert world.photos.objects == {}
    assert world.edge.forgotten == [(partial.result_folder, f"{partial.id} deleted")]
    assert world.gallery.list("ada", 50, None).items == ()
    for look in (world.gallery.get, world.gallery.unselect):
        with pytest.raises(GenerationNotFound):
            look("ada", partial.id)
    world.gallery.delete("ada", partial.id)  # again, as after an answer that was lost
    assert world.balance() == Balance(5, 0)  # what was got was paid for


def test_the_sweep_deletes_again_and_leaves_the_record_that_the_credits_were_captured(
    world: World, partial: Generation
) -> None:
    world.gallery.delete("ada", partial.id)
    world.photos.write_once(partial.result_key(3), b"too late", describe(b"too late"))
    world.sweep_for(5)
    assert world.now(partial).deleted
    world.sweep_for(2)
    assert world.now(partial).due_at is None
    assert world.now(partial).credits_in(ImageStatus.STORED) == 3
    assert world.photos.objects == {}
    assert world.edge.forgotten[-1] == (partial.result_folder, f"{partial.id} deleted again")
    with pytest.raises(GenerationNotFound):
        world.gallery.get("ada", partial.id)
    world.gallery.delete("ada", partial.id)  # again, long after
    assert list(world.work.due(world.clock() + 24 * 3600)) == []


def test_what_is_still_processing_is_not_deleted(world: World) -> None:
    generation = world.generation()
    with pytest.raises(StillProcessing):
        world.gallery.delete("ada", generation.id)
    assert world.now(generation) == generation


def test_a_bucket_that_does_not_answer_leaves_the_images_to_the_sweep(
    world: World, partial: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("throttled")

    with monkeypatch.context() as patch:
        patch.setattr(world.photos, "delete", fail)
        with pytest.raises(StorageUnavailable):
            world.gallery.delete("ada", partial.id)
        assert world.photos.objects
        assert [len(report.errors) for report in world.sweep_for(7)] == [0, 0, 0, 0, 0, 1, 0]
    world.gallery.delete("ada", partial.id)
    assert world.photos.objects == {}
    world.sweep_for(10)  # to its next rung
    assert world.now(partial).due_at is None


def test_what_is_gone_is_not_deleted(world: World, partial: Generation) -> None:
    world.store.generations.clear()
    for user, generation_id in (("ada", partial.id), ("bob", partial.id), ("ada", "none")):
        with pytest.raises(GenerationNotFound):
            world.gallery.delete(user, generation_id)


def test_a_webhook_of_what_is_being_deleted_stores_nothing(world: World, partial: Generation) -> None:
    world.gallery.delete("ada", partial.id)
    for prediction_id in world.model.started:
        world.webhook(prediction_id)
    assert world.photos.objects == {}
