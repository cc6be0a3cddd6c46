"""Orders: each version over the one before it, one order a key, and nothing for who owes."""

from dataclasses import replace
from functools import partial

import pytest

from tests.contract.backends import Backend
from tests.contract.money import CUSTOMER_KEY, NOW, customer, entries_of, new_order, paid, placed, spend
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.declines import Decline
from veil.domain.errors import CreditsOwed
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.payment_ports import AlreadyOrdered, Customer
from veil.domain.payments import Cancel
from veil.domain.ports import InvariantBroken

DAY = 24 * 3600


def stands(backend: Backend, order: Order) -> Order:
    found = backend.orders.get(order.user, order.id)
    assert found is not None
    return found


def take_all_back(backend: Backend, order: Order) -> Order:
    """Another gives all of an order's money back."""
    after = order.cancelled_outside([Cancel("txn_1", order.balance, "")])
    assert backend.orders.take_back(order, after, customer(backend, order.user), NOW)
    return after


def test_an_order_is_as_it_was_placed(backend: Backend, user: str) -> None:
    order = placed(backend, user, START + 0.125)
    assert stands(backend, order) == order
    assert backend.orders.owner(order.id) == user
    assert customer(backend, user) == Customer(0, 0, CUSTOMER_KEY)


def test_every_field_comes_back_as_it_was(backend: Backend, user: str) -> None:
    """But for times, which are kept in milliseconds."""
    order = placed(backend, user)
    after = replace(
        order,
        status=OrderStatus.REFUNDED,
        payment_key="tgen_/+=",
        attempt=3,
        claimed_at=START + 1.5,
        paid_at=START + 2.25,
        receipt_url="https://receipt.test/1",
        decline=Decline.CARD_UNUSABLE,
        refunded_credits=12,
        refunded_amount=9_900,
        cancels={"txn/1 ü": "outside", "txn.2": "01J"},
        due_at=None,
        version=2,
    )
    assert backend.orders.save(after)
    assert stands(backend, after) == after


def test_what_is_not_there_is_none(backend: Backend, user: str) -> None:
    order_id = backend.new_id(START)
    assert backend.orders.get(user, order_id) is None
    assert backend.orders.owner(order_id) is None
    assert backend.orders.refund(user, order_id) is None
    assert backend.orders.customer(user) is None
    assert list(backend.orders.all(user)) == []


