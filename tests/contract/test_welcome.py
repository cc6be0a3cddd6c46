"""The welcome: once for each person, and no more of them in a day than the stage's budget has."""

from itertools import count

import pytest

from tests.contract.backends import Backend, hashed
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from tests.fakes.limits import RecordingTelemetry
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.accounts import DynamoAccounts, WelcomeBudget
from veil.domain.credits import Balance, welcome_day
from veil.domain.ids import new_id
from veil.domain.ports import Accounts

DAY = 24 * 3600
YEAR = 365 * DAY
_days = count(1)


@pytest.fixture
def now() -> float:
    """On a day of the test's own, with another before the next test's."""
    return START + 30 * DAY * next(_days)


def welcomes(accounts: Accounts, user: str) -> list[int]:
    return [entry.amount for entry in accounts.entries(user, 50, None).items if entry.reference == "welcome"]


def test_the_budget_of_a_day(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(10)
    for number in range(3):
        accounts.open_account(f"{user}{number}", 4, now)
    assert [welcomes(accounts, f"{user}{number}") for number in range(3)] == [[4], [4], []]
    assert accounts.balance(f"{user}2", now) == Balance(0, 0)


def test_who_comes_too_late_gets_theirs_on_a_later_day(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(4)
    late = f"{user}late"
    accounts.open_account(user, 4, now)
    accounts.open_account(late, 4, now)
    accounts.open_account(late, 4, now)
    assert accounts.balance(late, now) == Balance(0, 0)
    assert accounts.balance(late, now + DAY) == Balance(0, 0, welcome_due=True)
    assert backend.ledger.look_up(late, "none", None, now + DAY).welcome_due
    for _ in range(3):
        accounts.open_account(late, 4, now + DAY)
    assert accounts.balance(late, now + 2 * DAY) == Balance(4, 0)
    assert welcomes(accounts, late) == [4]


def test_a_day_that_has_none_left_either_is_asked_once(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(4)
    for name, day in (("first", 0), ("late", 0), ("second", 1), ("late", 1)):
        accounts.open_account(user + name, 4, now + day * DAY)
    late = f"{user}late"
    assert accounts.balance(late, now + DAY) == Balance(0, 0)
    assert accounts.balance(late, now + 2 * DAY) == Balance(0, 0, welcome_due=True)
    accounts.open_account(late, 4, now + 2 * DAY)
    assert welcomes(accounts, late) == [4]


def test_the_day_is_seouls(backend: Backend, user: str, now: float) -> None:
    midnight = now // DAY * DAY + 15 * 3600
    accounts = backend.welcoming(4)
    for name, at in (("a", midnight - 1), ("b", midnight - 1), ("c", midnight)):
        accounts.open_account(user + name, 4, at)
    assert [welcomes(accounts, user + name) for name in "abc"] == [[4], [], [4]]


def test_what_was_bought_meanwhile_stays(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(4)
    accounts.open_account(f"{user}first", 4, now)
    accounts.open_account(user, 4, now)
    accounts.grant(user, "purchase", 12, "order", now)  # type: ignore[arg-type]
    accounts.open_account(user, 4, now + DAY)
    assert accounts.balance(user, now + DAY) == Balance(16, 0)


def test_a_budget_of_nothing_owes_nothing(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(0)
    accounts.open_account(user, 4, now)
    assert accounts.balance(user, now + DAY) == Balance(0, 0)
    backend.welcoming(100).open_account(user, 4, now + DAY)
    assert welcomes(accounts, user) == []


def test_who_had_theirs_and_left_gets_none(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(100)
    backend.leave(user, now)
    for at in (now, now + DAY):
        accounts.open_account(user, 4, at)
        assert accounts.balance(user, at + DAY) == Balance(0, 0)
    assert welcomes(accounts, user) == []


def test_nor_when_the_budget_was_spent_at_first(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(4)
    backend.leave(user, now)
    accounts.open_account(f"{user}first", 4, now)
    accounts.open_account(user, 4, now)
    accounts.open_account(user, 4, now + DAY)
    assert accounts.balance(user, now + 9 * DAY) == Balance(0, 0)
    assert welcomes(accounts, user) == []


@pytest.mark.parametrize("backend", ["moto", "simulated"], indirect=True, scope="module")
def test_who_left_a_year_ago_is_new_again(backend: Backend, user: str, now: float) -> None:
    """Also before the TTL has deleted the item."""
    backend.leave(user, now - YEAR)
    accounts = backend.welcoming(100)
    accounts.open_account(user, 4, now)
    assert welcomes(accounts, user) == [4]


@RACES
def test_newcomers_at_once_never_pass_the_budget(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(12)
    names = [f"{user}{number}" for number in range(8)]
    at_once([lambda name=name: accounts.open_account(name, 4, now) for name in names])  # type: ignore[misc]
    assert sum(sum(welcomes(accounts, name)) for name in names) == 12
    assert all(accounts.balance(name, now) is not None for name in names)


@RACES
def test_what_is_owed_is_given_once_whatever_races(backend: Backend, user: str, now: float) -> None:
    accounts = backend.welcoming(4)
    accounts.open_account(f"{user}first", 4, now)
    accounts.open_account(user, 4, now)
    at_once([lambda: accounts.open_account(user, 4, now + DAY)] * 8)
    assert welcomes(accounts, user) == [4]
    assert accounts.balance(user, now + DAY) == Balance(4, 0)


@pytest.mark.parametrize("backend", ["moto"], indirect=True, scope="module")
def test_it_is_counted_who_has_to_wait(backend: Backend, user: str, now: float) -> None:
    assert isinstance(backend.accounts, DynamoAccounts)
    table, telemetry = backend.accounts._table, RecordingTelemetry()
    accounts = DynamoAccounts(table, new_id, WelcomeBudget(table, 8, hashed, telemetry))
    for name in "aabcd":
        accounts.open_account(user + name, 4, now)
    accounts.open_account(f"{user}d", 4, now)
    assert telemetry.total("WelcomesPutOff") == 2
    counter = table.at(*items.welcomes(welcome_day(now)))
    assert counter
    assert (counter["granted"], counter["budget"]) == (8, 8)
    assert 7 * DAY < float(counter["expires_at"]) - now <= 9 * DAY


@pytest.mark.parametrize("backend", ["moto"], indirect=True, scope="module")
def test_who_does_not_know_the_budget_leaves_the_welcome_to_who_does(backend: Backend, user: str, now: float) -> None:
    assert isinstance(backend.accounts, DynamoAccounts)
    DynamoAccounts(backend.accounts._table, new_id).open_account(user, 4, now)
    assert backend.accounts.balance(user, now) == Balance(0, 0, welcome_due=True)
    backend.accounts.open_account(user, 4, now)
    assert backend.accounts.balance(user, now) == Balance(4, 0)
