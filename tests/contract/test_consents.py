"""Consents, the same on every implementation."""

from dataclasses import replace

from tests.contract.backends import Backend
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.consents import Consent, ConsentKind

AI, FACES = ConsentKind.THIRD_PARTY_AI, ConsentKind.FACE_COMPARISON


def consent(backend: Backend, kind: ConsentKind = AI, *, granted: bool = True) -> Consent:
    return Consent(kind, backend.new_id(START), "2026-11-26", granted, START + 0.125)


def test_the_last_one_of_each_kind(backend: Backend, user: str) -> None:
    assert backend.consents.of(user) == {}
    first, other = consent(backend), consent(backend, FACES)
    assert backend.consents.decide(user, first, None)
    assert backend.consents.decide(user, other, None)
    assert backend.consents.of(user) == {AI: first, FACES: other}
    second = consent(backend, granted=False)
    assert backend.consents.decide(user, second, first)
    assert backend.consents.of(user) == {AI: second, FACES: other}
    assert backend.consents.of(f"{user}2") == {}


def test_only_over_the_one_that_was_seen(backend: Backend, user: str) -> None:
    first, second = consent(backend), consent(backend, granted=False)
    assert backend.consents.decide(user, first, None)
    for stale in (None, second):
        assert not backend.consents.decide(user, replace(second, id=backend.new_id(START)), stale)
    assert backend.consents.of(user) == {AI: first}


@RACES
def test_of_two_at_once_one_is_the_last(backend: Backend, user: str) -> None:
    both = [consent(backend), consent(backend, granted=False)]
    done = at_once([lambda one=one: backend.consents.decide(user, one, None) for one in both])  # type: ignore[misc]
    assert set(done) == {False, True}
    assert backend.consents.of(user) == {AI: both[done.index(True)]}


def test_a_generation_asks_for_them_with_the_rest(backend: Backend, user: str) -> None:
    backend.consents.decide(user, given := consent(backend, FACES), None)
    assert backend.ledger.look_up(user, "none", None, START).consents == {FACES: given}
    generation = replace(backend.generation(user, START, images=1), face_consent=given.id)
    backend.accounts.open_account(user, 1, START)
    backend.ledger.reserve(generation, None, START)
    assert backend.stands(generation).face_consent == given.id
