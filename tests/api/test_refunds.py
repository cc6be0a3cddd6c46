"""Refunds, money that others take back, and Toss's webhooks, over the API."""

from collections.abc import Callable
from typing import Any

import pytest

from local.simulated.environment import SECRETS
from tests.support.driver import is_problem
from tests.support.shop import WEBHOOK, Shop
from veil.domain.ports import WorkKind

Rule = Callable[..., None]
WELCOME = 8


def refund(shop: Shop, order: Any, **body: int) -> Any:
    return shop.call("payments", "POST", f"/orders/{order['id']}/refund", body)


def told(order: Any) -> dict[str, Any]:
    """A webhook's message about an order, which says nothing that is believed."""
    return {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-25T20:15:05", "data": {"orderId": order["id"]}}


def spend(shop: Shop, amount: int) -> None:
    shop.functions["payments"].bootstrap.table.transact(
        [shop.functions["payments"].bootstrap.accounts.take_credits(shop.user, amount)]
    )


def test_a_part_and_then_the_rest(shop: Shop) -> None:
    order = shop.bought()
    answer = refund(shop, order, credits=5)
    assert (answer.status, answer.json["status"]) == (202, "refunding")
    assert shop.credits() == (WELCOME + 7, 0)
    shop.charge()
    assert shop.get(order)["status"] == "paid"
    assert shop.get(order)["refundable"] == {"credits": 7, "amount": 5775}
    assert refund(shop, order).status == 202
    shop.charge()
    assert shop.get(order)["status"] == "refunded"
    assert shop.credits() == (WELCOME, 0)
    (payment,) = shop.payments()
    assert payment["balanceAmount"] == 0
    is_problem(refund(shop, order), 409, "nothing_refundable")


def test_spent_credits_are_not_refundable(shop: Shop) -> None:
    order = shop.bought()
    spend(shop, WELCOME + 10)
    is_problem(refund(shop, order, credits=3), 409, "nothing_refundable")
    assert refund(shop, order, credits=2).status == 202


def test_of_two_refunds_at_once_one_is_made(shop: Shop) -> None:
    order = shop.bought()
    assert refund(shop, order, credits=12).status == 202
    is_problem(refund(shop, order, credits=12), 409, "nothing_refundable")
    shop.charge()
    assert shop.credits() == (WELCOME, 0)


@pytest.mark.parametrize("credits_", [0, -1, 1001])
def test_an_impossible_number_of_credits(shop: Shop, credits_: int) -> None:
    is_problem(refund(shop, shop.bought(), credits=credits_), 422, "invalid_request")


def test_an_order_that_was_not_paid_has_nothing_to_refund(shop: Shop) -> None:
    is_problem(refund(shop, shop.order()), 409, "nothing_refundable")


@pytest.mark.parametrize("fault", ["lost", 500, "PROVIDER_ERROR", "FAILED_REFUND_PROCESS"])
def test_a_lost_answer_cancels_once(shop: Shop, rule: Rule, fault: object) -> None:
    order = shop.bought()
    refund(shop, order, credits=12)
    rule(toss={"cancel": [fault]})
    shop.charge()
    id_ = refund_id(shop)
    shop.due_now(WorkKind.REFUND, id_)
    assert shop.get(order)["status"] == "refunded"
    (payment,) = shop.payments()
    assert [cancel["cancelAmount"] for cancel in payment["cancels"]] == [9900]


def refund_id(shop: Shop) -> str:
    (item,) = shop.functions["payments"].bootstrap.table.between(shop.user, "REFUND#", "REFUND#~")
    return str(item["sk"].removeprefix("REFUND#"))


def test_a_refund_that_toss_refuses_gives_the_credits_again(shop: Shop, rule: Rule) -> None:
    order = shop.bought()
    refund(shop, order, credits=4)
    rule(toss={"cancel": ["NOT_CANCELABLE_PAYMENT"]})
    shop.charge()
    assert shop.get(order)["status"] == "paid"
    assert shop.credits() == (WELCOME + 12, 0)
    kinds = [entry["kind"] for entry in shop.call("gallery", "GET", "/credits/entries").json["items"]]
    assert kinds == ["restore", "withdraw", "purchase", "grant"]


def test_a_cancel_in_the_console_takes_the_credits_back(shop: Shop) -> None:
    order = shop.bought()
    (payment,) = shop.payments()
    shop.told("console/cancel", {"paymentKey": payment["paymentKey"], "amount": 3300, "reason": "by phone"})
    assert shop.webhook(told(order)).status == 200
    assert shop.get(order)["refundable"] == {"credits": 8, "amount": 6600}
    assert shop.credits() == (WELCOME + 8, 0)


def test_spent_credits_whose_money_went_back_are_owed(shop: Shop) -> None:
    order = shop.bought()
    spend(shop, 15)
    (payment,) = shop.payments()
    shop.told("console/cancel", {"paymentKey": payment["paymentKey"], "amount": None, "reason": "dispute"})
    assert shop.webhook(told(order)).status == 200
    assert shop.credits() == (0, 7)
    assert shop.get(order)["status"] == "refunded"
    answer = shop.call("payments", "POST", "/orders", {"product": "pack_small"})
    is_problem(answer, 409, "credits_owed")
    assert answer.json["owed"] == 7
    bootstrap = shop.functions["payments"].bootstrap
    bootstrap.accounts.grant(shop.user, "grant", 9, "sorry", shop.now())
    shop.due_now(WorkKind.CREDITS)
    assert shop.credits() == (2, 0)
    assert shop.order("pack_small")["status"] == "created"


def test_a_console_cancel_between_withdrawal_and_refund(shop: Shop) -> None:
    order = shop.bought()
    refund(shop, order, credits=6)
    (payment,) = shop.payments()
    shop.told("console/cancel", {"paymentKey": payment["paymentKey"], "amount": None, "reason": "twice"})
    shop.charge()
    assert shop.get(order)["status"] == "refunded"
    if shop.credits()[1]:
        shop.due_now(WorkKind.CREDITS)
    assert shop.credits() == (WELCOME, 0)


@pytest.mark.parametrize("path", ["/webhooks/toss/guessed", "/webhooks/toss/%00", WEBHOOK + "x", WEBHOOK[:-1]])
def test_a_guessed_path_is_unknown(shop: Shop, path: str) -> None:
    is_problem(shop.webhook(told(shop.order()), path), 404, "token_not_found")


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        "text",
        b"\xff",
        {"data": None},
        {"data": {"orderId": 7}},
        {"data": {"orderId": "nobody"}},
        {"eventType": "BILLING_DELETED", "data": {"billingKey": "k"}},
        {"eventType": "something.new"},
        {"orderId": "01KANE5A1B2C3D4E5F6G7H8J9K", "secret": "s", "status": "DONE"},
    ],
    ids=str,
)
def test_what_is_about_no_order_of_ours_is_taken(shop: Shop, message: object) -> None:
    assert shop.webhook(message).status == 200


