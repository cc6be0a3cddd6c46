"""Subscriptions: one a user, each version over the one before it, and its charges' orders with it."""

from dataclasses import replace

from tests.contract.backends import Backend
from tests.contract.money import NOW, due, new_order, new_subscription
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.declines import Decline
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.ports import WorkItem, WorkKind
from veil.domain.subscriptions import Subscription, SubscriptionStatus


def charge_of(backend: Backend, user: str) -> Order:
    status = OrderStatus.CONFIRMING
    return new_order(backend, user, kind=OrderKind.RENEWAL, status=status, claimed_at=NOW, due_at=None)


def test_a_user_who_has_none_has_none(backend: Backend, user: str) -> None:
    assert backend.subscriptions.get(user) is None


def test_a_subscription_is_as_it_was_saved(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    assert backend.subscriptions.save(one)
    assert backend.subscriptions.get(user) == one
    assert backend.subscriptions.get(f"{user}2") is None


def test_every_field_comes_back_as_it_was(backend: Backend, user: str) -> None:
    """But for times, which are kept in milliseconds."""
    one = Subscription(
        user=user,
        id=backend.new_id(START),
        product="plan_monthly",
        credits=16,
        amount=9_900,
        agreed_at=START + 0.25,
        customer_key="key",
        status=SubscriptionStatus.PAST_DUE,
        auth_key="sealed+/=",
        auth_hash="hash",
        auth_at=START + 1,
        attempt=2,
        billing_key="sealed 2",
        old_key="sealed 3",
        card="",
        started_at=START - 5.125,
        periods=3,
        paid_until=START + 7,
        next_amount=12_000,
        next_credits=20,
        declines=4,
        order_id=backend.new_id(START),
        decline=Decline.LIMIT_EXCEEDED,
        due_at=START + 9,
    )
    assert backend.subscriptions.save(one)
    assert backend.subscriptions.get(user) == one


def test_the_first_version_needs_that_there_is_none(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    assert backend.subscriptions.save(one)
    assert not backend.subscriptions.save(new_subscription(user, backend))
    assert backend.subscriptions.get(user) == one


def test_a_stale_version_changes_nothing(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    assert not backend.subscriptions.save(one.due(NOW))
    assert backend.subscriptions.save(one)
    registered = one.registered("sealed", "5365****", NOW)
    assert backend.subscriptions.save(registered)
    assert not backend.subscriptions.save(one.stopped(NOW))
    assert backend.subscriptions.get(user) == registered


def test_a_charge_stands_with_the_subscription_that_names_it(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    assert backend.subscriptions.save(one)
    order = charge_of(backend, user)
    after = one.charging(order.id, NOW)
    assert backend.subscriptions.begin_charge(after, order)
    assert backend.subscriptions.get(user) == after
    assert backend.orders.get(user, order.id) == order
    assert backend.orders.owner(order.id) == user


def test_of_two_charges_of_one_version_the_second_leaves_no_order(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    assert backend.subscriptions.save(one)
    first, second = charge_of(backend, user), charge_of(backend, user)
    assert backend.subscriptions.begin_charge(one.charging(first.id, NOW), first)
    assert not backend.subscriptions.begin_charge(one.charging(second.id, NOW), second)
    assert backend.orders.get(user, second.id) is None
    assert backend.orders.owner(second.id) is None


def test_a_charge_whose_order_is_there_already_is_not_begun(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    order = charge_of(backend, user)
    assert backend.subscriptions.save(one)
    assert backend.orders.save(order)
    assert not backend.subscriptions.begin_charge(one.charging(order.id, NOW), order)
    assert backend.subscriptions.get(user) == one


def test_a_subscription_is_on_the_work_list_while_it_has_a_date(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend, due_at=NOW)
    assert backend.subscriptions.save(one)
    assert due(backend, user, NOW - 1) == []
    assert due(backend, user, NOW) == [WorkItem(WorkKind.SUBSCRIPTION, user, "", NOW)]
    assert backend.subscriptions.save(replace(one.ended(NOW), due_at=None))
    assert due(backend, user, NOW + 3600) == []


@RACES
def test_of_many_charges_at_once_one_is_begun(backend: Backend, user: str) -> None:
    one = new_subscription(user, backend)
    assert backend.subscriptions.save(one)
    orders = [charge_of(backend, user) for _ in range(8)]
    calls = [
        lambda order=order: backend.subscriptions.begin_charge(one.charging(order.id, NOW), order) for order in orders
    ]
    results = at_once(calls)
    assert sorted(results, key=str) == [False] * 7 + [True]
    named = backend.subscriptions.get(user)
    assert named is not None
    assert [order.id for order in backend.orders.all(user)] == [named.order_id]
