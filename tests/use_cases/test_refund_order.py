"""Refunds: the credits first, then the money; once, whatever is lost; and the credits again where it is refused."""

from itertools import count

import pytest

from tests.fakes.payments import Lost, answered, still_running
from tests.fakes.shop import WELCOME, Shop
from veil.domain.errors import NothingRefundable, OrderNotFound
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import Order, OrderStatus
from veil.domain.payments import CancelRefused, PaymentStatus

PAID, REFUNDING, REFUNDED = OrderStatus.PAID, OrderStatus.REFUNDING, OrderStatus.REFUNDED
ASKED, DONE, REFUSED = RefundStatus


def payment_of(shop: Shop, order: Order) -> tuple[PaymentStatus, int, int]:
    """Status, balance and how many cancels."""
    payment = shop.toss.payments[order.payment_key or ""]
    return payment.status, payment.balance, len(payment.cancels)


def console(shop: Shop, order: Order, amount: int) -> None:
    shop.toss.give_back(order.payment_key or "", amount)


def test_an_order_is_refunded_whole(shop: Shop) -> None:
    order = shop.paid()
    after = shop.refund(shop.user, order.id, None)
    assert (after.status, shop.available, shop.toss.count("cancel")) == (REFUNDING, WELCOME, 0)
    shop.deliver()
    after = shop.now(order)
    (refund,) = shop.refunds()
    assert (after.status, after.refunded_credits, after.refunded_amount) == (REFUNDED, 12, 9_900)
    assert (refund.status, refund.due_at, after.cancels) == (DONE, None, {refund.transaction_key: refund.id})
    assert shop.telemetry.total("MoneyRefunded") == 9_900
    shop.audit_with_toss()


def test_an_order_is_refunded_in_parts(shop: Shop) -> None:
    order = shop.paid("pack_small")
    amounts = []
    for left in (3, 2, 1, 0):
        shop.refund(shop.user, order.id, 1)
        shop.deliver()
        amounts.append(shop.refunds()[-1].amount)
        assert shop.now(order).left == left
    assert (amounts, shop.now(order).status) == ([975] * 4, REFUNDED)
    with pytest.raises(NothingRefundable):
        shop.refund(shop.user, order.id, None)
    shop.audit_with_toss()


@pytest.mark.parametrize(("spent", "refundable"), [(0, 12), (WELCOME, 12), (WELCOME + 5, 7), (WELCOME + 12, 0)])
def test_only_what_is_unspent_goes_back(shop: Shop, spent: int, refundable: int) -> None:
    order = shop.paid()
    shop.spend(spent)
    for too_many in (refundable + 1, 999, 0, -1):
        with pytest.raises(NothingRefundable) as error:
            shop.refund(shop.user, order.id, too_many)
        assert error.value.refundable == refundable
    if refundable:
        assert shop.asked(order).credits == refundable


@pytest.mark.parametrize("status", ["created", "refunding", "failed"])
def test_what_is_not_paid_is_not_refunded(shop: Shop, status: str) -> None:
    order = shop.ordered() if status != "refunding" else shop.paid()
    if status == "refunding":
        shop.refund(shop.user, order.id, 1)
    elif status == "failed":
        shop.orders.save(order.ended(OrderStatus.FAILED, shop.clock()))
    with pytest.raises(NothingRefundable):
        shop.refund(shop.user, order.id, 1)


def test_anothers_order_is_not_refunded(shop: Shop) -> None:
    order = shop.paid()
    for user, order_id in (("bob", order.id), (shop.user, "nothing"), (shop.user, shop.ids(0))):
        with pytest.raises(OrderNotFound):
            shop.refund(user, order_id, None)


