"""The arrows of an order's life: from where each may go, where it leads, and when it is looked at next."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes.clock import START
from tests.support.orders import order, payment
from veil.domain.declines import Decline
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import DAY, SECOND_LOOK_SECONDS, SETTLE_SECONDS, Order, OrderStatus

CREATED, CONFIRMING, PAID, REFUNDING, REFUNDED, FAILED, EXPIRED, REVIEW = OrderStatus
NOW = START + 5.0
REFUND = OrderRefund("ada", "rf", "01", 12, 9_900, START, due_at=NOW)

ARROWS: dict[str, tuple[Callable[[Order], Order], dict[OrderStatus, OrderStatus]]] = {
    "claimed": (lambda one: one.claimed("tgen_1", NOW), {CREATED: CONFIRMING}),
    "tried_again": (lambda one: one.tried_again(), {CONFIRMING: CONFIRMING}),
    "paid": (lambda one: one.paid(payment(), NOW), dict.fromkeys((CREATED, CONFIRMING, FAILED, EXPIRED, REVIEW), PAID)),
    "failed": (lambda one: one.ended(FAILED, NOW), dict.fromkeys((CREATED, CONFIRMING), FAILED)),
    "expired": (lambda one: one.ended(EXPIRED, NOW), dict.fromkeys((CREATED, CONFIRMING), EXPIRED)),
    "for_review": (
        lambda one: one.for_review(),
        dict.fromkeys((CREATED, CONFIRMING, FAILED, EXPIRED, REVIEW), REVIEW),
    ),
    "withdrawn": (lambda one: one.withdrawn(NOW), {PAID: REFUNDING}),
    "refunded": (lambda one: one.refunded(REFUND, "txn_1"), {REFUNDING: REFUNDED}),
    "refund_refused": (lambda one: one.refund_refused(), {REFUNDING: PAID}),
}


@pytest.mark.parametrize("status", list(OrderStatus))
@pytest.mark.parametrize("arrow", list(ARROWS))
def test_each_arrow_goes_from_where_it_may_and_from_nowhere_else(arrow: str, status: OrderStatus) -> None:
    take, ends = ARROWS[arrow]
    before = order(status=status)
    if status not in ends:
        with pytest.raises(ValueError, match=str(status)):
            take(before)
        return
    after = take(before)
    assert (after.status, after.version) == (ends[status], before.version + 1)


def test_an_order_is_not_paid_with_another_payment_than_the_claimed_one() -> None:
    with pytest.raises(ValueError, match="01"):
        order(status=CONFIRMING, payment_key="tgen_2").paid(payment(), NOW)


def test_a_claim_is_looked_at_in_a_minute() -> None:
    after = order(status=CREATED, payment_key=None).claimed("tgen_1", NOW)
    assert (after.payment_key, after.claimed_at, after.due_at) == ("tgen_1", NOW, NOW + SETTLE_SECONDS)


def test_a_paid_order_forgets_why_it_was_declined() -> None:
    after = order(status=FAILED, decline=Decline.CARD_UNUSABLE).paid(payment(approved_at=START), NOW)
    assert (after.decline, after.paid_at, after.due_at) == (None, START, START + DAY)
    assert order(status=CREATED).paid(payment(approved_at=None), NOW).paid_at == NOW


@pytest.mark.parametrize(("claimed_at", "look"), [(None, None), (START, NOW + SECOND_LOOK_SECONDS)])
def test_an_order_that_was_claimed_is_looked_at_again_after_its_end(
    claimed_at: float | None, look: float | None
) -> None:
    """Money that was taken wins, and a claim may have taken some."""
    assert order(status=CONFIRMING, claimed_at=claimed_at).ended(EXPIRED, NOW).due_at == look


def test_each_try_has_an_idempotency_key_of_its_own() -> None:
    first, other = order(status=CONFIRMING), order(id="02")
    keys = {first.idempotency_key, first.tried_again().idempotency_key, other.idempotency_key}
    assert keys == {"pack:01:1", "pack:01:2", "pack:02:1"}
    assert {REFUND.idempotency_key, REFUND.tried_again().idempotency_key} == {"refund:rf:1", "refund:rf:2"}


@pytest.mark.parametrize("status", [one for one in RefundStatus if one is not RefundStatus.ASKED])
def test_a_refund_ends_once(status: RefundStatus) -> None:
    ended = replace(REFUND, status=status)
    for end in (ended.refused, lambda: ended.done("txn_1")):
        with pytest.raises(ValueError, match="rf"):
            end()


def test_a_refund_that_ends_is_off_the_list() -> None:
    assert (REFUND.done("txn_1").due_at, REFUND.done("txn_1").transaction_key) == (None, "txn_1")
    assert (REFUND.refused().due_at, REFUND.refused().transaction_key) == (None, None)
    assert REFUND.mark == "[rf]"
