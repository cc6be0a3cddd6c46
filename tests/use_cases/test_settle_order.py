"""Settling: money that was taken wins, what is not the order's is a person's, what went back is taken back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.payments import Lost, answered
from tests.fakes.shop import SECRET, WELCOME, Shop
from veil.domain.declines import Decline
from veil.domain.errors import TokenNotFound
from veil.domain.orders import Order, OrderStatus
from veil.domain.payments import PaymentStatus, PaymentUnsettled

PAID, REFUNDED, REVIEW = OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.REVIEW
DAY = 24 * 3600


def webhook(shop: Shop, order: Order | str, secret: str = SECRET, **data: Any) -> None:
    order_id = order if isinstance(order, str) else order.id
    body = {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": order_id, **data}}
    shop.webhook(secret, json.dumps(body).encode())


def key_of(order: Order) -> str:
    assert order.payment_key
    return order.payment_key


def test_a_webhook_that_overtakes_the_answer_pays_once(shop: Shop) -> None:
    order = shop.ordered()
    key = shop.toss.authenticate(order.id, order.amount)
    shop.toss.faults["confirm"].append(Lost.AFTER)
    shop.confirm(shop.user, order.id, key, order.amount)
    webhook(shop, order)
    assert shop.now(order).status is PAID
    assert shop.confirm(shop.user, order.id, key, order.amount)[0].status is PAID
    for _ in range(3):
        webhook(shop, order)
    assert shop.available == WELCOME + 12


@pytest.mark.parametrize("status", ["created", "confirming", "failed", "expired"])
def test_money_that_was_taken_is_paid_for_from_any_status(shop: Shop, status: str) -> None:
    order = shop.ordered()
    key = shop.toss.done(order.id, order.amount)
    if status != "created":
        assert shop.orders.save(order.claimed(key, shop.clock()))
    if status in ("failed", "expired"):
        assert shop.orders.save(shop.now(order).ended(OrderStatus(status), shop.clock(), Decline.UNAVAILABLE))
    webhook(shop, order)
    after = shop.now(order)
    assert (after.status, after.decline, shop.available) == (PAID, None, WELCOME + 12)


def test_an_answer_about_another_order_ends_none(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an order that nobody has claimed we ask by its own id: it stays on the list, and is paid once Toss says so."""
    order = shop.ordered()
    shop.toss.done(order.id, order.amount)
    other = replace(next(iter(shop.toss.payments.values())), order_id="01JD8QK2Z0000000000000000A")
    with monkeypatch.context() as patch:
        patch.setattr(shop.toss, "by_order", lambda _: other)
        shop.later(DAY)
        assert shop.now(order).due_at is not None
    shop.later(DAY)
    assert (shop.now(order).status, shop.available) == (PAID, WELCOME + 12)


@pytest.mark.parametrize("secret", ["", "guessed", SECRET[:-1], f"{SECRET}x", SECRET.upper(), "\udcff"])
def test_a_guessed_path_does_nothing(shop: Shop, secret: str) -> None:
    order = shop.ordered()
    shop.toss.done(order.id, order.amount)
    with pytest.raises(TokenNotFound):
        webhook(shop, order, secret)
    assert shop.now(order) == order
    assert shop.telemetry.total("CallbacksRefused") == 1


def test_the_secret_before_a_rotation_is_honoured(shop: Shop) -> None:
    order = shop.ordered()
    shop.toss.done(order.id, order.amount)
    webhook(shop, order, "older")
    assert shop.now(order).status is PAID


def test_what_a_webhook_says_decides_nothing(shop: Shop) -> None:
    """It is forged: the payment is read, and was never charged."""
    order = shop.ordered()
    key = shop.toss.authenticate(order.id, order.amount)
    webhook(shop, order, status="DONE", totalAmount=9_900, paymentKey=key, mId="veil_test")
    assert (shop.now(order), shop.available) == (order, WELCOME)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{}", b'{"data": null}', b'{"data": {"orderId": 7}}', b"\xff", b"[" * 100_000, b'"x"'],
    ids=lambda body: repr(body[:20]),
)
def test_a_body_that_is_none_of_ours_is_ignored(shop: Shop, body: bytes) -> None:
    shop.webhook(SECRET, body)
    assert shop.store.records == {}


def test_a_webhook_comes_again_when_toss_does_not_answer(shop: Shop) -> None:
    order = shop.ordered()
    shop.toss.done(order.id, order.amount)
    shop.toss.faults["read"].append(Lost.BEFORE)
    with pytest.raises(PaymentUnsettled):
        webhook(shop, order)
    webhook(shop, order)
    assert shop.now(order).status is PAID


