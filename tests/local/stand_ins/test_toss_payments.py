"""Toss's payments: what is confirmed, read, cancelled, refused, and when it is over."""

import json
from typing import Any

import pytest

from local.stand_ins.toss import Refused
from tests.support.toss import BILLING, CUSTOMER, ORDER, PAYMENTS, Shop, basic, content, refusal


def test_a_payment_from_the_window_to_done() -> None:
    shop = Shop()
    key = shop.toss.open_window(ORDER, 9900, "크레딧", CUSTOMER, PAYMENTS.client_key, metadata={"product": "pack12"})
    assert shop.toss.authenticate(key) == {"paymentKey": key, "orderId": ORDER, "amount": "9900"}
    assert shop.hooks == []
    shop.now += 33
    reply = shop.confirm(key)
    body = content(reply)
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("application/json")
    expected = {
        **{"version": "2022-11-16", "mId": "veil_test", "type": "NORMAL", "paymentKey": key, "orderId": ORDER},
        **{"orderName": "크레딧", "currency": "KRW", "method": "카드", "status": "DONE", "totalAmount": 9900},
        **{"balanceAmount": 9900, "suppliedAmount": 9000, "vat": 900, "cancels": None},
        **{"requestedAt": "2026-11-25T20:14:31+09:00", "approvedAt": "2026-11-25T20:15:04+09:00"},
        **{"metadata": {"product": "pack12"}, "failure": None, "virtualAccount": None},
    }
    assert {name: body[name] for name in expected} == expected
    assert body["card"]["number"] == "53651012****123*"
    assert shop.events == ["DONE"]
    assert (shop.hooks[0]["eventType"], shop.hooks[0]["data"]["paymentKey"]) == ("PAYMENT_STATUS_CHANGED", key)


@pytest.mark.parametrize("amount", [100, 101, 105, 106, 9900, 9999])
def test_the_tax_is_a_rounded_eleventh(amount: int) -> None:
    shop = Shop()
    body = content(shop.read(shop.paid(amount=amount)))
    assert body["vat"] == round(amount / 11)
    assert body["suppliedAmount"] + body["vat"] == amount


def test_the_same_seed_and_calls_give_the_same_answers() -> None:
    first, second, other = (Shop(seed) for seed in (1, 1, 2))
    answers = [shop.read(shop.paid()).body for shop in (first, second, other)]
    assert answers[0] == answers[1] != answers[2]
    assert first.hooks == second.hooks


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"authorization": ""}, (401, "UNAUTHORIZED_KEY")),
        ({"authorization": "Bearer test_sk_payments"}, (401, "UNAUTHORIZED_KEY")),
        (basic("test_sk_payments"), (403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (basic("test_sk_payments:password"), (403, "INCORRECT_BASIC_AUTH_FORMAT")),
        ({"authorization": "Basic test_sk_payments:"}, (403, "INCORRECT_BASIC_AUTH_FORMAT")),
        (basic("test_sk_of_another:"), (401, "UNAUTHORIZED_KEY")),
        (basic("test_gsk_payments:"), (400, "INVALID_API_KEY")),
        (basic("test_ck_payments:"), (400, "INVALID_API_KEY")),
        (basic(f"{BILLING.secret_key}:"), (400, "INVALID_API_KEY")),
        ({"content-type": "text/plain"}, (400, "INVALID_REQUEST")),
        ({"idempotency-key": "k" * 301}, (400, "INVALID_IDEMPOTENCY_KEY")),
        ({"idempotency-key": ""}, (400, "INVALID_IDEMPOTENCY_KEY")),
        ({"TossPayments-Test-Code": "REJECT_CARD_PAYMENT"}, (403, "REJECT_CARD_PAYMENT")),
        ({"TossPayments-Test-Code": "IDEMPOTENT_REQUEST_PROCESSING"}, (409, "IDEMPOTENT_REQUEST_PROCESSING")),
        ({"TossPayments-Test-Code": "NO_SUCH_CODE"}, (400, "INVALID_TEST_CODE")),
    ],
)
def test_headers_that_are_refused(headers: dict[str, str], expected: tuple[int, str]) -> None:
    shop = Shop()
    key = shop.authenticated()
    reply = shop.confirm(key, **headers)
    assert refusal(reply) == expected
    assert 1 <= len(content(reply)["message"]) <= 510
    assert shop.hooks == []
    assert shop.confirm(key).status == 200  # nothing had happened


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/payments/confirm"),
        ("GET", "/v1/payments/"),
        ("GET", "/v1/payments/a/b"),
        ("GET", "/v2/payments/a"),
        ("POST", "/v1/billing/authorizations/card"),
        ("DELETE", "/v1/payments/a"),
    ],
)
def test_paths_that_do_not_exist(method: str, path: str) -> None:
    assert refusal(Shop().call(method, path, {})) == (404, "NOT_FOUND_HTTP_METHOD")


