"""Toss's billing keys: issued, charged, declined, deleted."""

from typing import Any

import pytest

from local.stand_ins.toss import Refused
from tests.support.toss import BILLING, CUSTOMER, GOOD_CARD, PAYMENTS, Shop, basic, content, refusal

OTHER_CUSTOMER = "another-customer-0000"
SUBSCRIPTION = "sub_01JD-202612-1"


def test_a_card_from_the_window_to_a_charge() -> None:
    shop = Shop()
    auth_key = shop.toss.authorize_billing(CUSTOMER, BILLING.client_key, GOOD_CARD)
    billing = content(shop.issue(auth_key))
    assert (billing["mId"], billing["customerKey"], billing["method"]) == ("veil_bill", CUSTOMER, "카드")
    assert billing["card"]["number"] == "53651012****123*"
    assert "cardNumber" not in billing
    assert "=" in billing["billingKey"]
    body = content(shop.charge(billing["billingKey"], customerIp="203.0.113.9"))
    assert (body["type"], body["status"], body["mId"], body["totalAmount"]) == ("BILLING", "DONE", "veil_bill", 9900)
    assert shop.hooks == []  # a charge sends none
    by_order = shop.call("GET", f"/v1/payments/orders/{SUBSCRIPTION}", **basic(f"{BILLING.secret_key}:"))
    assert content(by_order)["paymentKey"] == body["paymentKey"]


def test_a_billing_key_may_stand_raw_in_the_path() -> None:
    shop = Shop()
    body = {"customerKey": CUSTOMER, "amount": 9900, "orderId": SUBSCRIPTION, "orderName": "Veil premium"}
    assert shop.call("POST", f"/v1/billing/{shop.billing_key()}", body).status == 200


def test_an_auth_key_is_for_one_use_and_one_customer() -> None:
    shop = Shop()
    auth_key = shop.toss.authorize_billing(CUSTOMER, BILLING.client_key, GOOD_CARD)
    assert refusal(shop.issue("ak_unknown")) == (404, "NOT_FOUND_BILLING")
    assert refusal(shop.issue(auth_key, OTHER_CUSTOMER)) == (404, "NOT_FOUND_BILLING")
    assert shop.issue(auth_key).status == 200
    assert refusal(shop.issue(auth_key)) == (404, "NOT_FOUND_BILLING")


@pytest.mark.parametrize("bin_", ["941000", "490625", "536510", "457973"])
def test_cards_that_are_charged(bin_: str) -> None:
    shop = Shop()
    assert shop.charge(shop.billing_key(f"{bin_}1234567890")).status == 200


@pytest.mark.parametrize("bin_", ["433012", "552022", "411111"])
def test_cards_that_are_issued_but_not_charged(bin_: str) -> None:
    shop = Shop()
    assert refusal(shop.charge(shop.billing_key(f"{bin_}1234567890"))) == (400, "NOT_SUPPORTED_CARD_TYPE")


def test_a_card_of_six_digits_is_not_issued() -> None:
    shop = Shop()
    assert refusal(shop.issue(shop.toss.authorize_billing(CUSTOMER, BILLING.client_key, "536510"))) == (
        400,
        "INVALID_CARD_NUMBER",
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"customerKey": OTHER_CUSTOMER}, (400, "NOT_MATCHES_CUSTOMER_KEY")),
        ({"amount": 99}, (400, "BELOW_MINIMUM_AMOUNT")),
        ({"amount": "9900"}, (400, "INVALID_REQUEST")),
        ({"orderId": "short"}, (400, "INVALID_REQUEST")),
        ({"orderId": "주문번호-12345"}, (400, "INVALID_REQUEST")),
        ({"orderName": ""}, (400, "INVALID_REQUEST")),
        ({"orderName": "x" * 101}, (400, "INVALID_REQUEST")),
        ({"customerEmail": "x" * 101}, (400, "INVALID_REQUEST")),
        ({"customerName": None}, (400, "INVALID_REQUEST")),
        ({"currency": "KRW"}, (400, "INVALID_REQUEST")),
    ],
)
def test_charges_that_are_refused(body: dict[str, Any], expected: tuple[int, str]) -> None:
    shop = Shop()
    key = shop.billing_key()
    assert refusal(shop.charge(key, **body)) == expected
    assert shop.toss.state()["payments"] == []
    assert shop.charge(key).status == 200


def test_an_order_is_charged_once() -> None:
    shop = Shop()
    key = shop.billing_key()
    assert shop.charge(key).status == 200
    assert refusal(shop.charge(key)) == (400, "DUPLICATED_ORDER_ID")
    assert shop.charge(key, "sub_01JD-202701-1").status == 200


