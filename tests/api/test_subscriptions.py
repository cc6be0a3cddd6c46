"""The monthly plan over the API, with the charger behind it."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from local.simulated.environment import TABLE
from tests.support.driver import is_problem
from tests.support.shop import Shop
from veil.domain.ports import WorkKind

Rule = Callable[..., None]
WELCOME = 8
GOOD_CARD = "5365100000001234"


def authenticated(shop: Shop, card: str = GOOD_CARD) -> dict[str, str]:
    """What the window sends to the success page once a card was registered."""
    window = shop.call("payments", "POST", "/subscriptions").json
    asked = {"customerKey": window["customer_key"], "clientKey": window["client_key"], "card": card}
    auth = shop.told("authorize-billing", asked)
    return {"auth_key": auth["authKey"], "customer_key": auth["customerKey"]}


def subscribe(shop: Shop, card: str = GOOD_CARD) -> Any:
    answer = shop.call("payments", "POST", "/subscriptions/confirm", authenticated(shop, card))
    assert answer.status == 202, answer.text
    shop.charge()
    return current(shop)


def current(shop: Shop) -> Any:
    return shop.call("payments", "GET", "/subscriptions/current").json


def stored(shop: Shop) -> dict[str, Any]:
    key = {"pk": {"S": f"USER#{shop.user}"}, "sk": {"S": "SUBSCRIPTION"}}
    return dict(boto3.client("dynamodb").get_item(TableName=TABLE, Key=key)["Item"])


def test_a_plan_begins_with_its_first_charge(shop: Shop) -> None:
    body = authenticated(shop)
    answer = shop.call("payments", "POST", "/subscriptions/confirm", body)
    assert (answer.status, answer.json["status"]) == (202, "registering")
    assert shop.credits() == (WELCOME, 0)
    shop.charge()
    plan = current(shop)
    assert (plan["status"], plan["amount"], plan["credits"], plan["decline"]) == ("active", 9900, 16, None)
    assert plan["card"].startswith("536510")
    assert plan["paid_until"]
    assert shop.credits() == (WELCOME + 16, 0)
    (order,) = shop.call("payments", "GET", "/orders").json["items"]
    assert (order["product"], order["status"]) == ("plan_monthly", "paid")
    entry = shop.call("gallery", "GET", "/credits/entries").json["items"][0]
    assert (entry["kind"], entry["reference"]) == ("grant", order["id"])


def test_no_key_of_a_card_is_readable_in_the_table(shop: Shop) -> None:
    body = authenticated(shop)
    shop.call("payments", "POST", "/subscriptions/confirm", body)
    assert body["auth_key"] not in str(stored(shop))
    shop.charge()
    sealed = stored(shop)["billing_key"]["S"]
    assert len(sealed) > 100
    assert "auth_key" not in stored(shop)


def test_the_same_page_again_registers_nothing_again(shop: Shop) -> None:
    body = authenticated(shop)
    first = shop.call("payments", "POST", "/subscriptions/confirm", body)
    again = shop.call("payments", "POST", "/subscriptions/confirm", body)
    assert (first.status, again.status) == (202, 202)
    shop.charge()
    assert shop.call("payments", "POST", "/subscriptions/confirm", body).json["status"] == "active"
    shop.charge()
    assert shop.credits() == (WELCOME + 16, 0)


def test_a_plan_while_one_runs_is_another_card_and_no_other_charge(shop: Shop) -> None:
    subscribe(shop)
    plan = subscribe(shop, "9410000000005678")
    assert (plan["status"], plan["card"][:6]) == ("active", "941000")
    assert shop.credits() == (WELCOME + 16, 0)
    customer_key = stored(shop)["customer_key"]["S"]
    every = shop.control.get("/_control/toss").json()["billingKeys"]
    keys = [key for key in every if key["customerKey"] == customer_key]
    assert sorted(key["removed"] for key in keys) == [False, True]


def test_another_card_while_one_is_being_registered(shop: Shop) -> None:
    one, other = authenticated(shop), authenticated(shop)
    assert shop.call("payments", "POST", "/subscriptions/confirm", one).status == 202
    is_problem(shop.call("payments", "POST", "/subscriptions/confirm", other), 409, "subscription_conflict")


def test_a_card_of_another_customer_is_refused(shop: Shop) -> None:
    body = authenticated(shop)
    answer = shop.call("payments", "POST", "/subscriptions/confirm", body, user="user|thief")
    is_problem(answer, 409, "subscription_conflict")


def test_an_invented_auth_key_ends_at_once(shop: Shop) -> None:
    body = {**authenticated(shop), "auth_key": "ak_invented"}
    assert shop.call("payments", "POST", "/subscriptions/confirm", body).status == 202
    shop.charge()
    plan = current(shop)
    assert (plan["status"], plan["decline"]["code"]) == ("ended", "card_unusable")
    assert shop.credits() == (WELCOME, 0)
    assert subscribe(shop)["status"] == "active"


def test_a_card_that_is_declined_at_first_begins_no_plan(shop: Shop) -> None:
    plan = subscribe(shop, "4330120000001234")
    assert (plan["status"], plan["decline"]["code"], plan["paid_until"]) == ("ended", "card_unsupported", None)
    assert shop.credits() == (WELCOME, 0)
    if "due_at" in stored(shop):
        shop.due_now(WorkKind.SUBSCRIPTION)
    assert "billing_key" not in stored(shop)


@pytest.mark.parametrize("fault", ["lost", 500, 409, "PROVIDER_ERROR", "FAILED_INTERNAL_SYSTEM_PROCESSING"])
def test_a_charge_whose_answer_is_lost_is_made_once(shop: Shop, rule: Rule, fault: object) -> None:
    rule(toss={"charge": [fault]})
    subscribe(shop)
    shop.due_now(WorkKind.SUBSCRIPTION)
    assert current(shop)["status"] == "active"
    assert shop.credits() == (WELCOME + 16, 0)
    assert [payment["status"] for payment in shop.payments()] == ["DONE"]


@pytest.mark.parametrize("fault", ["lost", 500, "FAILED_BILL_KEY_AUTH_CREATION"])
def test_a_registration_whose_answer_is_lost(shop: Shop, rule: Rule, fault: object) -> None:
    rule(toss={"issue": [fault]})
    assert subscribe(shop)["status"] == "registering"
    shop.due_now(WorkKind.SUBSCRIPTION)
    shop.charge()
    assert current(shop)["status"] == "active"
    assert shop.credits() == (WELCOME + 16, 0)


def test_ending_is_one_call_and_keeps_what_is_paid(shop: Shop) -> None:
    paid_until = subscribe(shop)["paid_until"]
    ended = shop.call("payments", "DELETE", "/subscriptions/current")
    assert (ended.status, ended.json["status"], ended.json["paid_until"]) == (200, "ending", paid_until)
    assert shop.call("payments", "DELETE", "/subscriptions/current").json == ended.json
    assert shop.credits() == (WELCOME + 16, 0)


def test_a_plan_that_was_ending_goes_on_with_a_card(shop: Shop) -> None:
    subscribe(shop)
    shop.call("payments", "DELETE", "/subscriptions/current")
    assert subscribe(shop)["status"] == "active"
    assert shop.credits() == (WELCOME + 16, 0)


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("DELETE", None), ("PUT", {"amount": 9900})])
def test_there_is_no_plan(shop: Shop, method: str, body: object) -> None:
    is_problem(shop.call("payments", method, "/subscriptions/current", body), 404, "subscription_not_found")


@pytest.mark.parametrize("amount", [0, 9899, 12900])
def test_no_price_that_is_not_ours_is_agreed_to(shop: Shop, amount: int) -> None:
    subscribe(shop)
    answer = shop.call("payments", "PUT", "/subscriptions/current", {"amount": amount})
    is_problem(answer, 409, "subscription_conflict")
    assert shop.call("payments", "PUT", "/subscriptions/current", {"amount": 9900}).status == 200


def test_a_renewal_can_be_refunded(shop: Shop) -> None:
    subscribe(shop)
    (order,) = shop.call("payments", "GET", "/orders").json["items"]
    assert shop.call("payments", "POST", f"/orders/{order['id']}/refund", {}).status == 202
    shop.charge()
    assert shop.get(order)["status"] == "refunded"
    assert shop.credits() == (WELCOME, 0)


def test_a_webhook_about_a_renewal_is_the_chargers(shop: Shop) -> None:
    subscribe(shop)
    (payment,) = shop.payments()
    shop.told("console/cancel", {"paymentKey": payment["paymentKey"], "amount": None, "reason": "by phone"})
    assert shop.webhook({"data": {"orderId": payment["orderId"]}}).status == 200
    shop.charge()
    assert shop.get({"id": payment["orderId"]})["status"] == "refunded"
    assert shop.credits() == (WELCOME, 0)
