"""Consents: recorded once, the last one of each kind counts, and only in its newest version."""

import pytest

from tests.fakes.world import World
from veil.domain.consents import NEVER_REQUIRED, VERSIONS, Consent, ConsentKind, in_force, latest
from veil.domain.errors import ConsentRequired, InvalidRequest
from veil.domain.ports import StorageUnavailable

AI, FACES = ConsentKind.THIRD_PARTY_AI, ConsentKind.FACE_COMPARISON


def test_every_kind_has_versions_and_each_is_another() -> None:
    assert list(VERSIONS) == list(ConsentKind)
    assert all(versions and len(set(versions)) == len(versions) for versions in VERSIONS.values())
    assert FACES in NEVER_REQUIRED


def test_each_decision_is_a_record_and_the_last_one_counts(world: World) -> None:
    world.decide("bob", FACES)
    world.decide("bob", FACES)
    world.decide("bob", FACES, granted=False)
    world.decide("bob", FACES)
    assert [one.granted for user, one in world.store.decisions if user == "bob"] == [True, False, True]
    assert in_force(world.consents.of("bob"), FACES) == world.store.decisions[-1][1]


def test_who_loses_to_another_decision_comes_after_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    of = world.consents.of

    def meanwhile(user: str) -> object:
        seen = of(user)
        monkeypatch.setattr(world.consents, "of", of)
        world.decide(user, FACES, granted=False)
        return seen

    monkeypatch.setattr(world.consents, "of", meanwhile)
    world.decide("bob", FACES)
    assert [one.granted for user, one in world.store.decisions if user == "bob"] == [False, True]


def test_it_gives_up_where_it_always_loses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.consents, "decide", lambda *_: False)
    with pytest.raises(StorageUnavailable):
        world.decide("bob", FACES)


def test_a_version_that_there_is_none_of(world: World) -> None:
    with pytest.raises(InvalidRequest) as refused:
        world.change_consents.decide("bob", AI, "1999-01-01", granted=True)
    assert [error.name for error in refused.value.errors] == ["version"]
    assert not world.consents.of("bob")


def test_only_what_was_agreed_to_in_its_newest_version_counts() -> None:
    for version, granted, counts in ((latest(AI), True, True), (latest(AI), False, False), ("older", True, False)):
        assert Consent(AI, "id", version, granted, 0).in_force is counts


def test_a_generation_remembers_the_consent_that_it_was_reserved_under(world: World) -> None:
    assert world.generation().face_consent is None
    world.decide(kind=FACES)
    assert world.generation().face_consent == world.consents.of("ada")[FACES].id
    world.decide("bob", FACES)
    world.decide("bob", FACES, granted=False)
    assert world.generation("bob").face_consent is None


def test_nothing_is_reserved_without_it(world: World) -> None:
    upload_id = world.ready_upload("ada")
    world.decide(granted=False)
    with pytest.raises(ConsentRequired) as refused:
        world.generate("ada", upload_id, "classic", None)
    assert (refused.value.kind, refused.value.version) == (AI, latest(AI))
    assert not world.store.generations


def test_a_team_may_require_none(world: World) -> None:
    object.__setattr__(world.generate, "required", ())
    object.__setattr__(world.create_upload, "required", ())
    world.decide(granted=False)
    upload, _ = world.create_upload("bob", "image/png", 5, None)
    world.uploads.ready(upload, 3, 4)
    world.generate("bob", upload.id, "classic", None)