def test_a_flat_deposit_callback_is_no_more_than_a_hint(shop: Shop) -> None:
    order = shop.ordered()
    shop.toss.done(order.id, order.amount)
    shop.webhook(SECRET, json.dumps({"secret": "ps_1", "status": "DONE", "orderId": order.id}).encode())
    assert shop.now(order).status is PAID


def test_money_for_no_order_that_we_know_is_told(shop: Shop) -> None:
    order_id = shop.ids(shop.clock())
    webhook(shop, order_id)
    shop.toss.reads_unapproved = True
    shop.toss.authenticate(order_id, 9_900)  # nobody has paid that yet
    webhook(shop, order_id)
    assert shop.telemetry.total("PaymentsWithoutOrder") == 0
    shop.toss.done(order_id, 9_900)
    webhook(shop, order_id)
    assert shop.telemetry.total("PaymentsWithoutOrder") == 1


def test_a_webhook_of_a_charge_is_left_to_the_charger(shop: Shop) -> None:
    shop.subscribed()
    (renewal,) = shop.renewals()
    shop.billing.give_back(key_of(renewal), 9_900)
    webhook(shop, renewal)
    assert shop.now(renewal).status is PAID
    shop.deliver()
    assert (shop.now(renewal).status, shop.available) == (REFUNDED, WELCOME)


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 9_899, "balance": 9_899}, {"amount": 99_000}, {"currency": "USD"}, {"merchant": "another_shop"}],
    ids=str,
)
@pytest.mark.parametrize("way", ["webhook", "sweep", "confirm"])
def test_money_that_is_not_the_orders_is_a_persons_to_decide(shop: Shop, wrong: dict[str, Any], way: str) -> None:
    order = shop.ordered()
    key = shop.toss.done(order.id, order.amount)
    shop.toss.payments[key] = replace(shop.toss.payments[key], **wrong)
    if way == "webhook":
        webhook(shop, order)
    elif way == "sweep":
        shop.later(45 * 60)
    else:
        assert shop.confirm(shop.user, order.id, key, order.amount)[0].status is OrderStatus.CONFIRMING
        shop.later(60)
    assert (shop.now(order).status, shop.available) == (REVIEW, WELCOME)
    assert shop.telemetry.total("OrdersInReview") == 1
    webhook(shop, order)
    assert (shop.now(order).status, shop.telemetry.total("OrdersInReview")) == (REVIEW, 1)
    assert shop.now(order).due_at is None


def test_another_payment_than_the_claimed_one_is_a_persons_to_decide(shop: Shop) -> None:
    """Toss answers for one order with another payment than the one that we asked to confirm."""
    order = shop.ordered()
    key = shop.toss.authenticate(order.id, order.amount)
    assert shop.orders.save(order.claimed(key, shop.clock()))
    other = shop.toss.done(order.id, order.amount)
    assert shop.confirm.settle.apply(shop.now(order), shop.toss.payments[other]).status is REVIEW
    assert shop.available == WELCOME


def test_an_answer_about_another_order_changes_nothing(shop: Shop) -> None:
    first, second = shop.ordered(), shop.ordered()
    payment = shop.toss.payments[shop.toss.done(first.id, first.amount)]
    with pytest.raises(PaymentUnsettled) as error:
        shop.confirm.settle.apply(second, payment)
    assert (error.value.answered, error.value.ours) == (True, True)
    assert shop.now(second) == second


@pytest.mark.parametrize(
    ("status", "ends"),
    [
        (PaymentStatus.ABORTED, OrderStatus.FAILED),
        (PaymentStatus.EXPIRED, OrderStatus.EXPIRED),
        (PaymentStatus.READY, OrderStatus.CONFIRMING),
        (PaymentStatus.WAITING_FOR_DEPOSIT, OrderStatus.CONFIRMING),
        (PaymentStatus.OTHER, OrderStatus.CONFIRMING),
        (PaymentStatus.CANCELED, OrderStatus.CONFIRMING),  # that was never approved
    ],
)
def test_an_end_is_read_back(shop: Shop, status: PaymentStatus, ends: OrderStatus) -> None:
    order = shop.ordered()
    key = shop.toss.authenticate(order.id, order.amount)
    assert shop.orders.save(order.claimed(key, shop.clock()))
    shop.toss.payments[key] = replace(shop.toss.payments[key], status=status)
    shop.toss.reads_unapproved = True
    webhook(shop, order)
    assert (shop.now(order).status, shop.available) == (ends, WELCOME)


