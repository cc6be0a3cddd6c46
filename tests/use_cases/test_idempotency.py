"""`POST /generations` with an idempotency key: one request, however often it is sent."""

from dataclasses import replace
from hashlib import sha256

import pytest

from tests.fakes.world import World
from tests.use_cases.steps import REFUNDED
from veil.domain.credits import Balance, EntryKind
from veil.domain.errors import (
    GenerationNotFound,
    IdempotencyKeyReused,
)
from veil.domain.generation import Generation
from veil.domain.ports import Lookup
from veil.domain.predictions import PredictionStatus, Refused
from veil.domain.styles import Role


def kinds(world: World, user: str = "ada") -> list[EntryKind]:
    return [entry.kind for entry in world.credits.entries(user, 50, None).items]


def test_a_key_answers_the_first_generation_again_as_it_is_now(world: World) -> None:
    upload_id = world.ready_upload("ada")
    first, _ = world.generate("ada", upload_id, "classic", "key")
    world.model.finish(next(iter(world.model.started)), PredictionStatus.FLAGGED)
    world.webhook(next(iter(world.model.started)))
    world.limiter.limit = 0  # a replay is not counted
    again, replayed = world.generate("ada", upload_id, "classic", "key")
    assert replayed
    assert again == world.now(first)
    assert again.images[0].status is REFUNDED
    assert world.model.asked == 4
    assert world.balance() == Balance(5, 3)


def test_a_key_with_another_request_is_refused(world: World) -> None:
    upload_id = world.ready_upload("ada")
    world.generate("ada", upload_id, "classic", "key")
    for other in ((upload_id, "modern"), (world.ready_upload("ada"), "classic")):
        with pytest.raises(IdempotencyKeyReused):
            world.generate("ada", *other, "key")
    assert world.balance() == Balance(4, 4)


def test_a_key_lives_for_a_day_and_for_one_user(world: World) -> None:
    upload_id = world.ready_upload("ada")
    first, _ = world.generate("ada", upload_id, "classic", "key")
    other, replayed = world.generate("bob", world.ready_upload("bob"), "classic", "key")
    assert not replayed
    assert other.user == "bob"
    world.clock.advance(24 * 3600)
    second, replayed = world.generate("ada", world.ready_upload("ada"), "classic", "key")
    assert not replayed
    assert second.id != first.id


def test_a_key_of_what_was_deleted_finds_nothing(world: World) -> None:
    upload_id = world.ready_upload("ada")
    world.model.answers.extend([None, Refused(422), Refused(422), Refused(422)])
    generation, _ = world.generate("ada", upload_id, "classic", "key")
    world.succeed(next(iter(world.model.started)))
    world.webhook(next(iter(world.model.started)))
    world.gallery.delete("ada", generation.id)
    for _ in range(2):
        with pytest.raises(GenerationNotFound):
            world.generate("ada", upload_id, "classic", "key")
        world.sweep_for(3)


def test_two_requests_with_one_key_at_once_make_one_generation(world: World) -> None:
    upload_id = world.ready_upload("ada")
    count = world.limiter.check

    def meanwhile(user: str, now: float) -> None:
        """The other request is served between this one's look and its reservation."""
        world.limiter.check = count  # type: ignore[method-assign]
        firsts.append(world.generate("ada", upload_id, "classic", "key")[0])

    firsts: list[Generation] = []
    world.limiter.check = meanwhile  # type: ignore[method-assign]
    second, replayed = world.generate("ada", upload_id, "classic", "key")
    assert replayed
    assert [second] == firsts
    assert world.balance() == Balance(4, 4)
    assert world.model.asked == 4


@pytest.mark.parametrize("taken", ["credits", "place"])
def test_of_two_requests_with_one_key_the_second_is_no_refusal(
    world: World, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    """Though the first took the last credits, or the last place in the rate limit, after the second had looked."""
    upload_id = world.ready_upload("ada")
    world.credits.balance("ada")
    world.limiter.limit = 1
    before = world.ledger.look_up("ada", upload_id, "key", world.clock())
    first, _ = world.generate("ada", upload_id, "classic", "key")
    look_up = world.ledger.look_up

    def stale(*_: object) -> Lookup:
        monkeypatch.setattr(world.ledger, "look_up", look_up)
        return replace(before, available=0) if taken == "credits" else before

    monkeypatch.setattr(world.ledger, "look_up", stale)
    again, replayed = world.generate("ada", upload_id, "classic", "key")
    assert replayed
    assert again == first


def test_a_role_is_a_part_of_the_request(world: World) -> None:
    upload_id = world.ready_upload("ada")
    first, _ = world.generate("ada", upload_id, "classic", "key", Role.BRIDE)
    again, replayed = world.generate("ada", upload_id, "classic", "key", Role.BRIDE)
    assert replayed
    assert again == world.now(first)
    for other in (None, Role.GROOM):
        with pytest.raises(IdempotencyKeyReused):
            world.generate("ada", upload_id, "classic", "key", other)
    assert world.balance() == Balance(4, 4)


def test_a_request_without_a_role_has_the_hash_of_before_there_were_roles(world: World) -> None:
    """A key of yesterday is replayed by the code of today."""
    upload_id = world.ready_upload("ada")
    first, _ = world.generate("ada", upload_id, "classic", "key")
    record, _ = world.store.idempotency["ada", "key"]
    assert record.request_hash == sha256(f"{upload_id}\nclassic".encode()).hexdigest()
    assert record.generation_id == first.id
