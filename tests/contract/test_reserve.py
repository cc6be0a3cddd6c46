"""Reservations: credits, generation, entry and idempotency key, all of them or none."""

from dataclasses import replace

import pytest

from tests.contract.backends import Backend
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.credits import Balance, EntryKind
from veil.domain.errors import InsufficientCredits
from veil.domain.generation import Generation
from veil.domain.ports import AlreadyReserved, IdempotencyRecord, InvariantBroken, Lookup
from veil.domain.uploads import Upload

DAY = 24 * 3600


def reserve_entries(backend: Backend, user: str) -> list[tuple[int, str]]:
    found = backend.accounts.entries(user, 50, None).items
    return [(entry.amount, entry.reference) for entry in found if entry.kind is EntryKind.RESERVE]


def open_with(backend: Backend, user: str, amount: int) -> Generation:
    backend.accounts.open_account(user, amount, START)
    return backend.generation(user, START)


def test_it_takes_the_credits_and_puts_the_generation(backend: Backend, user: str) -> None:
    generation = open_with(backend, user, 5)
    backend.ledger.reserve(generation, ("key", "hash"), START)
    assert backend.generations.get(user, generation.id) == generation
    assert backend.accounts.balance(user, START) == Balance(1, 4)
    assert reserve_entries(backend, user) == [(-4, generation.id)]
    record = IdempotencyRecord("hash", generation.id)
    assert backend.ledger.look_up(user, generation.upload_id, "key", START) == Lookup(None, record, 1)


def test_a_generation_comes_back_as_it_was_made(backend: Backend, user: str) -> None:
    generation = replace(open_with(backend, user, 8), credits_per_image=2, style="vintage", due_at=START + 90.125)
    backend.ledger.reserve(generation, None, START)
    assert backend.stands(generation) == generation


@pytest.mark.parametrize("available", [0, 3])
def test_too_few_credits_change_nothing(backend: Backend, user: str, available: int) -> None:
    generation = open_with(backend, user, available)
    with pytest.raises(InsufficientCredits) as refusal:
        backend.ledger.reserve(generation, ("key", "hash"), START)
    assert (refusal.value.required, refusal.value.available) == (4, available)
    assert backend.generations.get(user, generation.id) is None
    assert backend.accounts.balance(user, START) == Balance(available, 0)
    assert reserve_entries(backend, user) == []
    assert backend.ledger.look_up(user, "none", "key", START) == Lookup(None, None, available)


def test_an_account_that_is_not_open_has_none(backend: Backend, user: str) -> None:
    with pytest.raises(InsufficientCredits) as refusal:
        backend.ledger.reserve(backend.generation(user, START), None, START)
    assert (refusal.value.required, refusal.value.available) == (4, 0)
    assert backend.accounts.balance(user, START) is None


def test_a_used_key_reserves_nothing(backend: Backend, user: str) -> None:
    first = open_with(backend, user, 8)
    backend.ledger.reserve(first, ("key", "hash"), START)
    second = backend.generation(user, START + 1)
    with pytest.raises(AlreadyReserved) as refusal:
        backend.ledger.reserve(second, ("key", "other hash"), START + 1)
    assert refusal.value.record == IdempotencyRecord("hash", first.id)
    assert backend.generations.get(user, second.id) is None
    assert backend.accounts.balance(user, START) == Balance(4, 4)
    assert reserve_entries(backend, user) == [(-4, first.id)]


def test_a_used_key_comes_before_missing_credits(backend: Backend, user: str) -> None:
    first = open_with(backend, user, 4)
    backend.ledger.reserve(first, ("key", "hash"), START)
    with pytest.raises(AlreadyReserved):
        backend.ledger.reserve(backend.generation(user, START), ("key", "hash"), START)


def test_a_key_may_be_used_again_after_a_day(backend: Backend, user: str) -> None:
    backend.ledger.reserve(open_with(backend, user, 12), ("key", "hash"), START)
    just_before, after = START + DAY - 1, START + DAY
    assert backend.ledger.look_up(user, "none", "key", just_before).idempotency
    with pytest.raises(AlreadyReserved):
        backend.ledger.reserve(backend.generation(user, just_before), ("key", "new"), just_before)
    assert backend.ledger.look_up(user, "none", "key", after).idempotency is None
    again = backend.generation(user, after)
    backend.ledger.reserve(again, ("key", "new"), after)
    assert backend.ledger.look_up(user, "none", "key", after).idempotency == IdempotencyRecord("new", again.id)
    assert backend.accounts.balance(user, START) == Balance(4, 8)


def test_a_key_is_each_users_own(backend: Backend, user: str) -> None:
    for one in (user, f"{user}2"):
        backend.ledger.reserve(open_with(backend, one, 4), ("key", "hash"), START)
        assert backend.accounts.balance(one, START) == Balance(0, 4)


def test_a_taken_id_reserves_nothing(backend: Backend, user: str) -> None:
    first = open_with(backend, user, 8)
    backend.ledger.reserve(first, None, START)
    with pytest.raises(InvariantBroken):
        backend.ledger.reserve(replace(first, style="modern"), ("key", "hash"), START)
    assert backend.stands(first) == first
    assert backend.accounts.balance(user, START) == Balance(4, 4)
    assert backend.ledger.look_up(user, "none", "key", START).idempotency is None


def test_looking_up_finds_all_there_is(backend: Backend, user: str) -> None:
    upload = Upload(user, backend.new_id(START), "image/jpeg", 5, START)
    assert backend.ledger.look_up(user, upload.id, "key", START) == Lookup(None, None, None)
    assert backend.ledger.look_up(user, upload.id, None, START) == Lookup(None, None, None)
    backend.uploads.create(upload)
    backend.accounts.open_account(user, 8, START)
    assert backend.ledger.look_up(user, upload.id, None, START) == Lookup(upload, None, 8)
    assert backend.ledger.look_up(f"{user}2", upload.id, None, START) == Lookup(None, None, None)


@RACES
def test_forty_reservations_against_ten_take_ten(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 10, START)
    wanted = [backend.generation(user, START + number, images=1) for number in range(40)]
    results = at_once([lambda one=one: backend.ledger.reserve(one, None, START) for one in wanted])  # type: ignore[misc]
    made = [one for one, result in zip(wanted, results, strict=True) if result is None]
    assert len(made) == 10
    assert {type(result) for result in results} == {type(None), InsufficientCredits}
    assert backend.accounts.balance(user, START) == Balance(0, 10)
    assert sorted(reserve_entries(backend, user)) == sorted((-1, one.id) for one in made)
    assert {one.id for one in backend.generations.newest(user, 50, None).items} == {one.id for one in made}


@RACES
def test_one_key_used_many_times_at_once_reserves_once(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 80, START)
    wanted = [backend.generation(user, START + number) for number in range(10)]
    results = at_once([lambda one=one: backend.ledger.reserve(one, ("key", "hash"), START) for one in wanted])  # type: ignore[misc]
    (made,) = [one for one, result in zip(wanted, results, strict=True) if result is None]
    records = {result.record for result in results if isinstance(result, AlreadyReserved)}
    assert records == {IdempotencyRecord("hash", made.id)}
    assert sum(isinstance(result, AlreadyReserved) for result in results) == 9
    assert backend.accounts.balance(user, START) == Balance(76, 4)
    assert reserve_entries(backend, user) == [(-4, made.id)]
