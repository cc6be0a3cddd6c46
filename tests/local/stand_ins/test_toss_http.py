"""Toss over HTTP: faults before and after, webhooks that overtake, are lost, repeated and sent again, the controls."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local.stand_ins import ProvidersConfig
from tests.support.toss import CUSTOMER, basic


def _default(name: str) -> Any:
    return ProvidersConfig.model_fields[name].default


CLIENT_KEY = _default("toss_client_key")


@pytest.fixture
def toss(config: ProvidersConfig, http: httpx.Client, receiver: Any) -> Any:
    """Toss's API with the receiver as its webhook, which answers 200."""
    receiver.statuses += [200] * 20
    _control(http, "webhooks", url=receiver.url)
    headers = basic(f"{config.toss_secret_key}:")
    with httpx.Client(base_url=f"{config.base_url}/toss", headers=headers, trust_env=False, timeout=5) as client:
        yield client
    _control(http, "webhooks", url=None)


def _control(http: httpx.Client, step: str, **body: Any) -> Any:
    return http.post(f"/_control/toss/{step}", json=body).raise_for_status().json()


def _window(**more: Any) -> dict[str, Any]:
    return {
        **{"orderId": f"ord_{uuid.uuid4().hex}", "amount": 9900, "orderName": "Veil credits x12"},
        **{"customerKey": CUSTOMER, "clientKey": CLIENT_KEY, **more},
    }


def _authenticated(http: httpx.Client, **more: Any) -> dict[str, Any]:
    """The body of a confirm."""
    query = _control(http, "pay", **_window(**more))
    return {**query, "amount": int(query["amount"])}


def _payment(http: httpx.Client, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in http.get("/_control/toss").json()["payments"] if one["paymentKey"] == key
    )
    return found


def _status(receiver: Any) -> tuple[str, str]:
    """Payment key and status of the next webhook."""
    data = json.loads(receiver.next()[1])["data"]
    return data["paymentKey"], data["status"]


def test_a_payment_over_http(toss: httpx.Client, http: httpx.Client) -> None:
    body = _authenticated(http)
    answer = toss.post("/v1/payments/confirm", json=body)
    assert (answer.status_code, answer.json()["status"]) == (200, "DONE")
    assert answer.headers["content-type"].startswith("application/json")
    assert toss.get(f"/v1/payments/orders/{body['orderId']}").json()["paymentKey"] == body["paymentKey"]
    query: dict[str, str | int] = {"startDate": "2020-01-01", "endDate": "2099-01-01", "limit": 5000}
    assert body["orderId"] in {row["orderId"] for row in toss.get("/v1/transactions", params=query).json()}
    assert toss.get("/v1/nothing").json()["code"] == "NOT_FOUND_HTTP_METHOD"
    assert toss.put("/v1/payments/confirm", json=body).status_code == 404


def test_the_webhook_overtakes_the_answer(toss: httpx.Client, http: httpx.Client, receiver: Any) -> None:
    body = _authenticated(http)
    toss.post("/v1/payments/confirm", json=body)
    headers, sent = receiver.requests.get_nowait()  # it is there already
    assert json.loads(sent)["data"]["paymentKey"] == body["paymentKey"]
    assert headers["tosspayments-webhook-transmission-id"].startswith("whtrans_")
    assert headers["tosspayments-webhook-transmission-time"].endswith("+09:00")
    assert headers["tosspayments-webhook-transmission-retried-count"] == "0"
    assert "tosspayments-webhook-signature" not in headers


@pytest.mark.parametrize("keeps", [True, False])
def test_a_webhook_is_sent_again_until_the_answer_is_200(
    toss: httpx.Client,
    http: httpx.Client,
    rule: Callable[..., None],
    receiver: Any,
    keeps: bool,
) -> None:
    rule(toss={"retry_delays": [0, 0, 0], "switches": {"resend_keeps_id": keeps}})
    receiver.statuses[:] = [500, 204, 200]
    toss.post("/v1/payments/confirm", json=_authenticated(http))
    attempts = [receiver.next() for _ in range(3)]
    name = "tosspayments-webhook-transmission-"
    assert [headers[f"{name}retried-count"] for headers, _ in attempts] == ["0", "1", "2"]
    assert len({headers[f"{name}id"] for headers, _ in attempts}) == (1 if keeps else 3)
    assert len({sent for _, sent in attempts}) == 1