def test_two_refunds_at_once_are_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw the order paid; the second finds it refunding."""
    order = shop.paid()
    read = shop.orders.customer

    def other_tab(user: str) -> object:
        monkeypatch.undo()
        shop.refund(shop.user, order.id, 12)
        return read(user)

    monkeypatch.setattr(shop.orders, "customer", other_tab)
    with pytest.raises(NothingRefundable):
        shop.refund(shop.user, order.id, 12)
    assert (len(shop.refunds()), shop.available) == (1, WELCOME)


def test_credits_that_are_spent_meanwhile_are_not_refunded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shop.paid()
    read = shop.orders.customer

    def spending(user: str) -> object:
        seen = read(user)
        monkeypatch.undo()
        shop.spend(WELCOME + 2)
        return seen

    monkeypatch.setattr(shop.orders, "customer", spending)
    shop.refund(shop.user, order.id, None)
    assert (shop.refunds()[0].credits, shop.available) == (10, 0)


def test_a_refund_whose_message_is_lost_comes_by_the_sweep(shop: Shop) -> None:
    order = shop.paid()
    shop.queue.down = True
    shop.refund(shop.user, order.id, None)
    shop.queue.down = False
    shop.later(59)
    assert shop.now(order).status is REFUNDING
    shop.later(1)
    assert shop.now(order).status is REFUNDED


@pytest.mark.parametrize(
    ("fault", "keys"),
    [
        (Lost.BEFORE, 1),
        (Lost.AFTER, 1),
        (still_running(), 1),
        (answered("FAILED_REFUND_PROCESS"), 2),
        (answered("INVALID_REQUEST", ours=True), 2),
    ],
    ids=str,
)
def test_a_cancel_whose_outcome_is_not_known_is_done_once(shop: Shop, fault: Lost | Exception, keys: int) -> None:
    order = shop.paid()
    shop.refund(shop.user, order.id, None)
    shop.toss.faults["cancel"].append(fault)
    shop.deliver()
    assert (shop.now(order).status, shop.available) == (REFUNDING, WELCOME)
    shop.later(120)
    assert (shop.now(order).status, shop.refunds()[0].status) == (REFUNDED, DONE)
    assert payment_of(shop, order) == (PaymentStatus.CANCELED, 0, 1)
    asked = [key for call, key in shop.toss.asked if call == "cancel"]
    assert len(asked) == (1 if fault is Lost.AFTER else 2)  # a read finds what was done after all
    assert len(set(asked)) == keys
    shop.audit_with_toss()


def test_nothing_is_cancelled_without_a_read(shop: Shop) -> None:
    order = shop.paid()
    shop.refund(shop.user, order.id, None)
    shop.toss.faults["read"].extend([Lost.BEFORE] * 20)
    for _ in range(20):
        shop.later(300)
    assert shop.toss.count("cancel") == 0
    shop.later(300)
    assert shop.now(order).status is REFUNDED


def test_a_refund_that_is_refused_gives_the_credits_again(shop: Shop) -> None:
    order = shop.paid()
    shop.refund(shop.user, order.id, 5)
    shop.toss.faults["cancel"].append(CancelRefused("EXCEED_CANCEL_LIMIT"))
    shop.deliver()
    assert (shop.now(order).status, shop.refunds()[0].status) == (PAID, REFUSED)
    assert (shop.available, shop.telemetry.total("MoneyRefundsRefused")) == (WELCOME + 12, 1)
    shop.later(3600)
    assert shop.toss.count("cancel") == 1
    assert shop.asked(order).credits == 12
    shop.deliver()
    assert shop.now(order).status is REFUNDED


def test_a_refusal_is_no_end_before_a_read_says_so(shop: Shop) -> None:
    """What was refused the second time had been done the first time."""
    order = shop.paid()
    shop.refund(shop.user, order.id, None)
    (refund,) = shop.refunds()
    shop.toss.meanwhile["cancel"] = lambda: shop.toss.give_back(order.payment_key or "", 9_900, refund.mark)
    shop.toss.faults["cancel"].append(CancelRefused("NOT_CANCELABLE_AMOUNT"))
    shop.deliver()
    assert (shop.now(order).status, shop.refunds()[0].status) == (REFUNDED, DONE)
    assert shop.available == WELCOME


def test_a_refusal_without_a_read_is_not_believed(shop: Shop) -> None:
    order = shop.paid()
    shop.refund(shop.user, order.id, None)
    shop.toss.faults["cancel"].append(CancelRefused("REFUND_REJECTED"))
    shop.toss.faults["read"].extend([None, Lost.BEFORE])
    shop.deliver()
    assert (shop.refunds()[0].status, shop.available) == (ASKED, WELCOME)
    shop.later(120)
    assert shop.now(order).status in (PAID, REFUNDED)
    shop.audit_with_toss()


@pytest.mark.parametrize("when", ["before the read", "before the cancel"])
@pytest.mark.parametrize(("amount", "done"), [(825, True), (4_950, True), (9_075, False), (9_900, False)])
def test_a_cancel_in_the_console_between_withdrawal_and_refund(shop: Shop, when: str, amount: int, done: bool) -> None:
    """Six credits for 4,950 KRW are to go back: they do, as long as so much is left."""
    order = shop.paid()
    shop.refund(shop.user, order.id, 6)
    if when == "before the read":
        console(shop, order, amount)
    else:
        shop.toss.meanwhile["cancel"] = lambda: console(shop, order, amount)
    shop.deliver()
    for _ in range(4):
        shop.later(600)
    after, (refund,) = shop.now(order), shop.refunds()
    assert refund.status is (DONE if done else REFUSED)
    assert after.refunded_amount == amount + (4_950 if done else 0)
    assert shop.available - shop.owed == WELCOME + after.left
    assert after.status is (REFUNDED if after.left == 0 else PAID)
    shop.audit_with_toss()


def test_a_cancel_with_our_mark_and_another_amount_is_anothers(shop: Shop) -> None:
    order = shop.paid()
    shop.refund(shop.user, order.id, 6)
    shop.toss.give_back(order.payment_key or "", 825, shop.refunds()[0].mark)
    shop.deliver()
    after, (refund,) = shop.now(order), shop.refunds()
    assert (refund.status, after.refunded_credits, after.refunded_amount) == (DONE, 7, 5_775)
    assert sorted(after.cancels.values()) == sorted(["outside", refund.id])
    shop.audit_with_toss()


def test_a_refund_that_the_console_made_impossible_owes_nothing_in_the_end(shop: Shop) -> None:
    """All was withdrawn, then all went back by another's hand: for a moment the same credits are owed."""
    order = shop.paid()
    shop.spend(WELCOME)
    shop.refund(shop.user, order.id, None)
    console(shop, order, 9_900)
    shop.deliver()
    shop.later(60)
    assert (shop.now(order).status, shop.available, shop.owed) == (REFUNDED, 0, 0)
    shop.audit_with_toss()