GOOD = {"paymentKey": "{key}", "orderId": ORDER, "amount": 9900}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"paymentKey"',
        b"\xff{}",
        {**GOOD, "currency": "KRW"},
        {**GOOD, "amount": "9900"},
        {**GOOD, "amount": 9900.0},
        {**GOOD, "amount": True},
        {**GOOD, "amount": 0},
        {**GOOD, "amount": -9900},
        {**GOOD, "amount": None},
        {**GOOD, "orderId": "short"},
        {**GOOD, "orderId": "x" * 65},
        {**GOOD, "orderId": "order=id"},
        {**GOOD, "orderId": f"{ORDER}\n"},
        {**GOOD, "paymentKey": ""},
        {**GOOD, "paymentKey": "k" * 201},
        {**GOOD, "paymentKey": 7},
        {"paymentKey": "{key}", "orderId": ORDER},
        {"payment_key": "{key}", "orderId": ORDER, "amount": 9900},
    ],
)
def test_confirm_bodies_that_are_refused(body: Any) -> None:
    shop = Shop()
    key = shop.authenticated()
    sent = body if isinstance(body, bytes) else json.dumps(body).replace("{key}", key).encode()
    assert refusal(shop.call("POST", "/v1/payments/confirm", sent)) == (400, "INVALID_REQUEST")
    assert shop.confirm(key).status == 200


def test_confirms_that_do_not_match_the_window() -> None:
    shop = Shop()
    key = shop.authenticated()
    assert refusal(shop.confirm("no_such_key")) == (404, "NOT_FOUND_PAYMENT_SESSION")
    assert refusal(shop.confirm(key, order_id="ord_another")) == (403, "FORBIDDEN_REQUEST")
    assert refusal(shop.confirm(key, amount=9901)) == (400, "INVALID_REQUEST")
    assert refusal(shop.confirm(shop.window("ord_not_authenticated"), "ord_not_authenticated")) == (
        404,
        "NOT_FOUND_PAYMENT_SESSION",
    )
    assert shop.hooks == []
    assert shop.confirm(key).status == 200
    assert refusal(shop.confirm(key)) == (400, "ALREADY_PROCESSED_PAYMENT")
    assert shop.events == ["DONE"]


def test_the_code_of_another_amount_can_be_another() -> None:
    shop = Shop(amount_mismatch="FORBIDDEN_REQUEST")
    assert refusal(shop.confirm(shop.authenticated(), amount=1000)) == (403, "FORBIDDEN_REQUEST")


def test_a_lying_browser_is_found_by_the_stored_price() -> None:
    shop = Shop()
    key = shop.authenticated(amount=100)
    assert refusal(shop.confirm(key, amount=9900)) == (400, "INVALID_REQUEST")
    assert content(shop.confirm(key, amount=100))["totalAmount"] == 100


