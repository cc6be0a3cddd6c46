"""The credits of an order: given once, taken before money goes back, and owed where they are spent."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.contract.backends import Backend
from tests.contract.money import (
    CUSTOMER_KEY,
    NOW,
    customer,
    due,
    entries_of,
    new_order,
    paid,
    payment_of,
    placed,
    refund_of,
    refunding,
    spend,
)
from tests.contract.racing import RACES, at_once
from tests.fakes.clock import START
from veil.domain.credits import EntryKind
from veil.domain.order_refunds import RefundStatus
from veil.domain.orders import OrderKind, OrderStatus
from veil.domain.payment_ports import Customer
from veil.domain.payments import Cancel
from veil.domain.ports import WorkItem, WorkKind

GRANT, PURCHASE, RESERVE, _, WITHDRAW, RESTORE = EntryKind


@pytest.mark.parametrize(("kind", "entry"), [(OrderKind.PACK, PURCHASE), (OrderKind.RENEWAL, GRANT)])
def test_an_order_is_paid_once(backend: Backend, user: str, kind: OrderKind, entry: EntryKind) -> None:
    order = placed(backend, user, kind=kind)
    after = order.paid(payment_of(order), NOW)
    assert backend.orders.pay(after, NOW)
    assert not backend.orders.pay(after, NOW)
    assert not backend.orders.pay(order.paid(payment_of(order, "another"), NOW), NOW)
    assert backend.orders.get(user, order.id) == after
    assert entries_of(backend, user) == [(entry, 12, order.id)]


def test_a_stale_payment_gives_no_credits(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    ended = order.ended(OrderStatus.EXPIRED, NOW)
    assert backend.orders.save(ended)
    assert not backend.orders.pay(order.paid(payment_of(order), NOW), NOW)
    assert entries_of(backend, user) == []
    assert backend.orders.pay(ended.paid(payment_of(order), NOW), NOW)  # money wins, over the version that stands
    assert entries_of(backend, user) == [(PURCHASE, 12, order.id)]


def test_an_order_of_no_account_is_not_paid(backend: Backend, user: str) -> None:
    order = new_order(backend, user)
    assert backend.orders.save(order)
    assert not backend.orders.pay(order.paid(payment_of(order), NOW), NOW)
    assert backend.orders.get(user, order.id) == order
    assert backend.orders.customer(user) is None


def test_what_is_being_refunded_can_not_be_spent(backend: Backend, user: str) -> None:
    order, refund = refunding(backend, user, 5)
    assert backend.orders.get(user, order.id) == order
    assert backend.orders.refund(user, refund.id) == refund
    assert entries_of(backend, user) == [(WITHDRAW, -5, order.id), (PURCHASE, 12, order.id)]
    assert customer(backend, user).available == 7


def test_a_withdrawal_needs_the_credits(backend: Backend, user: str) -> None:
    order = paid(backend, user)
    spend(backend, user, 1)
    refund = refund_of(backend, order, 12)
    assert not backend.orders.withdraw(order.withdrawn(NOW), refund, NOW)
    assert backend.orders.get(user, order.id) == order
    assert backend.orders.refund(user, refund.id) is None
    assert customer(backend, user).available == 11
    assert backend.orders.withdraw(order.withdrawn(NOW), refund_of(backend, order, 11), NOW)


def test_a_withdrawal_from_a_stale_order_takes_nothing(backend: Backend, user: str) -> None:
    order, _ = refunding(backend, user, 5)
    second = refund_of(backend, order, 5)
    assert not backend.orders.withdraw(order, second, NOW)
    assert backend.orders.refund(user, second.id) is None
    assert customer(backend, user).available == 7


def test_a_refund_ends_with_its_order(backend: Backend, user: str) -> None:
    order, refund = refunding(backend, user)
    after, done = order.refunded(refund, "txn_1"), refund.done("txn_1")
    assert backend.orders.finish_refund(after, done)
    assert not backend.orders.finish_refund(after, done)
    assert (after.status, done.status) == (OrderStatus.REFUNDED, RefundStatus.DONE)
    assert backend.orders.get(user, order.id) == after
    assert backend.orders.refund(user, refund.id) == done
    assert due(backend, user, NOW + 3600) == []


@pytest.mark.parametrize("stale", ["order", "refund"])
def test_a_refund_and_its_order_change_together_or_not_at_all(backend: Backend, user: str, stale: str) -> None:
    order, refund = refunding(backend, user)
    if stale == "order":
        assert backend.orders.save(order.due(NOW))
    else:
        assert backend.orders.save_refund(refund.tried_again())
    before = backend.orders.get(user, order.id), backend.orders.refund(user, refund.id)
    assert not backend.orders.finish_refund(order.refunded(refund, "txn_1"), refund.done("txn_1"))
    assert not backend.orders.restore(order.refund_refused(), refund.refused(), NOW)
    assert (backend.orders.get(user, order.id), backend.orders.refund(user, refund.id)) == before
    assert customer(backend, user).available == 0


def test_a_withdrawal_is_given_again_once(backend: Backend, user: str) -> None:
    order, refund = refunding(backend, user, 5)
    after, refused = order.refund_refused(), refund.refused()
    assert backend.orders.restore(after, refused, NOW)
    assert not backend.orders.restore(after, refused, NOW)
    assert not backend.orders.finish_refund(order.refunded(refund, "txn_1"), refund.done("txn_1"))
    assert backend.orders.get(user, order.id) == after
    assert entries_of(backend, user)[0] == (RESTORE, 5, order.id)
    assert customer(backend, user).available == 12
    assert due(backend, user, NOW + 3600) == []


@pytest.mark.parametrize(("spent", "taken", "owed"), [(0, 12, 0), (5, 7, 5), (12, 0, 12)])
def test_what_another_gave_back_is_taken_as_far_as_it_is_there(
    backend: Backend, user: str, spent: int, taken: int, owed: int
) -> None:
    order = paid(backend, user)
    if spent:
        spend(backend, user, spent)
    after = order.cancelled_outside([Cancel("txn_1", 9_900, "")])
    assert backend.orders.take_back(order, after, customer(backend, user), NOW)
    assert backend.orders.get(user, order.id) == after
    assert customer(backend, user) == Customer(0, owed, CUSTOMER_KEY)
    balance = backend.accounts.balance(user, NOW)
    assert balance is not None
    if taken:
        assert entries_of(backend, user)[0] == (WITHDRAW, -taken, order.id)
    else:
        assert WITHDRAW not in {kind for kind, _, _ in entries_of(backend, user)}
    debts = [item for item in due(backend, user, NOW) if item.kind is WorkKind.CREDITS]
    assert debts == ([WorkItem(WorkKind.CREDITS, user, "", NOW)] if owed else [])


def test_money_that_is_less_than_a_credit_takes_none(backend: Backend, user: str) -> None:
    order = paid(backend, user)
    after = order.cancelled_outside([Cancel("txn_1", 100, "")])
    stale = Customer(99, 3)  # the account is not even looked at
    assert backend.orders.take_back(order, after, stale, NOW)
    assert customer(backend, user) == Customer(12, 0, CUSTOMER_KEY)


@pytest.mark.parametrize("seen", [Customer(11, 0), Customer(12, 1), Customer(13, 0)])
def test_an_account_that_has_changed_is_read_anew(backend: Backend, user: str, seen: Customer) -> None:
    order = paid(backend, user)
    after = order.cancelled_outside([Cancel("txn_1", 9_900, "")])
    assert not backend.orders.take_back(order, after, seen, NOW)
    assert backend.orders.get(user, order.id) == order
    assert customer(backend, user) == Customer(12, 0, CUSTOMER_KEY)


def owing(backend: Backend, user: str) -> None:
    """An account that owes all twelve credits of an order."""
    order = paid(backend, user)
    spend(backend, user, 12)
    after = order.cancelled_outside([Cancel("txn_1", 9_900, "")])
    assert backend.orders.take_back(order, after, customer(backend, user), NOW)


@pytest.mark.parametrize(("comes", "left", "owed"), [(0, 0, 12), (5, 0, 7), (12, 0, 0), (20, 8, 0)])
def test_what_is_owed_is_collected(backend: Backend, user: str, comes: int, left: int, owed: int) -> None:
    owing(backend, user)
    if comes:
        backend.accounts.grant(user, GRANT, comes, "a gift", NOW)
    assert backend.orders.collect(user, customer(backend, user), NOW + 600, NOW)
    assert customer(backend, user) == Customer(left, owed, CUSTOMER_KEY)
    if comes:
        assert entries_of(backend, user)[0] == (WITHDRAW, owed - 12, "debt")
    debts = [item.due_at for item in due(backend, user, NOW + 600) if item.kind is WorkKind.CREDITS]
    assert debts == ([NOW + 600 if comes else NOW] if owed else [])  # where nothing comes, nothing is written


def test_a_debt_is_not_collected_from_an_account_that_has_changed(backend: Backend, user: str) -> None:
    owing(backend, user)
    backend.accounts.grant(user, GRANT, 5, "a gift", NOW)
    seen = customer(backend, user)
    assert backend.orders.collect(user, seen, NOW + 600, NOW)
    assert not backend.orders.collect(user, seen, NOW + 600, NOW)
    assert customer(backend, user) == Customer(0, 7, CUSTOMER_KEY)


def test_a_debt_that_was_not_seen_is_not_forgotten(backend: Backend, user: str) -> None:
    """It came between the read of the account and this write."""
    first, second = paid(backend, user), paid(backend, user)
    spend(backend, user, 24)
    seen = customer(backend, user)
    for order, stands in ((second, True), (first, False)):
        after = order.cancelled_outside([Cancel("txn_1", 9_900, "")])
        assert backend.orders.take_back(order, after, seen, NOW) is stands
    assert customer(backend, user) == Customer(0, 12, CUSTOMER_KEY)


@RACES
def test_many_payments_at_once_give_the_credits_once(backend: Backend, user: str) -> None:
    order = placed(backend, user)
    after = order.paid(payment_of(order), NOW)
    results = at_once([lambda: backend.orders.pay(after, NOW)] * 10)
    assert sorted(results, key=str) == [False] * 9 + [True]
    assert entries_of(backend, user) == [(PURCHASE, 12, order.id)]


@RACES
def test_of_many_refunds_at_once_one_is_taken(backend: Backend, user: str) -> None:
    order = paid(backend, user)
    refunds = [refund_of(backend, order, 6) for _ in range(8)]
    calls = [partial(backend.orders.withdraw, order.withdrawn(NOW), one, NOW) for one in refunds]
    assert sorted(at_once(calls), key=str) == [False] * 7 + [True]
    assert customer(backend, user).available == 6
    assert len([one for one in refunds if backend.orders.refund(user, one.id)]) == 1


@RACES
def test_a_refund_and_a_reservation_at_once_do_not_both_have_the_credits(backend: Backend, user: str) -> None:
    order = paid(backend, user)
    refund = refund_of(backend, order, 12)
    withdraw: Callable[[], bool | None] = partial(backend.orders.withdraw, order.withdrawn(START), refund, NOW)
    withdrawn, spent = at_once([withdraw, lambda: spend(backend, user, 12)])
    assert (withdrawn is True) != (spent is None)
    assert customer(backend, user).available == 0
