"""Orders over the API: what is answered, and that neither money nor credits move where they must not."""

from collections.abc import Callable
from typing import Any

import pytest

from local.stand_ins import ProvidersConfig
from tests.support.driver import is_problem
from tests.support.functions import Call
from tests.support.shop import Shop
from veil.domain.ports import WorkKind

Rule = Callable[..., None]
WELCOME = 8


def balance_and_status(shop: Shop, order: Any) -> tuple[int, str]:
    return shop.credits()[0], shop.get(order)["status"]


def test_products_are_listed_to_anybody(call: Call) -> None:
    listed = call("payments", "GET", "/products", user=None).json
    assert [(pack["credits"], pack["amount"]) for pack in listed["packs"]] == [(4, 3900), (12, 9900), (40, 29000)]
    assert (listed["plan"]["credits"], listed["plan"]["amount"], listed["plan"]["period"]) == (16, 9900, "month")


def test_an_order_has_our_price_and_what_the_window_needs(shop: Shop, providers: ProvidersConfig) -> None:
    placed = shop.call("payments", "POST", "/orders", {"product": "pack_small"}, headers={"accept-language": "en"})
    order = placed.json
    assert placed.status == 201
    assert placed.headers["location"] == f"/orders/{order['id']}"
    assert (order["credits"], order["amount"], order["currency"], order["status"]) == (4, 3900, "KRW", "created")
    assert (order["order_name"], order["client_key"]) == ("4 credits", providers.toss_client_key)
    assert shop.order()["customer_key"] == order["customer_key"]
    assert shop.credits() == (WELCOME, 0)


def test_a_purchase(shop: Shop) -> None:
    order = shop.order()
    paid = shop.confirm(order, shop.pay(order))
    assert paid.status == 200
    assert paid.json["status"] == "paid"
    assert paid.json["refundable"] == {"credits": 12, "amount": 9900}
    assert paid.json["receipt_url"]
    assert paid.json["paid_at"]
    assert shop.get(order) == paid.json
    assert shop.credits() == (WELCOME + 12, 0)
    entries = shop.call("gallery", "GET", "/credits/entries").json["items"]
    assert [(entry["kind"], entry["amount"]) for entry in entries] == [("purchase", 12), ("grant", WELCOME)]
    assert entries[0]["reference"] == order["id"]


def test_a_reload_is_harmless(shop: Shop) -> None:
    order = shop.order()
    key = shop.pay(order)
    first, again = shop.confirm(order, key), shop.confirm(order, key)
    assert (first.status, again.status) == (200, 200)
    assert first.json == again.json
    assert shop.credits() == (WELCOME + 12, 0)


def test_of_two_tabs_one_confirms(shop: Shop) -> None:
    order = shop.order()
    one, other = shop.pay(order), shop.pay(order)
    assert shop.confirm(order, one).status == 200
    is_problem(shop.confirm(order, other), 409, "order_conflict")
    assert shop.credits() == (WELCOME + 12, 0)
    assert [payment["status"] for payment in shop.payments()].count("DONE") == 1


def test_the_same_key_places_one_order(shop: Shop) -> None:
    headers = {"idempotency-key": "tap 1"}
    first = shop.order(headers=headers)
    again = shop.call("payments", "POST", "/orders", {"product": "pack_medium"}, headers=headers)
    assert (again.status, again.headers["idempotency-replayed"], again.json) == (200, "true", first)
    other = shop.call("payments", "POST", "/orders", {"product": "pack_small"}, headers=headers)
    is_problem(other, 422, "idempotency_key_reused")
    assert len(shop.call("payments", "GET", "/orders").json["items"]) == 1


def test_a_generation_and_an_order_may_have_the_same_key(shop: Shop, call: Call, ready: Any) -> None:
    headers = {"idempotency-key": "one"}
    assert call("generations", "POST", "/generations", ready.body, headers=headers).status == 202
    assert shop.order(headers=headers)["status"] == "created"


@pytest.mark.parametrize("product", ["pack_huge", "plan_monthly", "", "PACK_SMALL"])
def test_no_other_product_can_be_ordered(shop: Shop, product: str) -> None:
    answer = shop.call("payments", "POST", "/orders", {"product": product})
    is_problem(answer, 422, "invalid_request")


@pytest.mark.parametrize("amount", [0, 100, 9899, 9901])
def test_another_amount_is_a_conflict_and_nothing_moves(shop: Shop, amount: int) -> None:
    order = shop.order()
    key = shop.pay(order)
    is_problem(shop.confirm(order, key, amount), 409, "order_conflict")
    assert balance_and_status(shop, order) == (WELCOME, "created")
    assert shop.confirm(order, key).status == 200