@pytest.mark.parametrize(("seconds", "expected"), [(1800, "READY"), (1800.1, "EXPIRED")])
def test_a_window_lives_half_an_hour(seconds: float, expected: str) -> None:
    shop = Shop()
    shop.window()
    shop.now += seconds
    assert shop.toss.state()["payments"][0]["status"] == expected


@pytest.mark.parametrize(("seconds", "status"), [(600, 200), (600.1, 404)])
def test_confirm_has_ten_minutes_from_the_authentication(seconds: float, status: int) -> None:
    shop = Shop()
    key = shop.window()
    shop.now += 1700
    shop.toss.authenticate(key)
    shop.now += seconds
    reply = shop.confirm(key)
    assert reply.status == status
    assert shop.events == ["DONE" if status == 200 else "EXPIRED"]
    if status == 404:
        assert refusal(reply) == (404, "NOT_FOUND_PAYMENT_SESSION")
        assert content(shop.read(key))["failure"]["code"] == "EXPIRED_PAYMENT"


def test_an_expiry_is_announced_once_in_the_order_of_the_clocks() -> None:
    shop = Shop()
    first, second = shop.window("ord_first"), shop.window("ord_second")
    shop.toss.authenticate(second)
    shop.now += 3600
    for _ in range(2):
        shop.toss.tick()
        shop.toss.state()
    assert [hook["data"]["paymentKey"] for hook in shop.hooks] == [second, first]
    for key in (first, second):
        with pytest.raises(Refused, match="NOT_FOUND_PAYMENT_SESSION"):
            shop.toss.authenticate(key)


def test_what_is_done_does_not_expire() -> None:
    shop = Shop()
    key = shop.paid()
    shop.now += 10**7
    assert content(shop.read(key))["status"] == "DONE"
    assert shop.events == ["DONE"]
    assert refusal(shop.confirm(key)) == (400, "ALREADY_PROCESSED_PAYMENT")


def test_a_declined_card_ends_the_payment() -> None:
    shop = Shop()
    key = shop.window()
    shop.toss.authenticate(key, decline="REJECT_CARD_PAYMENT")
    assert refusal(shop.confirm(key)) == (403, "REJECT_CARD_PAYMENT")
    body = content(shop.read(key))
    assert (body["status"], body["failure"]["code"], body["approvedAt"]) == ("ABORTED", "REJECT_CARD_PAYMENT", None)
    assert refusal(shop.confirm(key)) == (400, "ALREADY_PROCESSED_PAYMENT")
    assert shop.events == ["ABORTED"]


def test_a_transient_error_leaves_the_payment_to_be_confirmed() -> None:
    shop = Shop()
    key = shop.authenticated()
    shop.toss.decline_next("PROVIDER_ERROR")
    assert refusal(shop.confirm(key)) == (400, "PROVIDER_ERROR")
    assert shop.hooks == []
    assert shop.confirm(key).status == 200


def test_an_error_after_the_money_moved() -> None:
    shop = Shop()
    key = shop.authenticated()
    shop.toss.decline_next("FAILED_INTERNAL_SYSTEM_PROCESSING", charged=True)
    assert refusal(shop.confirm(key)) == (500, "FAILED_INTERNAL_SYSTEM_PROCESSING")
    assert shop.events == ["DONE"]
    assert content(shop.read(key))["status"] == "DONE"
    assert refusal(shop.confirm(key)) == (400, "ALREADY_PROCESSED_PAYMENT")


