"""`POST /generations`: what is looked up, counted and reserved before anything starts."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes.world import World
from veil.domain.credits import Balance, EntryKind
from veil.domain.errors import (
    DomainError,
    InsufficientCredits,
    ProviderUnavailable,
    RateLimited,
    UploadNotFound,
    UploadNotReady,
    UploadRejected,
)
from veil.domain.ports import StorageUnavailable
from veil.domain.predictions import Refused
from veil.domain.uploads import MISSING_SECONDS, UPLOAD_LIFE_SECONDS, Reason, Upload, UploadStatus


def kinds(world: World, user: str = "ada") -> list[EntryKind]:
    return [entry.kind for entry in world.credits.entries(user, 50, None).items]


def test_welcome_credits_are_granted_once_whatever_is_seen_first(world: World) -> None:
    world.generation()
    assert world.balance() == Balance(4, 4)
    world.generation()
    assert world.balance() == Balance(0, 8)
    assert kinds(world) == [EntryKind.RESERVE, EntryKind.RESERVE, EntryKind.GRANT]


UPLOADS: dict[str, tuple[Callable[[Upload], Upload], type[DomainError]]] = {
    "pending": (lambda upload: replace(upload, status=UploadStatus.PENDING), UploadNotReady),
    "checking": (lambda upload: replace(upload, status=UploadStatus.CHECKING), UploadNotReady),
    "rejected": (lambda upload: replace(upload, status=UploadStatus.REJECTED, reason=Reason.NO_FACE), UploadRejected),
    "never sent": (
        lambda upload: replace(upload, status=UploadStatus.PENDING, created_at=upload.created_at - MISSING_SECONDS),
        UploadNotFound,
    ),
    "slow": (
        lambda upload: replace(
            upload, status=UploadStatus.CHECKING, created_at=upload.created_at - 9 * MISSING_SECONDS
        ),
        UploadNotReady,
    ),
    "expired": (lambda upload: replace(upload, created_at=upload.created_at - UPLOAD_LIFE_SECONDS), UploadNotFound),
}


@pytest.mark.parametrize("case", list(UPLOADS))
def test_a_photo_must_have_passed_its_check(world: World, case: str) -> None:
    change, error = UPLOADS[case]
    upload_id = world.ready_upload("ada")
    world.store.uploads["ada", upload_id] = change(world.store.uploads["ada", upload_id])
    with pytest.raises(error):
        world.generate("ada", upload_id, "classic", None)
    assert world.store.generations == {}
    assert world.model.asked == 0


def test_a_photo_must_be_ones_own(world: World) -> None:
    upload_id = world.ready_upload("bob")
    for unknown in (upload_id, world.ids(world.clock()), "no-id", ""):
        with pytest.raises(UploadNotFound):
            world.generate("ada", unknown, "classic", None)
    assert world.store.generations == {}


def test_without_credits_nothing_starts(world: World) -> None:
    world.generation()
    world.generation()
    with pytest.raises(InsufficientCredits) as refusal:
        world.generation()
    assert (refusal.value.required, refusal.value.available) == (4, 0)
    assert world.balance() == Balance(0, 8)
    assert world.model.asked == 8


def test_a_hopeless_request_takes_no_place_in_the_rate_limit(world: World) -> None:
    world.limiter.limit = 3
    world.generation()
    world.generation()
    for _ in range(3):
        with pytest.raises(InsufficientCredits):
            world.generation()
    world.credits.grant("ada", 4, "order", EntryKind.PURCHASE)
    world.generation()


def test_the_rate_limit_comes_before_the_credits_are_taken(world: World) -> None:
    world.limiter.limit = 1
    world.generation()
    with pytest.raises(RateLimited):
        world.generation()
    assert world.balance() == Balance(4, 4)


def test_storage_that_fails_at_the_reservation_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("throttled")

    monkeypatch.setattr(world.ledger, "reserve", fail)
    with pytest.raises(StorageUnavailable):
        world.generation()
    assert world.model.asked == 0


def test_what_failed_by_our_fault_takes_no_place_in_the_rate_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("throttled")

    world.limiter.limit = 1
    with monkeypatch.context() as patched:
        patched.setattr(world.ledger, "reserve", fail)
        for _ in range(5):
            with pytest.raises(StorageUnavailable):
                world.generation()
    world.model.answers.extend([Refused(402)] * 20)
    for _ in range(5):
        with pytest.raises(ProviderUnavailable):
            world.generation()
    world.generation()
    with pytest.raises(RateLimited):
        world.generation()


def test_a_limiter_that_cannot_take_it_back_changes_no_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("throttled")

    monkeypatch.setattr(world.limiter, "give_back", fail)
    world.model.answers.extend([Refused(402)] * 4)
    with pytest.raises(ProviderUnavailable):
        world.generation()