@pytest.mark.parametrize(("takes", "expected"), [(False, 200), (True, 400)])
def test_a_declined_charge_takes_its_order_or_not(takes: bool, expected: int) -> None:
    shop = Shop(declined_charge_takes_order=takes)
    key = shop.billing_key()
    shop.toss.decline_next("REJECT_CARD_PAYMENT")
    assert refusal(shop.charge(key)) == (403, "REJECT_CARD_PAYMENT")
    again = shop.charge(key)
    assert again.status == expected
    if takes:
        assert content(again)["code"] == "DUPLICATED_ORDER_ID"
    assert shop.hooks == []


def test_a_transient_error_of_a_charge_leaves_nothing_behind() -> None:
    shop = Shop()
    key = shop.billing_key()
    shop.toss.decline_next("PROVIDER_ERROR")
    assert refusal(shop.charge(key)) == (400, "PROVIDER_ERROR")
    assert shop.charge(key).status == 200
    shop.now += 3600
    assert [payment["status"] for payment in shop.toss.state()["payments"]] == ["ABORTED", "DONE"]
    assert shop.hooks == []


def test_an_error_after_a_card_was_charged() -> None:
    shop = Shop()
    key = shop.billing_key()
    shop.toss.decline_next("FAILED_INTERNAL_SYSTEM_PROCESSING", charged=True)
    assert shop.charge(key).status == 500
    assert refusal(shop.charge(key)) == (400, "DUPLICATED_ORDER_ID")
    reply = shop.call("GET", f"/v1/payments/orders/{SUBSCRIPTION}", **basic(f"{BILLING.secret_key}:"))
    assert content(reply)["status"] == "DONE"


@pytest.mark.parametrize(("reads", "status"), [(False, 404), (True, 200)])
def test_a_declined_charge_is_read_or_not(reads: bool, status: int) -> None:
    shop = Shop(declined_charge_is_read=reads)
    key = shop.billing_key()
    shop.toss.card("REJECT_CARD_COMPANY", key)
    shop.charge(key)
    reply = shop.call("GET", f"/v1/payments/orders/{SUBSCRIPTION}", **basic(f"{BILLING.secret_key}:"))
    assert reply.status == status
    assert not reads or (content(reply)["status"], content(reply)["approvedAt"]) == ("ABORTED", None)


def test_a_card_is_declined_until_it_is_well_again() -> None:
    shop = Shop()
    key, other = shop.billing_key(), shop.billing_key()
    shop.toss.card("INVALID_STOPPED_CARD", key)
    assert [refusal(shop.charge(key, f"sub_stopped_{number}")) for number in (1, 2)] == [
        (400, "INVALID_STOPPED_CARD")
    ] * 2
    assert shop.charge(other, "sub_other").status == 200
    shop.toss.card("ok", key)
    assert shop.charge(key, "sub_stopped_3").status == 200
    with pytest.raises(Refused, match="BILLING_KEY_NOT_FOUND"):
        shop.toss.card("ok", "bk_unknown")


def test_the_next_calls_outcomes_come_before_the_cards() -> None:
    shop = Shop()
    key = shop.billing_key()
    shop.toss.card("INVALID_STOPPED_CARD", key)
    shop.toss.card("ok")
    assert shop.charge(key).status == 200
    assert refusal(shop.charge(key, "sub_second")) == (400, "INVALID_STOPPED_CARD")


@pytest.mark.parametrize(
    ("second_delete", "expected"),
    [
        ("removed", (400, "ALREADY_REMOVED_BILLING_KEY")),
        ("not_found", (404, "NOT_FOUND_BILLING")),
        ("ok", (200, None)),
    ],
)
def test_a_billing_key_is_deleted(second_delete: str, expected: tuple[int, str | None]) -> None:
    shop = Shop(second_delete=second_delete)
    key = shop.billing_key()
    reply = shop.delete(key)
    assert (reply.status, reply.body) == (200, b"")
    assert [(hook["eventType"], hook["data"]) for hook in shop.hooks] == [
        ("BILLING_DELETED", {"billingKey": key, "reason": None})
    ]
    again = shop.delete(key)
    assert (again.status, content(again)["code"] if again.body else None) == expected
    assert refusal(shop.charge(key)) == (400, "ALREADY_REMOVED_BILLING_KEY")
    assert len(shop.hooks) == 1


