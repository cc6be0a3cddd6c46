"""The page that opens Toss's window: what it shows, and what it hears."""

from typing import Any

import httpx
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