def test_a_window_that_was_opened_for_less_is_never_charged(shop: Shop) -> None:
    """Toss refuses the stored amount; what came of it is read, and the order ends unpaid."""
    order = shop.order()
    assert shop.confirm(order, shop.pay(order, amount=100)).status == 202
    assert balance_and_status(shop, order) == (WELCOME, "confirming")
    assert all(not payment["approved"] for payment in shop.payments())


def test_anothers_order_is_not_there(shop: Shop) -> None:
    order = shop.order()
    key = shop.pay(order)
    is_problem(shop.confirm(order, key, user="user|other"), 404, "order_not_found")
    for method, path in (("GET", ""), ("POST", "/refund")):
        answer = shop.call("payments", method, f"/orders/{order['id']}{path}", {} if path else None, user="user|other")
        is_problem(answer, 404, "order_not_found")


def test_a_payment_of_another_order_is_a_conflict(shop: Shop) -> None:
    one, other = shop.order(), shop.order()
    is_problem(shop.confirm(one, shop.pay(other)), 409, "order_conflict")
    assert balance_and_status(shop, one) == (WELCOME, "failed")


def test_a_used_payment_key_buys_nothing_more(shop: Shop) -> None:
    one, other = shop.order(), shop.order()
    key = shop.pay(one)
    assert shop.confirm(one, key).status == 200
    is_problem(shop.confirm(other, key), 409, "order_conflict")
    assert shop.credits() == (WELCOME + 12, 0)


def test_an_unknown_payment_key_has_expired(shop: Shop) -> None:
    order = shop.order()
    is_problem(shop.confirm(order, "tveil-never-was"), 410, "order_expired")
    assert balance_and_status(shop, order) == (WELCOME, "expired")


def test_a_confirm_after_ten_minutes_has_expired(shop: Shop) -> None:
    order = shop.order()
    key = shop.pay(order)
    shop.told("clock", {"advance": 601})
    is_problem(shop.confirm(order, key), 410, "order_expired")
    is_problem(shop.confirm(order, key), 410, "order_expired")
    assert balance_and_status(shop, order) == (WELCOME, "expired")


def test_a_declined_card_says_why(shop: Shop, rule: Rule) -> None:
    order = shop.order()
    key = shop.pay(order)
    rule(toss={"confirm": ["REJECT_CARD_PAYMENT"]})
    answer = shop.confirm(order, key, headers={"accept-language": "en"})
    is_problem(answer, 402, "payment_declined")
    assert answer.json["decline"]["code"] == "limit_exceeded"
    assert "limit" in answer.json["decline"]["detail"]
    is_problem(shop.confirm(order, key), 402, "payment_declined")
    assert balance_and_status(shop, order) == (WELCOME, "failed")


@pytest.mark.parametrize("fault", ["lost", 500, 409, "PROVIDER_ERROR", "FAILED_INTERNAL_SYSTEM_PROCESSING"])
def test_an_outcome_that_is_not_known_is_settled_by_asking(shop: Shop, rule: Rule, fault: object) -> None:
    order = shop.order()
    key = shop.pay(order)
    rule(toss={"confirm": [fault]})
    assert shop.confirm(order, key).status == 202
    shop.due_now(WorkKind.ORDER, order["id"])
    assert balance_and_status(shop, order) == (WELCOME + 12, "paid")
    assert [payment["status"] for payment in shop.payments()] == ["DONE"]


def test_a_reload_settles_what_was_lost(shop: Shop, rule: Rule) -> None:
    order = shop.order()
    key = shop.pay(order)
    rule(toss={"confirm": ["lost"]})
    assert [shop.confirm(order, key).status, shop.confirm(order, key).status] == [202, 200]
    assert shop.credits() == (WELCOME + 12, 0)


def test_an_order_that_nobody_pays_expires(shop: Shop) -> None:
    order = shop.order()
    shop.due_now(WorkKind.ORDER, order["id"])
    assert shop.get(order)["status"] == "created"  # it is not 45 minutes old


def test_orders_come_page_by_page(shop: Shop) -> None:
    made = [shop.order()["id"] for _ in range(3)]
    first = shop.call("payments", "GET", "/orders", query={"limit": "2"}).json
    rest = shop.call("payments", "GET", "/orders", query={"limit": "2", "cursor": first["next_cursor"]}).json
    assert [order["id"] for order in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_too_many_orders(shop: Shop) -> None:
    """Twenty in a window of ten minutes; a second window may begin meanwhile."""
    for _ in range(41):
        answer = shop.call("payments", "POST", "/orders", {"product": "pack_small"})
        if answer.status != 201:
            break
    is_problem(answer, 429, "rate_limited")