def test_a_refund_that_another_charger_has_just_ended(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between this one's look at the refund and its look at the order."""
    order = shop.paid()
    shop.refund(shop.user, order.id, 6)
    shop.toss.faults["cancel"].append(CancelRefused("REFUND_REJECTED"))
    read, reads = shop.orders.refund, count(1)

    def just_ended(user: str, refund_id: str) -> OrderRefund | None:
        seen = read(user, refund_id)
        if next(reads) == 3 and seen:
            assert shop.orders.restore(shop.now(order).refund_refused(), seen.refused(), shop.clock())
        return seen

    monkeypatch.setattr(shop.orders, "refund", just_ended)
    shop.deliver()
    assert next(reads) > 3
    assert shop.now(order).status is PAID
    assert shop.available == WELCOME + 12


def test_a_payment_that_is_not_there_any_more_calls_a_person(shop: Shop) -> None:
    order = shop.paid()
    shop.refund(shop.user, order.id, None)
    payment = shop.toss.payments.pop(order.payment_key or "")
    shop.deliver()
    assert (shop.now(order).status, shop.telemetry.total("PaymentProviderRefused")) == (REFUNDING, 1)
    shop.toss.payments[payment.key] = payment
    shop.later(120)
    assert shop.now(order).status is REFUNDED


def test_a_months_credits_are_refunded_with_the_billing_keys_merchant(shop: Shop) -> None:
    shop.subscribed()
    (renewal,) = shop.renewals()
    shop.refund(shop.user, renewal.id, None)
    shop.deliver()
    assert shop.now(renewal).status is REFUNDED
    assert (shop.billing.count("cancel"), shop.toss.count("cancel")) == (1, 0)
    shop.audit_with_toss()