def test_webhooks_that_are_lost_repeated_and_reordered(
    toss: httpx.Client, http: httpx.Client, rule: Callable[..., None], receiver: Any
) -> None:
    rule(toss={"webhooks": ["drop", {"mode": "repeat", "times": 2}, *[{"mode": "reorder", "times": 2}] * 2]})
    lost, repeated, first, second = (_authenticated(http) for _ in range(4))
    for body in (lost, repeated):
        toss.post("/v1/payments/confirm", json=body)
    assert [_status(receiver) for _ in range(2)] == [(repeated["paymentKey"], "DONE")] * 2
    for body in (first, second):
        toss.post("/v1/payments/confirm", json=body)
    assert [_status(receiver)[0] for _ in range(2)] == [second["paymentKey"], first["paymentKey"]]


def test_a_webhook_is_sent_again_by_hand(toss: httpx.Client, http: httpx.Client, receiver: Any) -> None:
    body = _authenticated(http)
    toss.post("/v1/payments/confirm", json=body)
    sent = _control(http, "webhooks", resend=-1)
    assert sent["webhooks"][-1]["answers"] == [200, 200]
    assert [_status(receiver) for _ in range(2)] == [(body["paymentKey"], "DONE")] * 2
    assert http.post("/_control/toss/webhooks", json={"resend": 10_000}).status_code == 404


@pytest.mark.parametrize(("fault", "status"), [("drop", "IN_PROGRESS"), ("lost", "DONE")])
def test_an_answer_that_never_comes(
    toss: httpx.Client,
    http: httpx.Client,
    rule: Callable[..., None],
    fault: str,
    status: str,
) -> None:
    body = _authenticated(http)
    rule(toss={"confirm": [fault]})
    with pytest.raises(httpx.RemoteProtocolError):
        toss.post("/v1/payments/confirm", json=body)
    assert _payment(http, body["paymentKey"])["status"] == status


@pytest.mark.parametrize("at", ["before", "after"])
def test_an_answer_that_is_an_error(toss: httpx.Client, http: httpx.Client, rule: Callable[..., None], at: str) -> None:
    body, headers = _authenticated(http), {"idempotency-key": uuid.uuid4().hex}
    rule(toss={"confirm": [{"at": at, "what": "status", "status": 502}, {"at": at, "code": "PROVIDER_ERROR"}]})
    assert toss.post("/v1/payments/confirm", json=body, headers=headers).status_code == 502
    assert _payment(http, body["paymentKey"])["status"] == ("DONE" if at == "after" else "IN_PROGRESS")
    assert toss.post("/v1/payments/confirm", json=body, headers=headers).json()["code"] == "PROVIDER_ERROR"
    assert toss.post("/v1/payments/confirm", json=body, headers=headers).json()["status"] == "DONE"


@pytest.mark.parametrize(("at", "code"), [("before", 409), ("after", 200)])
def test_an_answer_that_is_late(
    toss: httpx.Client, http: httpx.Client, rule: Callable[..., None], at: str, code: int
) -> None:
    body, headers = _authenticated(http), {"idempotency-key": uuid.uuid4().hex}
    rule(toss={"confirm": [{"at": at, "what": "hang", "seconds": 30}]})
    with pytest.raises(httpx.ReadTimeout):
        toss.post("/v1/payments/confirm", json=body, headers=headers, timeout=httpx.Timeout(5, read=0.1))
    assert toss.post("/v1/payments/confirm", json=body, headers=headers).status_code == code


def test_faults_are_by_call(toss: httpx.Client, http: httpx.Client, rule: Callable[..., None]) -> None:
    body = _authenticated(http)
    rule(toss={"get": [429, None], "cancel": ["FORBIDDEN_CONSECUTIVE_REQUEST"]})
    assert toss.post("/v1/payments/confirm", json=body).status_code == 200
    url = f"/v1/payments/{body['paymentKey']}"
    assert [toss.get(url).status_code for _ in range(2)] == [429, 200]
    assert toss.post(f"{url}/cancel", json={"cancelReason": "x"}).json()["code"] == "FORBIDDEN_CONSECUTIVE_REQUEST"
    counters = http.get("/_control").json()["counters"]
    assert (counters["toss.confirm"], counters["toss.get"], counters["toss.cancel"]) == (1, 2, 1)