def test_a_billing_key_that_nobody_knows() -> None:
    shop = Shop()
    assert refusal(shop.delete("bk_unknown")) == (400, "BILLING_KEY_NOT_FOUND")
    assert refusal(shop.charge("bk_unknown")) == (400, "BILLING_KEY_NOT_FOUND")


def test_the_console_deletes_and_announces() -> None:
    shop = Shop()
    key = shop.billing_key()
    shop.toss.delete_billing_from_console(key, "asked by telephone")
    assert shop.hooks[0]["data"] == {"billingKey": key, "reason": "asked by telephone"}
    assert refusal(shop.charge(key)) == (400, "ALREADY_REMOVED_BILLING_KEY")


def test_only_the_billing_merchant_bills() -> None:
    shop = Shop()
    key, headers = shop.billing_key(), basic(f"{PAYMENTS.secret_key}:")
    body = {"customerKey": CUSTOMER, "amount": 9900, "orderId": SUBSCRIPTION, "orderName": "Veil premium"}
    for method, path in (
        ("POST", f"/v1/billing/{key}"),
        ("DELETE", f"/v1/billing/{key}"),
        ("POST", "/v1/billing/authorizations/issue"),
    ):
        assert refusal(shop.call(method, path, body, **headers)) == (400, "INVALID_API_KEY")


def test_the_windows_check_what_the_browser_says() -> None:
    shop = Shop()
    for order_id, amount, name, customer, client, code in (
        ("short", 9900, "Veil", CUSTOMER, PAYMENTS.client_key, "INVALID_ORDER_ID"),
        ("ord_000000", 99, "Veil", CUSTOMER, PAYMENTS.client_key, "BELOW_MINIMUM_AMOUNT"),
        ("ord_000000", 9900, "", CUSTOMER, PAYMENTS.client_key, "INVALID_REQUEST"),
        ("ord_000000", 9900, "x" * 101, CUSTOMER, PAYMENTS.client_key, "INVALID_REQUEST"),
        ("ord_000000", 9900, "Veil", "x" * 51, PAYMENTS.client_key, "INVALID_CUSTOMER_KEY"),
        ("ord_000000", 9900, "Veil", "a b", PAYMENTS.client_key, "INVALID_CUSTOMER_KEY"),
        ("ord_000000", 9900, "Veil", CUSTOMER, BILLING.client_key, "INVALID_API_KEY"),
        ("ord_000000", 9900, "Veil", CUSTOMER, PAYMENTS.secret_key, "INVALID_API_KEY"),
    ):
        with pytest.raises(Refused, match=code):
            shop.toss.open_window(order_id, amount, name, customer, client)
    for metadata in ({str(number): "x" for number in range(6)}, {"a[0]": "x"}, {"k" * 41: "x"}, {"k": "x" * 2001}):
        with pytest.raises(Refused, match="INVALID_REQUEST"):
            shop.toss.open_window("ord_000000", 9900, "Veil", CUSTOMER, PAYMENTS.client_key, metadata=metadata)
    with pytest.raises(Refused, match="INVALID_API_KEY"):
        shop.toss.authorize_billing(CUSTOMER, PAYMENTS.client_key)
    assert shop.toss.state() == {"payments": [], "billingKeys": []}


def test_a_window_is_closed_or_its_card_refused() -> None:
    shop = Shop()
    key = shop.window()
    assert set(shop.toss.close(key)) == {"code", "message"}
    assert shop.toss.close(key)["code"] == "PAY_PROCESS_CANCELED"
    failed = shop.toss.fail(key)
    assert (failed["code"], failed["orderId"]) == ("REJECT_CARD_COMPANY", "ord_01JD8QK2Z0")
    shop.toss.authenticate(key)
    for step in (shop.toss.authenticate, shop.toss.close, shop.toss.fail):
        with pytest.raises(Refused, match="ALREADY_PROCESSED_PAYMENT"):
            step(key)


def test_the_state_for_audits_hides_billing_keys() -> None:
    shop = Shop()
    key = shop.billing_key()
    shop.charge(key)
    paid = shop.paid()
    shop.cancel(paid, cancelAmount=3300)
    state = shop.toss.state()
    assert key not in repr(state)
    assert state["billingKeys"][0]["end"] == key[-6:]
    charge, payment = state["payments"]
    assert (charge["type"], charge["status"], charge["balanceAmount"]) == ("BILLING", "DONE", 9900)
    assert (payment["paymentKey"], payment["status"], payment["balanceAmount"]) == (paid, "PARTIAL_CANCELED", 6600)
    assert payment["cancels"][0]["cancelAmount"] == 3300