def test_anothers_order_is_not_there(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    assert backend.orders.get(f"{user}2", order.id) is None


def test_a_stale_version_changes_nothing(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    first = order.claimed("first", NOW)
    assert backend.orders.save(first)
    assert not backend.orders.save(order.claimed("second", NOW))
    assert not backend.orders.save(order.ended(OrderStatus.EXPIRED, NOW))
    assert stands(backend, order) == first


def test_a_version_that_is_yet_to_come_changes_nothing(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    assert not backend.orders.save(replace(order.claimed("key", NOW), version=3))
    assert not backend.orders.save(new_order(backend, user).claimed("key", NOW))
    assert list(backend.orders.all(user)) == [order]


def test_an_id_is_taken_once(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    with pytest.raises(InvariantBroken):
        backend.orders.place(order, CUSTOMER_KEY, None, NOW)
    assert stands(backend, order) == order


def test_an_account_that_is_not_open_orders_nothing(backend: Backend, user: str) -> None:
    order = new_order(backend, user)
    with pytest.raises(InvariantBroken):
        backend.orders.place(order, CUSTOMER_KEY, ("key", "hash"), START)
    assert backend.orders.get(user, order.id) is None
    assert backend.orders.owner(order.id) is None
    assert backend.orders.customer(user) is None


@pytest.mark.parametrize("request_hash", ["hash", "another"], ids=["same body", "another body"])
def test_a_key_makes_one_order(backend: Backend, user: str, request_hash: str) -> None:
    """Whoever uses it again is told of which order, and of which body."""
    backend.accounts.open_account(user, 0, START)
    first, second = new_order(backend, user), new_order(backend, user)
    backend.orders.place(first, CUSTOMER_KEY, ("key", "hash"), START)
    with pytest.raises(AlreadyOrdered) as error:
        backend.orders.place(second, CUSTOMER_KEY, ("key", request_hash), START + 1)
    assert (error.value.order_id, error.value.request_hash) == (first.id, "hash")
    assert list(backend.orders.all(user)) == [first]
    assert backend.orders.owner(second.id) is None


def test_a_key_is_each_users_own_and_not_that_of_a_generation(backend: Backend, user: str) -> None:
    for one in (user, f"{user}2"):
        backend.accounts.open_account(one, 4, START)
        backend.ledger.reserve(backend.generation(one, START), ("key", "hash"), START)
        backend.orders.place(new_order(backend, one), CUSTOMER_KEY, ("key", "hash"), START)
        assert len(list(backend.orders.all(one))) == 1


@pytest.mark.parametrize(("age", "free"), [(DAY - 1, False), (DAY, True), (3 * DAY, True)])
def test_a_key_is_free_again_after_a_day(backend: Backend, user: str, age: float, free: bool) -> None:
    backend.accounts.open_account(user, 0, START)
    backend.orders.place(new_order(backend, user), CUSTOMER_KEY, ("key", "hash"), START)
    second = new_order(backend, user, START + age)
    if not free:
        with pytest.raises(AlreadyOrdered):
            backend.orders.place(second, CUSTOMER_KEY, ("key", "hash"), START + age)
        return
    backend.orders.place(second, CUSTOMER_KEY, ("key", "hash"), START + age)
    with pytest.raises(AlreadyOrdered) as error:
        backend.orders.place(new_order(backend, user), CUSTOMER_KEY, ("key", "hash"), START + age + 1)
    assert error.value.order_id == second.id


def test_nothing_is_sold_to_who_owes(backend: Backend, user: str) -> None:
    order = paid(backend, user)
    spend(backend, user, 9)
    take_all_back(backend, order)
    refused = new_order(backend, user)
    with pytest.raises(CreditsOwed) as error:
        backend.orders.place(refused, CUSTOMER_KEY, ("key", "hash"), NOW)
    assert error.value.owed == 9
    assert backend.orders.get(user, refused.id) is None
    assert backend.orders.owner(refused.id) is None
    entries = entries_of(backend, user)
    backend.accounts.grant(user, entries[0][0], 9, "good", NOW)  # the refused order left no key behind
    assert backend.orders.collect(user, customer(backend, user), NOW, NOW)
    backend.orders.place(refused, CUSTOMER_KEY, ("key", "hash"), NOW)


def test_a_used_key_is_told_of_before_a_debt(backend: Backend, user: str) -> None:
    """So that a request that is repeated has its first answer."""
    backend.accounts.open_account(user, 0, START)
    order = new_order(backend, user)
    backend.orders.place(order, CUSTOMER_KEY, ("key", "hash"), START)
    other = paid(backend, user)
    spend(backend, user, 12)
    take_all_back(backend, other)
    with pytest.raises(AlreadyOrdered):
        backend.orders.place(new_order(backend, user), CUSTOMER_KEY, ("key", "hash"), NOW)


def test_a_user_has_one_customer_key(backend: Backend, user: str) -> None:
    with pytest.raises(InvariantBroken):
        backend.orders.customer_key(user, "none")
    backend.accounts.open_account(user, 5, START)
    assert backend.orders.customer_key(user, "first") == "first"
    assert backend.orders.customer_key(user, "second") == "first"
    assert customer(backend, user) == Customer(5, 0, "first")


def test_orders_come_page_by_page_newest_first(backend: Backend, user: str) -> None:
    """An idempotency key's item, a refund or a pointer is none of them."""
    backend.accounts.open_account(user, 0, START)
    orders = [new_order(backend, user, START + number, kind=OrderKind.PACK) for number in range(5)]
    for number, order in enumerate(orders):
        backend.orders.place(order, CUSTOMER_KEY, (f"key {number}", "hash"), START)
    pages: list[list[str]] = []
    after = None
    while not pages or after:
        page = backend.orders.newest(user, 2, after)
        pages.append([order.id for order in page.items])
        after = page.next
    ids = [order.id for order in reversed(orders)]
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert backend.orders.newest(user, 5, None).next is None
    assert [order.id for order in backend.orders.all(user)] == ids


@RACES
def test_one_key_used_many_times_at_once_makes_one_order(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 0, START)
    orders = [new_order(backend, user) for _ in range(8)]
    calls = [partial(backend.orders.place, order, CUSTOMER_KEY, ("k", "h"), START) for order in orders]
    results = at_once(calls)
    assert results.count(None) == 1
    assert all(isinstance(one, AlreadyOrdered) for one in results if one is not None)
    assert len(list(backend.orders.all(user))) == 1


@RACES
def test_of_many_claims_at_once_one_is_taken(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    calls = [partial(backend.orders.save, order.claimed(f"key {number}", NOW)) for number in range(8)]
    results = at_once(calls)
    assert sorted(results, key=str) == [False] * 7 + [True]
    assert stands(backend, order).payment_key == f"key {results.index(True)}"


@RACES
def test_of_many_customer_keys_made_at_once_one_stays(backend: Backend, user: str) -> None:
    backend.accounts.open_account(user, 0, START)
    kept = at_once([partial(backend.orders.customer_key, user, f"key {number}") for number in range(8)])
    assert set(kept) == {customer(backend, user).key}