def test_rules_change_one_by_one(http: httpx.Client, rule: Callable[..., None]) -> None:
    rule(toss={"switches": {"secret": "absent"}})
    rule(toss={"switches": {"binds_5xx": False}, "overtake": False})
    rules = http.get("/_control").json()["toss"]
    assert (rules["switches"]["secret"], rules["switches"]["binds_5xx"], rules["overtake"]) == ("absent", False, False)
    for wrong in ({"switches": {"secret": "maybe"}}, {"webhooks": "forge"}, {"confirm": {"what": "explode"}}):
        assert http.post("/_control", json={"toss": wrong}).status_code == 422


def test_a_switch_is_in_force_at_once(toss: httpx.Client, http: httpx.Client, rule: Callable[..., None]) -> None:
    url = f"/v1/payments/{_authenticated(http)['paymentKey']}"
    assert toss.get(url).status_code == 404
    rule(toss={"switches": {"reads_unapproved": True}})
    assert toss.get(url).json()["status"] == "IN_PROGRESS"


def test_billing_over_http(toss: httpx.Client, http: httpx.Client, receiver: Any) -> None:
    query = _control(http, "authorize-billing", customerKey=CUSTOMER, clientKey=_default("toss_billing_client_key"))
    assert set(query) == {"customerKey", "authKey"}
    toss.headers.update(basic(f"{_default('toss_billing_secret_key')}:"))
    key = toss.post("/v1/billing/authorizations/issue", json=query).json()["billingKey"]
    charge = {"customerKey": CUSTOMER, "amount": 9900, "orderId": uuid.uuid4().hex, "orderName": "Veil premium"}
    _control(http, "card", outcome="REJECT_CARD_PAYMENT", billingKey=key)
    assert toss.post(f"/v1/billing/{key}", json=charge).json()["code"] == "REJECT_CARD_PAYMENT"
    _control(http, "card", outcome="ok")
    assert toss.post(f"/v1/billing/{key.replace('=', '%3D')}", json=charge).json()["status"] == "DONE"
    assert receiver.requests.empty()
    _control(http, "console/delete-billing", billingKey=key, reason="asked")
    assert json.loads(receiver.next()[1])["data"] == {"billingKey": key, "reason": "asked"}
    assert toss.delete(f"/v1/billing/{key}").json()["code"] == "ALREADY_REMOVED_BILLING_KEY"


def test_the_console_and_the_clock(toss: httpx.Client, http: httpx.Client, receiver: Any) -> None:
    _control(http, "webhooks", url=None)
    _control(http, "clock", advance=1801)  # other tests' windows
    _control(http, "webhooks", url=receiver.url)
    body = _authenticated(http)
    toss.post("/v1/payments/confirm", json=body)
    _control(http, "console/cancel", paymentKey=body["paymentKey"], amount=900)
    left = _authenticated(http)
    _control(http, "clock", advance=601)
    assert [_status(receiver) for _ in range(3)] == [
        (body["paymentKey"], "DONE"),
        (body["paymentKey"], "PARTIAL_CANCELED"),
        (left["paymentKey"], "EXPIRED"),
    ]
    assert toss.post("/v1/payments/confirm", json=left).json()["code"] == "NOT_FOUND_PAYMENT_SESSION"


def test_a_card_that_confirm_declines(toss: httpx.Client, http: httpx.Client) -> None:
    body = _authenticated(http, decline="REJECT_CARD_COMPANY")
    assert toss.post("/v1/payments/confirm", json=body).json()["code"] == "REJECT_CARD_COMPANY"


def test_a_failure_in_the_window(http: httpx.Client) -> None:
    closed = _control(http, "fail", **_window())
    assert set(closed) == {"code", "message"}
    window = _window(code="REJECT_CARD_COMPANY")
    assert _control(http, "fail", **window)["orderId"] == window["orderId"]


@pytest.mark.parametrize(
    ("step", "body", "status"),
    [
        ("pay", {}, 422),
        ("clock", {"advance": -1}, 422),
        ("console/cancel", {"paymentKey": "no_such_key"}, 404),
        ("console/delete-billing", {"billingKey": "no_such_key"}, 400),
        ("card", {"outcome": "ok", "billingKey": "no_such_key"}, 400),
        ("authorize-billing", {"customerKey": CUSTOMER, "clientKey": "test_ck_another"}, 400),
    ],
)
def test_steps_that_are_refused(http: httpx.Client, step: str, body: dict[str, Any], status: int) -> None:
    assert http.post(f"/_control/toss/{step}", json=body).status_code == status
