"""Accounts: what is available is the sum of the entries, and nothing is granted twice."""

import pytest

from tests.contract.backends import Backend
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.domain.credits import Balance, EntryKind
from veil.domain.ports import InvariantBroken


def entries_of(backend: Backend, user: str) -> list[tuple[EntryKind, int, str]]:
    found = backend.accounts.entries(user, 50, None)
    assert found.next is None
    return [(entry.kind, entry.amount, entry.reference) for entry in found.items]


def test_an_account_that_nobody_has_seen_has_no_balance(backend: Backend, user: str) -> None:
    assert backend.accounts.balance(user, START) is None
    assert entries_of(backend, user) == []


@pytest.mark.parametrize(
    ("welcome", "entries"), [(8, [(EntryKind.GRANT, 8, "welcome")]), (0, [])], ids=["welcome", "none"]
)
def test_an_account_opens_once(
    backend: Backend, user: str, welcome: int, entries: list[tuple[EntryKind, int, str]]
) -> None:
    backend.accounts.open_account(user, welcome, START)
    backend.accounts.open_account(user, welcome + 5, START + 1)
    assert backend.accounts.balance(user, START) == Balance(welcome, 0)
    assert entries_of(backend, user) == entries


def test_a_reference_is_granted_once(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 8, START)
    assert backend.accounts.grant(user, EntryKind.PURCHASE, 40, "order-1", START + 1)
    assert not backend.accounts.grant(user, EntryKind.PURCHASE, 40, "order-1", START + 2)
    assert not backend.accounts.grant(user, EntryKind.GRANT, 7, "order-1", START + 3)
    assert backend.accounts.grant(user, EntryKind.GRANT, 1, "order-2", START + 4)
    assert backend.accounts.balance(user, START) == Balance(49, 0)
    assert entries_of(backend, user) == [
        (EntryKind.GRANT, 1, "order-2"),
        (EntryKind.PURCHASE, 40, "order-1"),
        (EntryKind.GRANT, 8, "welcome"),
    ]


def test_a_reference_is_each_users_own(backend: Backend, user: str) -> None:
    for one in (user, f"{user}2"):
        backend.accounts.open_account(one, 0, START)
        assert backend.accounts.grant(one, EntryKind.GRANT, 3, "order", START)
        assert backend.accounts.balance(one, START) == Balance(3, 0)


def test_a_grant_opens_no_account(backend: Backend, user: str) -> None:
    with pytest.raises(InvariantBroken):
        backend.accounts.grant(user, EntryKind.GRANT, 4, "order", START)
    assert backend.accounts.balance(user, START) is None
    assert entries_of(backend, user) == []
    backend.accounts.open_account(user, 0, START)
    assert backend.accounts.grant(user, EntryKind.GRANT, 4, "order", START)  # the lost grant left no reference


def test_entries_come_page_by_page_newest_first(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 0, START)
    for number in range(7):
        backend.accounts.grant(user, EntryKind.GRANT, number + 1, f"r{number}", START + number)
    pages: list[list[int]] = []
    after = None
    while not pages or after:
        page = backend.accounts.entries(user, 3, after)
        pages.append([entry.amount for entry in page.items])
        after = page.next
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_a_full_last_page_has_none_after_it(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 8, START)
    assert backend.accounts.entries(user, 1, None).next is None


def test_an_entry_is_as_it_was_made(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 8, START + 0.25)
    (entry,) = backend.accounts.entries(user, 1, None).items
    assert (entry.kind, entry.amount, entry.created_at) == (EntryKind.GRANT, 8, START + 0.25)


def test_open_images_hold_their_credits(backend: Backend, user: str) -> None:
    backend.reserved(user, START)
    backend.running(user, START + 1)
    assert backend.accounts.balance(user, START + 2) == Balance(0, 8)
    assert backend.accounts.balance(user, START + 23 * 3600) == Balance(0, 8)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("backend", ["moto"], indirect=True, scope="module")
def test_a_balance_is_one_state_though_a_reservation_commits_meanwhile(
    backend: Backend, user: str, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Either what was before it or what is after it; never eight credits and four that are held of them."""
    assert isinstance(backend.accounts, DynamoAccounts)
    backend.accounts.open_account(user, 8, START)
    held = backend.accounts._held

    def meanwhile(user: str, now: float) -> int:
        monkeypatch.undo()
        first = held(user, now) if when == "after" else None
        backend.ledger.reserve(backend.generation(user, START), None, START)
        return held(user, now) if first is None else first

    monkeypatch.setattr(backend.accounts, "_held", meanwhile)
    assert backend.accounts.balance(user, START) == Balance(4, 4)


@RACES
def test_many_openings_grant_one_welcome(backend: Backend, user: str) -> None:
    at_once([lambda: backend.accounts.open_account(user, 8, START)] * 10)
    assert backend.accounts.balance(user, START) == Balance(8, 0)
    assert entries_of(backend, user) == [(EntryKind.GRANT, 8, "welcome")]


@RACES
def test_one_reference_granted_many_times_at_once_counts_once(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 0, START)
    results = at_once([lambda: backend.accounts.grant(user, EntryKind.PURCHASE, 40, "order", START)] * 10)
    assert sorted(results, key=str) == [False] * 9 + [True]
    assert backend.accounts.balance(user, START) == Balance(40, 0)
    assert len(entries_of(backend, user)) == 1