def test_a_webhook_that_lies_gives_nothing(shop: Shop) -> None:
    order = shop.order()
    data = {"orderId": order["id"], "status": "DONE", "totalAmount": 9900, "paymentKey": "p"}
    assert shop.webhook({"eventType": "PAYMENT_STATUS_CHANGED", "data": data}).status == 200
    assert (shop.credits(), shop.get(order)["status"]) == ((WELCOME, 0), "created")


def test_a_webhook_settles_what_no_answer_told(shop: Shop, rule: Rule) -> None:
    order = shop.order()
    key = shop.pay(order)
    rule(toss={"confirm": ["lost"]})
    assert shop.confirm(order, key).status == 202
    assert shop.webhook(told(order)).status == 200
    assert shop.credits() == (WELCOME + 12, 0)


def test_a_webhook_comes_again_when_toss_does_not_answer(shop: Shop, rule: Rule) -> None:
    order = shop.bought()
    rule(toss={"get": [500]})
    is_problem(shop.webhook(told(order)), 503, "temporarily_unavailable")


def test_no_secret_in_a_log(shop: Shop, rule: Rule, log: Any) -> None:
    order = shop.order()
    key = shop.pay(order)
    rule(toss={"confirm": ["lost"], "get": [500]})
    shop.confirm(order, key)
    shop.webhook(told(order))
    shop.webhook(told(order), "/webhooks/toss/guessed-secret")
    text = log.getvalue()
    assert text
    hidden = (*SECRETS.values(), key, "guessed-secret", order["customer_key"])
    assert [word for word in hidden if word in text] == []
