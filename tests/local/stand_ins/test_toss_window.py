"""Toss's window in a browser: its redirects, what it refuses to open, and that it shows a lie without running it."""

import html
import re
import uuid
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.stand_ins import ProvidersConfig
from tests.support.toss import CUSTOMER, basic

SUCCESS, FAIL = "https://app.veil.example/pay/done?pack=12#top", "https://app.veil.example/pay/failed"
ORDER_NAME = "크레딧 12개"


@pytest.fixture
def browser(config: ProvidersConfig) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{config.base_url}/toss/", trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def order(config: ProvidersConfig) -> dict[str, str]:
    """The query of a window."""
    return {
        **{"clientKey": config.toss_client_key, "customerKey": CUSTOMER, "orderId": f"ord_{uuid.uuid4().hex}"},
        **{"orderName": ORDER_NAME, "amount": "9900", "successUrl": SUCCESS, "failUrl": FAIL},
    }


@pytest.fixture
def card(config: ProvidersConfig) -> dict[str, str]:
    """The query of a window for a card."""
    return {
        **{"clientKey": config.toss_billing_client_key, "customerKey": CUSTOMER},
        **{"successUrl": SUCCESS, "failUrl": FAIL},
    }


def _press(browser: httpx.Client, opened: httpx.Response, step: str) -> httpx.Response:
    assert opened.status_code == 200
    (action,) = re.findall('action="([^"]+)"', opened.text)
    return browser.post(opened.url.join(html.unescape(action)), data={"step": step})


def _went(answer: httpx.Response) -> tuple[str, dict[str, str]]:
    """The address without its query, and the query."""
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["location"])
    assert all(len(values) == 1 for values in parse_qs(parts.query).values())
    return parts._replace(query="").geturl(), {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_it_says_what_is_paid_and_that_it_is_not_real(browser: httpx.Client, order: dict[str, str]) -> None:
    opened = browser.get("window", params=order)
    assert opened.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in opened.headers["content-security-policy"]
    for words in (ORDER_NAME, "9,900원", "실제 결제가 아니며", 'lang="ko"', "width=device-width"):
        assert words in opened.text
    assert "$" not in opened.text


def test_pay(browser: httpx.Client, config: ProvidersConfig, order: dict[str, str]) -> None:
    url, query = _went(_press(browser, browser.get("window", params=order), "pay"))
    assert url == "https://app.veil.example/pay/done#top"
    assert query == {"pack": "12", "paymentKey": query["paymentKey"], "orderId": order["orderId"], "amount": "9900"}
    confirm = {"paymentKey": query["paymentKey"], "orderId": query["orderId"], "amount": 9900}
    answer = browser.post("v1/payments/confirm", json=confirm, headers=basic(f"{config.toss_secret_key}:"))
    assert answer.json()["orderName"] == ORDER_NAME


def test_close(browser: httpx.Client, order: dict[str, str]) -> None:
    url, query = _went(_press(browser, browser.get("window", params=order), "close"))
    assert (url, query["code"], set(query)) == (FAIL, "PAY_PROCESS_CANCELED", {"code", "message"})


def test_a_card_that_is_declined(browser: httpx.Client, order: dict[str, str]) -> None:
    url, query = _went(_press(browser, browser.get("window", params=order), "decline"))
    assert (url, query["code"], query["orderId"]) == (FAIL, "REJECT_CARD_COMPANY", order["orderId"])
    assert query["message"]


def test_a_window_is_paid_once(browser: httpx.Client, order: dict[str, str]) -> None:
    opened = browser.get("window", params=order)
    _press(browser, opened, "pay")
    url, query = _went(_press(browser, opened, "pay"))
    assert (url, query["code"]) == (FAIL, "PAY_PROCESS_ABORTED")


def test_a_window_that_was_left_open(browser: httpx.Client, http: httpx.Client, order: dict[str, str]) -> None:
    opened = browser.get("window", params=order)
    http.post("/_control/toss/clock", json={"advance": 1801}).raise_for_status()
    assert _went(_press(browser, opened, "pay"))[1]["code"] == "PAY_PROCESS_ABORTED"


def test_a_step_that_does_not_exist(browser: httpx.Client, order: dict[str, str]) -> None:
    assert _press(browser, browser.get("window", params=order), "steal").status_code == 400
    for path in ("window/no_such_key", "window/billing/no_such_ticket"):
        assert browser.post(path, data={"step": "pay"}).status_code == 404


HOSTILE = "</dd><script>alert(1)</script>\"'&$amount"


def test_what_a_browser_says_is_text(browser: httpx.Client, order: dict[str, str]) -> None:
    opened = browser.get("window", params={**order, "orderName": HOSTILE})
    assert "<script" not in opened.text
    assert f"<dd>{html.escape(HOSTILE)}</dd>" in opened.text
    refused = browser.get("window", params={**order, "clientKey": HOSTILE})
    assert (refused.status_code, "<script" in refused.text) == (400, False)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"successUrl": "javascript:alert(1)"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"successUrl": "/pay/done"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"successUrl": "https://"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"successUrl": "https://[app/"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"successUrl": "https://app.veil.example/\r\nset-cookie:a=b"}, "INCORRECT_SUCCESS_URL_FORMAT"),
        ({"failUrl": "ftp://app.veil.example/"}, "INCORRECT_FAIL_URL_FORMAT"),
        ({"failUrl": ""}, "INCORRECT_FAIL_URL_FORMAT"),
        ({"amount": "99"}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": "9,900"}, "INVALID_REQUEST"),
        ({"amount": "-9900"}, "INVALID_REQUEST"),
        ({"amount": "九千九百"}, "INVALID_REQUEST"),
        ({"amount": "9" * 11}, "INVALID_REQUEST"),
        ({"orderId": "short"}, "INVALID_ORDER_ID"),
        ({"orderId": "order=id"}, "INVALID_ORDER_ID"),
        ({"orderName": ""}, "INVALID_REQUEST"),
        ({"customerKey": "a b"}, "INVALID_CUSTOMER_KEY"),
        ({"clientKey": "test_gck_widget"}, "INVALID_API_KEY"),
    ],
)
def test_windows_that_do_not_open(
    browser: httpx.Client, order: dict[str, str], change: dict[str, str], code: str
) -> None:
    refused = browser.get("window", params={**order, **change})
    assert (refused.status_code, "<form" in refused.text) == (400, False)
    assert f"<dd>{code}</dd>" in refused.text