def test_two_confirms_at_once() -> None:
    shop = Shop()
    key = shop.authenticated()
    headers = {**basic("test_sk_payments:"), "content-type": "application/json"}
    body = json.dumps({"paymentKey": key, "orderId": ORDER, "amount": 9900}).encode()
    with shop.toss.processing("POST", "/v1/payments/confirm", headers, body):
        reply = shop.confirm(key)
    assert refusal(reply) == (500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING")
    assert "[S008]" in content(reply)["message"]
    assert shop.confirm(key).status == 200


@pytest.mark.parametrize(("reads", "status"), [(False, 404), (True, 200)])
def test_a_read_before_the_approval(reads: bool, status: int) -> None:
    shop = Shop(reads_unapproved=reads)
    ready, authenticated = shop.window("ord_ready"), shop.authenticated("ord_authenticated")
    for key, order_id, expected in ((ready, "ord_ready", "READY"), (authenticated, "ord_authenticated", "IN_PROGRESS")):
        for reply in (shop.read(key), shop.call("GET", f"/v1/payments/orders/{order_id}")):
            assert reply.status == status
            assert content(reply).get("code" if status == 404 else "status") == (
                "NOT_FOUND_PAYMENT" if status == 404 else expected
            )


def test_what_is_unknown_or_another_merchants_is_not_found() -> None:
    shop = Shop()
    key = shop.paid()
    other = basic("test_sk_billing:")
    for reply in (
        shop.read("no_such_key"),
        shop.call("GET", "/v1/payments/orders/no_such_order"),
        shop.call("GET", f"/v1/payments/{key}", **other),
        shop.call("GET", f"/v1/payments/orders/{ORDER}", **other),
        shop.call("POST", f"/v1/payments/{key}/cancel", {"cancelReason": "x"}, **other),
    ):
        assert refusal(reply) == (404, "NOT_FOUND_PAYMENT")


@pytest.mark.parametrize(("which", "index"), [("latest", 1), ("first", 0)])
def test_of_two_windows_for_one_order_a_read_answers(which: str, index: int) -> None:
    shop = Shop(reads_unapproved=True, read_by_order=which)
    keys = [shop.authenticated(), shop.authenticated()]
    assert content(shop.call("GET", f"/v1/payments/orders/{ORDER}"))["paymentKey"] == keys[index]


def test_a_strict_read_by_order_answers_the_approved_window() -> None:
    shop = Shop(read_by_order="latest")
    approved, _ = shop.authenticated(), shop.authenticated()
    shop.confirm(approved)
    assert content(shop.call("GET", f"/v1/payments/orders/{ORDER}"))["paymentKey"] == approved


@pytest.mark.parametrize("twice", [False, True])
def test_one_order_approved_twice(twice: bool) -> None:
    shop = Shop(approves_order_twice=twice)
    first, second = shop.authenticated(), shop.authenticated()
    assert shop.confirm(first).status == 200
    assert shop.confirm(second).status == (200 if twice else 400)
    if twice:
        shop.window()
    else:
        with pytest.raises(Refused, match="DUPLICATED_ORDER_ID"):
            shop.window()


@pytest.mark.parametrize(("secret", "seen"), [("present", {True}), ("absent", {False}), ("random", {True, False})])
def test_the_secret_of_a_payment(secret: str, seen: set[bool]) -> None:
    shop = Shop(secret=secret)
    key = shop.paid()
    secrets = {content(shop.read(key))["secret"] for _ in range(30)}
    assert {value is not None for value in secrets} == seen
    assert len(secrets - {None}) <= 1


@pytest.mark.parametrize("unknown", [True, False])
def test_fields_that_nobody_has_heard_of(unknown: bool) -> None:
    shop = Shop(unknown_fields=unknown)
    body = content(shop.read(shop.paid()))
    assert ("x_new_field" in body, "x_new_field" in body["card"], "x_new_field" in shop.hooks[0]) == (unknown,) * 3


def test_the_digits_of_a_webhooks_second() -> None:
    lengths = set()
    for seed in range(40):
        shop = Shop(seed)
        shop.paid()
        created_at = shop.hooks[0]["createdAt"]
        assert created_at.startswith("2026-11-25T20:14:31")
        lengths.add(len(created_at))
    assert lengths == {19, 21, 22, 23, 24, 25, 26}
    fixed = Shop(created_at_digits=5)
    fixed.paid()
    assert fixed.hooks[0]["createdAt"] == "2026-11-25T20:14:31.25000"