@pytest.mark.parametrize(
    ("spent", "available", "owed"), [(0, WELCOME, 0), (WELCOME, 0, 0), (WELCOME + 5, 0, 5), (WELCOME + 12, 0, 12)]
)
def test_what_another_gave_back_is_taken_and_what_is_spent_is_owed(
    shop: Shop, spent: int, available: int, owed: int
) -> None:
    order = shop.paid()
    shop.spend(spent)
    shop.toss.give_back(key_of(order), 9_900)
    webhook(shop, order)
    after = shop.now(order)
    assert (after.status, after.balance, shop.available, shop.owed) == (REFUNDED, 0, available, owed)
    webhook(shop, order)
    assert (shop.now(order), shop.owed) == (after, owed)
    shop.audit_with_toss()


def test_what_another_gives_back_in_parts_is_booked_one_by_one(shop: Shop) -> None:
    order = shop.paid()
    for amount, credits_ in ((800, 0), (850, 2), (8_250, 12)):
        shop.toss.give_back(key_of(order), amount)
        webhook(shop, order)
        assert shop.now(order).refunded_credits == credits_
    assert (shop.now(order).status, shop.available) == (REFUNDED, WELCOME)
    assert shop.telemetry.values("CreditsOwed") == []
    shop.audit_with_toss()


def test_what_another_gave_back_before_anybody_knew_of_the_payment(shop: Shop) -> None:
    """It is paid and taken back, all in one read."""
    order = shop.ordered()
    key = shop.toss.done(order.id, order.amount)
    shop.toss.give_back(key, 4_950)
    shop.toss.give_back(key, 4_950)
    webhook(shop, order)
    assert (shop.now(order).status, len(shop.now(order).cancels), shop.available) == (REFUNDED, 2, WELCOME)


@pytest.mark.parametrize("days", [1, 7, 30, 90, 180, 365])
def test_what_another_gave_back_is_found_though_no_webhook_comes(shop: Shop, days: int) -> None:
    order = shop.paid()
    for day in range(1, days):
        shop.later(DAY)
        assert (day, shop.now(order).status) == (day, PAID)
    shop.toss.give_back(key_of(order), 9_900)
    shop.later(DAY)
    assert shop.now(order).status is REFUNDED
    shop.later(DAY)
    assert [one for one in shop.work.due(shop.clock() + 999 * DAY) if one.id == order.id and days == 365] == []


def test_a_mark_of_a_refund_that_is_not_under_way_is_anothers_cancel(shop: Shop) -> None:
    """Somebody in the console writes what we would write."""
    order = shop.paid()
    shop.toss.give_back(key_of(order), 825, f"unused credits [{shop.ids(shop.clock())}]")
    webhook(shop, order)
    assert (shop.now(order).refunded_credits, shop.available) == (1, WELCOME + 11)


def test_debts_are_collected_when_credits_come_back(shop: Shop) -> None:
    order = shop.paid()
    shop.spend(WELCOME + 12)
    shop.toss.give_back(key_of(order), 9_900)
    webhook(shop, order)
    shop.sweep()
    assert (shop.owed, shop.available) == (12, 0)
    for comes, owed, available in ((5, 7, 0), (0, 7, 0), (9, 0, 2)):
        shop.spend(-comes)
        shop.later(600)
        assert (shop.owed, shop.available) == (owed, available)
    assert shop.store.debts_due == {}
    assert (shop.telemetry.values("CreditsOwed"), shop.telemetry.values("CreditsCollected")) == ([12], [5, 7])
    shop.ordered()


def test_a_debts_message_that_comes_twice_is_worked_on_once(shop: Shop) -> None:
    order = shop.paid()
    shop.spend(WELCOME + 12)
    shop.toss.give_back(key_of(order), 9_900)
    webhook(shop, order)
    (item,) = [one for one in shop.work.due(shop.clock()) if one.kind == "credits"]
    shop.spend(-5)
    results = [shop.continues[item.kind](item) for _ in range(2)]
    assert (results, shop.owed, shop.available) == ([True, False], 7, 0)


def test_an_account_that_changes_meanwhile_is_read_anew(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shop.paid()
    shop.toss.give_back(key_of(order), 9_900)
    read = shop.orders.customer

    def customer(user: str) -> object:
        seen = read(user)
        monkeypatch.undo()
        shop.spend(WELCOME + 3)
        return seen

    monkeypatch.setattr(shop.orders, "customer", customer)
    webhook(shop, order)
    assert (shop.now(order).status, shop.available, shop.owed) == (REFUNDED, 0, 3)


def test_a_read_that_fails_leaves_a_paid_order_on_the_list(shop: Shop) -> None:
    order = shop.paid()
    shop.toss.give_back(key_of(order), 9_900)
    shop.toss.faults["read"].append(answered(ours=True))
    shop.later(DAY)
    assert (shop.now(order).status, shop.telemetry.total("PaymentProviderRefused")) == (PAID, 1)
    shop.later(300)
    assert shop.now(order).status is REFUNDED
