"""The sums of an order: which credits are unspent, what goes back for them, and what another's cancel takes."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.clock import START
from tests.support.orders import cancels, order, payment
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import DAY, OUTSIDE, Order, OrderKind, OrderStatus, difference, next_look, refundable
from veil.domain.payments import PaymentStatus

CREATED, CONFIRMING, PAID, REFUNDING, REFUNDED, FAILED, EXPIRED, REVIEW = OrderStatus
PACK, RENEWAL = OrderKind


def pool(**credits_: int) -> dict[str, Order]:
    """Paid orders by name, each a second younger than the one before it; ``r…`` are renewals."""
    return {
        name: order(id=name, credits=of, paid_at=START + at, kind=RENEWAL if name.startswith("r") else PACK)
        for at, (name, of) in enumerate(credits_.items())
    }


@pytest.mark.parametrize(
    ("available", "wanted"),
    [
        (38, {"p1": 4, "r1": 16, "p2": 8}),  # ten free ones are there, too
        (28, {"p1": 4, "r1": 16, "p2": 8}),
        (27, {"p1": 4, "r1": 15, "p2": 8}),  # the plan's are spent before any pack's
        (12, {"p1": 4, "r1": 0, "p2": 8}),
        (11, {"p1": 3, "r1": 0, "p2": 8}),  # then those of the oldest pack
        (8, {"p1": 0, "r1": 0, "p2": 8}),
        (3, {"p1": 0, "r1": 0, "p2": 3}),
        (0, {"p1": 0, "r1": 0, "p2": 0}),
    ],
)
def test_free_credits_go_first_then_renewals_then_packs_the_oldest_first(
    available: int, wanted: dict[str, int]
) -> None:
    orders = pool(p1=4, r1=16, p2=8)
    assert {name: refundable(one, orders.values(), available) for name, one in orders.items()} == wanted


def test_of_two_renewals_the_older_is_spent_first() -> None:
    orders = pool(r1=16, r2=16)
    assert [refundable(one, orders.values(), 20) for one in orders.values()] == [4, 16]


def test_of_two_that_were_paid_at_once_one_is_spent_first() -> None:
    """So that no credit is counted twice."""
    orders = [order(id="a"), order(id="b")]
    assert [refundable(one, orders, 12) for one in orders] == [0, 12]


@pytest.mark.parametrize("status", [one for one in OrderStatus if one is not PAID])
def test_nothing_of_an_order_that_is_not_paid_is_refundable(status: OrderStatus) -> None:
    one = order(status=status)
    assert refundable(one, [one], 99) == 0


def test_what_went_back_is_not_refundable_again() -> None:
    one = order(refunded_credits=5, refunded_amount=4_125)
    assert refundable(one, [one], 99) == 7


@pytest.mark.parametrize(
    ("gone", "back", "credits_", "amount"),
    [
        (0, 0, 12, 9_900),
        (0, 0, 1, 825),
        (0, 0, 0, 0),
        (11, 9_075, 1, 825),
        (0, 100, 12, 9_800),  # another gave 100 back, for which no whole credit went
        (0, 9_000, 3, 0),
    ],
)
def test_what_goes_back_for_credits(gone: int, back: int, credits_: int, amount: int) -> None:
    assert order(refunded_credits=gone, refunded_amount=back).amount_of(credits_) == amount


def test_an_amount_is_rounded_down_and_the_last_credit_takes_the_rest() -> None:
    one = order(credits=7, amount=100)
    assert [one.amount_of(credits_) for credits_ in range(8)] == [0, 14, 28, 42, 57, 71, 85, 100]
    assert replace(one, refunded_credits=6, refunded_amount=85).amount_of(1) == 15


@pytest.mark.parametrize(
    ("amounts", "credits_", "status"),
    [
        ([9_900], 12, REFUNDED),
        ([4_950], 6, PAID),
        ([824], 0, PAID),
        ([824, 1], 1, PAID),  # of several, the sum counts
        ([9_899], 11, PAID),
        ([3_300, 3_300, 3_300], 12, REFUNDED),
        ([9_899, 1], 12, REFUNDED),
        ([20_000], 12, REFUNDED),  # never more than there was
    ],
)
def test_another_gives_money_back(amounts: list[int], credits_: int, status: OrderStatus) -> None:
    one = order()
    for cancel in cancels(*amounts):
        one = one.cancelled_outside([cancel])
    at_once = order().cancelled_outside(cancels(*amounts))
    for after in (one, at_once):
        assert (after.refunded_credits, after.status) == (credits_, status)
        assert after.refunded_amount == min(sum(amounts), 9_900)
        assert after.cancels == dict.fromkeys([cancel.transaction_key for cancel in cancels(*amounts)], OUTSIDE)


def test_another_gives_money_back_while_a_refund_is_under_way() -> None:
    """Its outcome is still to come: until then the order stays as it is."""
    one = order(status=REFUNDING).cancelled_outside(cancels(3_300))
    assert (one.status, one.refunded_credits, one.left) == (REFUNDING, 4, 8)
    after = one.refunded(OrderRefund("ada", "rf", "01", 6, 4_950, START), "txn_9")
    assert (after.status, after.left, after.balance) == (PAID, 2, 1_650)
    assert after.cancels == {"txn_0": OUTSIDE, "txn_9": "rf"}


@pytest.mark.parametrize("status", [CREATED, CONFIRMING, FAILED, EXPIRED, REVIEW])
def test_money_goes_back_only_from_an_order_that_was_paid(status: OrderStatus) -> None:
    with pytest.raises(ValueError, match=str(status)):
        order(status=status).cancelled_outside(cancels(1))


@pytest.mark.parametrize(
    ("changes", "merchant", "same"),
    [
        ({}, "veil", True),
        ({}, None, True),
        ({"merchant": "other"}, None, True),  # nobody has said which is ours
        ({"merchant": "other"}, "veil", False),
        ({"amount": 9_901}, "veil", False),
        ({"amount": 9_899}, None, False),
        ({"currency": "USD"}, "veil", False),
        ({"balance": 0, "status": PaymentStatus.CANCELED}, "veil", True),
    ],
)
def test_a_payment_is_this_orders_by_amount_currency_and_merchant(
    changes: dict[str, Any], merchant: str | None, same: bool
) -> None:
    assert (difference(order(), payment(**changes), merchant) is None) is same


@pytest.mark.parametrize(
    ("status", "approved_at", "charged"),
    [
        (PaymentStatus.DONE, START, True),
        (PaymentStatus.CANCELED, START, True),
        (PaymentStatus.PARTIAL_CANCELED, START, True),
        (PaymentStatus.CANCELED, None, False),  # a virtual account, before the deposit
        (PaymentStatus.DONE, None, False),
        *((one, START, False) for one in PaymentStatus if one not in ("DONE", "CANCELED", "PARTIAL_CANCELED")),
    ],
)
def test_money_was_taken_only_where_it_was_approved(
    status: PaymentStatus, approved_at: float | None, charged: bool
) -> None:
    assert payment(status=status, approved_at=approved_at).charged is charged


@pytest.mark.parametrize(
    ("age", "look"), [(0, 1), (1, 7), (6.9, 7), (7, 30), (30, 90), (90, 180), (180, 365), (364.9, 365), (365, None)]
)
def test_a_paid_order_is_looked_at_less_and_less_often(age: float, look: int | None) -> None:
    assert next_look(START, START + age * DAY) == (None if look is None else START + look * DAY)