def test_metadata_comes_back(browser: httpx.Client, config: ProvidersConfig, order: dict[str, str]) -> None:
    opened = browser.get("window", params={**order, "metadata[product]": "pack12"})
    _, query = _went(_press(browser, opened, "pay"))
    confirm = {"paymentKey": query["paymentKey"], "orderId": query["orderId"], "amount": 9900}
    answer = browser.post("v1/payments/confirm", json=confirm, headers=basic(f"{config.toss_secret_key}:"))
    assert answer.json()["metadata"] == {"product": "pack12"}


def test_a_card_is_registered(browser: httpx.Client, config: ProvidersConfig, card: dict[str, str]) -> None:
    url, query = _went(_press(browser, browser.get("window/billing", params=card), "pay"))
    assert url == "https://app.veil.example/pay/done#top"
    assert query == {"pack": "12", "customerKey": CUSTOMER, "authKey": query["authKey"]}
    issue = {"authKey": query["authKey"], "customerKey": CUSTOMER}
    headers = basic(f"{config.toss_billing_secret_key}:")
    answer = browser.post("v1/billing/authorizations/issue", json=issue, headers=headers)
    assert answer.json()["billingKey"].startswith("bk_")


@pytest.mark.parametrize(("step", "code"), [("close", "PAY_PROCESS_CANCELED"), ("decline", "REJECT_CARD_COMPANY")])
def test_a_card_is_not_registered(browser: httpx.Client, card: dict[str, str], step: str, code: str) -> None:
    url, query = _went(_press(browser, browser.get("window/billing", params=card), step))
    assert (url, query["code"], set(query)) == (FAIL, code, {"code", "message"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"clientKey": "test_ck_another"}, "INVALID_API_KEY"),
        ({"customerKey": "x"}, "INVALID_CUSTOMER_KEY"),
        ({"failUrl": "javascript:alert(1)"}, "INCORRECT_FAIL_URL_FORMAT"),
    ],
)
def test_card_windows_that_do_not_open(
    browser: httpx.Client, card: dict[str, str], change: dict[str, str], code: str
) -> None:
    refused = browser.get("window/billing", params={**card, **change})
    assert (refused.status_code, f"<dd>{code}</dd>" in refused.text) == (400, True)
