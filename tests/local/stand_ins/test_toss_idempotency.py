"""Toss's Idempotency-Key: the first answer again, byte for byte, and nothing done twice."""

import json

import pytest

from tests.support.toss import BILLING, CUSTOMER, ORDER, Shop, basic, content, refusal

KEY = {"idempotency-key": "confirm-1"}
DAYS = 24 * 3600


def test_the_first_answer_again() -> None:
    shop = Shop()
    key = shop.authenticated()
    first = shop.confirm(key, **KEY)
    shop.cancel(key)
    again = shop.confirm(key, **KEY)
    assert (again.status, again.body) == (200, first.body)
    assert shop.events == ["DONE", "CANCELED"]
    assert again.headers["idempotency-key"] == first.headers["idempotency-key"] == "confirm-1"
    trace = "x-tosspayments-trace-id"
    assert again.headers[trace].startswith(f"{first.headers[trace]},")


def test_the_body_plays_no_part() -> None:
    shop = Shop()
    first = shop.confirm(shop.authenticated("ord_first"), "ord_first", **KEY)
    second = shop.authenticated("ord_second")
    assert shop.confirm(second, "ord_second", **KEY).body == first.body
    assert content(shop.confirm(second, "ord_second"))["orderId"] == "ord_second"


def test_a_refusal_is_bound_to_its_key() -> None:
    shop = Shop()
    key = shop.authenticated()
    first = shop.confirm(key, amount="9900", **KEY)
    assert refusal(first) == (400, "INVALID_REQUEST")
    assert shop.confirm(key, **KEY).body == first.body
    assert shop.confirm(key, **{"idempotency-key": "confirm-1#2"}).status == 200


@pytest.mark.parametrize(("binds", "status"), [(True, 500), (False, 200)])
def test_a_failure_of_toss_is_bound_or_not(binds: bool, status: int) -> None:
    shop = Shop(binds_5xx=binds)
    key = shop.authenticated()
    shop.toss.decline_next("FAILED_INTERNAL_SYSTEM_PROCESSING")
    assert shop.confirm(key, **KEY).status == 500
    assert shop.confirm(key, **KEY).status == status
    assert shop.confirm(key, **{"idempotency-key": "confirm-1#2"}).status == (200 if binds else 400)


def test_a_key_is_one_methods_one_paths_and_one_secret_keys() -> None:
    shop = Shop()
    first, second = shop.paid("ord_first"), shop.paid("ord_second")
    body = {"cancelReason": "x", "cancelAmount": 100}
    assert shop.call("POST", f"/v1/payments/{first}/cancel", body, **KEY).status == 200
    other = shop.call("POST", f"/v1/payments/{second}/cancel", body, **KEY)
    assert content(other)["orderId"] == "ord_second"
    stranger = shop.call("POST", f"/v1/payments/{first}/cancel", body, **KEY, **basic(f"{BILLING.secret_key}:"))
    assert refusal(stranger) == (404, "NOT_FOUND_PAYMENT")
    assert content(shop.call("GET", f"/v1/payments/{first}", **KEY))["balanceAmount"] == 9800
    shop.cancel(first, cancelAmount=100)
    assert content(shop.call("GET", f"/v1/payments/{first}", **KEY))["balanceAmount"] == 9700


@pytest.mark.parametrize(("days", "executed"), [(14.99, False), (15, True)])
def test_a_key_is_valid_for_15_days(days: float, executed: bool) -> None:
    shop = Shop()
    key = shop.paid()
    path, body = f"/v1/payments/{key}/cancel", {"cancelReason": "x", "cancelAmount": 100}
    shop.call("POST", path, body, **KEY)
    shop.now += days * DAYS
    shop.call("POST", path, body, **KEY)
    assert content(shop.read(key))["balanceAmount"] == (9700 if executed else 9800)


def test_while_the_first_call_runs() -> None:
    shop = Shop()
    key = shop.authenticated()
    headers = {**basic("test_sk_payments:"), "content-type": "application/json", "Idempotency-Key": "confirm-1"}
    body = json.dumps({"paymentKey": key, "orderId": ORDER, "amount": 9900}).encode()
    with shop.toss.processing("POST", "/v1/payments/confirm", headers, body):
        assert refusal(shop.confirm(key, **KEY)) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    assert shop.confirm(key, **KEY).status == 200  # the 409 is bound to nothing


def test_a_409_by_order_is_bound_to_nothing() -> None:
    shop = Shop()
    key = shop.authenticated()
    ordered = shop.confirm(key, **KEY, **{"tosspayments-test-code": "IDEMPOTENT_REQUEST_PROCESSING"})
    assert ordered.status == 409
    assert shop.confirm(key, **KEY).status == 200


def test_what_is_processing_may_be_wrong() -> None:
    shop = Shop()
    with shop.toss.processing("POST", "/v1/nothing", {}, b""):
        assert refusal(shop.confirm("no_such_key")) == (404, "NOT_FOUND_PAYMENT_SESSION")


@pytest.mark.parametrize("honours", [True, False])
def test_issue_honours_the_key_or_not(honours: bool) -> None:
    shop = Shop(issue_is_idempotent=honours)
    auth_key = shop.toss.authorize_billing(CUSTOMER, BILLING.client_key)
    first = shop.issue(auth_key, **KEY)
    again = shop.issue(auth_key, **KEY)
    if honours:
        assert (again.status, again.body) == (200, first.body)
    else:
        assert refusal(again) == (404, "NOT_FOUND_BILLING")
    assert len(shop.toss.state()["billingKeys"]) == 1
