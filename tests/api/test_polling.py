"""When clients are to look again: soon at first, later the longer it takes, and not all at once."""

from time import time
from typing import Any

import pytest

from tests.support.functions import Call, Ready
from tests.support.shop import Shop
from veil.api import polling
from veil.api.polling import CHECK, USUAL, seconds_until

ALMOST = 0.999  # as much as chance adds, but for rounding


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let so many seconds pass, for what clients are told; chance adds nothing."""
    monkeypatch.setattr(polling, "random", lambda: 0.0)

    def later(seconds: float) -> None:
        monkeypatch.setattr(polling, "time", lambda: time() + seconds)

    return later


@pytest.mark.parametrize(
    ("age", "least", "most"),
    [(-5, 2, 3), (0, 2, 3), (20, 2, 3), (40, 4, 6), (60, 6, 9), (200, 20, 30), (2700, 20, 30)],
)
def test_the_wait_grows_with_the_age_and_has_an_end(age: float, least: int, most: int) -> None:
    assert (seconds_until(age, 0), seconds_until(age, ALMOST)) == (least, most)


def test_a_check_is_looked_at_sooner() -> None:
    assert [seconds_until(age, 0, CHECK) for age in (0, 10, 30, 3600)] == [1, 1, 2, 2]
    assert [seconds_until(age, ALMOST, CHECK) for age in (0, 3600)] == [2, 3]


def test_chance_takes_every_second_between() -> None:
    assert {seconds_until(100, chance / 100) for chance in range(100)} == set(range(10, 16))
    assert {seconds_until(0, chance / 100) for chance in range(100)} == {USUAL.first, USUAL.first + 1}


def test_a_generation(call: Call, ready: Ready, later: Any) -> None:
    """An answer without news says it, too: it is what most of those who wait get."""
    path = f"/generations/{call('generations', 'POST', '/generations', ready.body).json['id']}"
    etag = call("gallery", "GET", path).headers["etag"]
    for seconds, wait in ((0, "2"), (65, "6"), (600, "20")):
        later(seconds)
        assert call("gallery", "GET", path).headers["retry-after"] == wait
        unchanged = call("gallery", "GET", path, headers={"if-none-match": etag})
        assert (unchanged.status, unchanged.headers["retry-after"]) == (304, wait)


def test_an_upload(call: Call, uploaded: Any, user: str, later: Any) -> None:
    """A photo may have been minutes on its way, and then its check takes a second."""
    path = f"/uploads/{uploaded('pending', user)}"
    for seconds, wait in ((0, "1"), (120, "2")):
        later(seconds)
        assert call("uploads", "GET", path).headers["retry-after"] == wait


def test_an_order_since_its_payment_was_claimed(shop: Shop, later: Any) -> None:
    order = shop.order()
    later(65)
    confirmed = shop.confirm(order, shop.pay(order, amount=100))
    assert (confirmed.status, confirmed.headers["retry-after"]) == (202, "6")
    later(0)
    assert shop.call("payments", "GET", f"/orders/{order['id']}").headers["retry-after"] == "2"


def test_a_receipt(call: Call, ready: Ready, later: Any) -> None:
    call("generations", "POST", "/generations", ready.body)
    just_now = {"auth_time": f"{time():.0f}"}
    left = call("gallery", "DELETE", "/account", {"confirm": "delete my account"}, claims=just_now)
    later(65)
    receipt = call("gallery", "GET", f"/erasures/{left.json['receipt']}", user=None)
    assert (receipt.json["status"], receipt.headers["retry-after"]) == ("erasing", "6")
