"""Toss's cancels as they were measured, the console's, and the list of transactions."""

from typing import Any

import pytest

from local.stand_ins.toss import Refused
from tests.support.toss import BILLING, Shop, basic, content, refusal


def test_a_full_cancel() -> None:
    shop = Shop()
    key = shop.paid()
    shop.now += 60
    body = content(shop.cancel(key, refundableAmount=9900))
    assert (body["status"], body["totalAmount"], body["balanceAmount"]) == ("CANCELED", 9900, 0)
    assert (body["suppliedAmount"], body["vat"]) == (0, 0)
    (cancel,) = body["cancels"]
    assert (cancel["cancelAmount"], cancel["refundableAmount"], cancel["cancelStatus"]) == (9900, 0, "DONE")
    assert cancel["canceledAt"] == "2026-11-25T20:15:31+09:00"
    assert body["lastTransactionKey"] == cancel["transactionKey"]
    assert shop.events == ["DONE", "CANCELED"]
    assert refusal(shop.cancel(key)) == (400, "ALREADY_CANCELED_PAYMENT")


def test_partial_cancels_down_to_nothing_stay_partial() -> None:
    shop = Shop()
    key = shop.paid()
    bodies = [content(shop.cancel(key, cancelAmount=3300, refundableAmount=left)) for left in (9900, 6600)]
    bodies.append(content(shop.cancel(key)))  # the rest
    assert [(body["status"], body["balanceAmount"], body["vat"]) for body in bodies] == [
        ("PARTIAL_CANCELED", 6600, 600),
        ("PARTIAL_CANCELED", 3300, 300),
        ("PARTIAL_CANCELED", 0, 0),
    ]
    assert len({cancel["transactionKey"] for cancel in bodies[-1]["cancels"]}) == 3
    assert shop.events == ["DONE", *["PARTIAL_CANCELED"] * 3]
    for again in ({}, {"cancelAmount": 1}):
        assert refusal(shop.cancel(key, **again)) == (403, "NOT_CANCELABLE_AMOUNT")


def test_all_that_is_left_named_at_once_is_a_full_cancel() -> None:
    shop = Shop()
    assert content(shop.cancel(shop.paid(), cancelAmount=9900))["status"] == "CANCELED"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"cancelAmount": 9901}, (403, "NOT_CANCELABLE_AMOUNT")),
        ({"refundableAmount": 9899}, (400, "NOT_MATCHES_REFUNDABLE_AMOUNT")),
        ({"cancelAmount": 0}, (400, "INVALID_REQUEST")),
        ({"cancelAmount": "100"}, (400, "INVALID_REQUEST")),
        ({"cancelAmount": None}, (400, "INVALID_REQUEST")),
        ({"cancelReason": ""}, (400, "INVALID_REQUEST")),
        ({"cancelReason": "가" * 201}, (400, "INVALID_REQUEST")),
        ({"cancelReason": None}, (400, "INVALID_REQUEST")),
        ({"currency": "USD"}, (400, "INVALID_REQUEST")),
        ({"refundReceiveAccount": {}}, (400, "INVALID_REQUEST")),
    ],
)
def test_cancels_that_are_refused(body: dict[str, Any], expected: tuple[int, str]) -> None:
    shop = Shop()
    key = shop.paid()
    assert refusal(shop.cancel(key, **body)) == expected
    assert content(shop.read(key))["balanceAmount"] == 9900
    assert shop.events == ["DONE"]
    assert shop.cancel(key, cancelReason="가" * 200).status == 200


def test_only_what_is_paid_can_be_cancelled() -> None:
    shop = Shop()
    declined = shop.authenticated("ord_declined")
    shop.toss.decline_next("REJECT_CARD_COMPANY")
    shop.confirm(declined, "ord_declined")
    for key in (shop.window("ord_ready"), shop.authenticated("ord_authenticated"), declined):
        assert refusal(shop.cancel(key)) == (403, "NOT_CANCELABLE_PAYMENT")
    assert refusal(shop.cancel("no_such_key")) == (404, "NOT_FOUND_PAYMENT")


def test_a_payment_that_is_not_partially_cancelable() -> None:
    shop = Shop(partial_cancelable=False)
    key = shop.paid()
    assert content(shop.read(key))["isPartialCancelable"] is False
    assert refusal(shop.cancel(key, cancelAmount=100)) == (403, "NOT_ALLOWED_PARTIAL_REFUND")
    assert shop.cancel(key).status == 200


def test_the_console_cancels_and_announces() -> None:
    shop = Shop()
    key = shop.paid()
    shop.toss.cancel_from_console(key, 900, "a call from the customer")
    assert shop.events == ["DONE", "PARTIAL_CANCELED"]
    assert refusal(shop.cancel(key, refundableAmount=9900)) == (400, "NOT_MATCHES_REFUNDABLE_AMOUNT")
    shop.toss.cancel_from_console(key, None, "the rest")
    assert content(shop.read(key))["balanceAmount"] == 0
    for unknown, code in (("no_such_key", "NOT_FOUND_PAYMENT"), (key, "NOT_CANCELABLE_AMOUNT")):
        with pytest.raises(Refused, match=code):
            shop.toss.cancel_from_console(unknown, None, "again")


@pytest.mark.parametrize(("announces", "events"), [(True, ["CANCELED"]), (False, [])])
def test_a_cancelled_charge_is_announced_or_not(announces: bool, events: list[str]) -> None:
    shop = Shop(announces_billing_cancels=announces)
    key = content(shop.charge(shop.billing_key()))["paymentKey"]
    shop.toss.cancel_from_console(key, None, "by mistake")
    assert shop.events == events


def test_the_list_of_transactions() -> None:
    shop = Shop()
    first = shop.paid("ord_first")
    shop.now += 60
    shop.paid("ord_second")
    shop.now += 60
    shop.cancel(first, cancelAmount=3300)
    shop.authenticated("ord_not_paid")
    path = "/v1/transactions?startDate=2026-11-25T20:00:00&endDate=2026-11-25T21:00:00"
    rows = content(shop.call("GET", path))
    assert [(row["orderId"], row["amount"], row["status"], row["transactionAt"][11:19]) for row in rows] == [
        ("ord_first", 9900, "DONE", "20:14:31"),
        ("ord_second", 9900, "DONE", "20:15:31"),
        ("ord_first", -3300, "PARTIAL_CANCELED", "20:16:31"),
    ]
    assert content(shop.call("GET", f"{path}&limit=2")) == rows[:2]
    assert content(shop.call("GET", f"{path}&startingAfter={rows[0]['transactionKey']}&limit=1")) == rows[1:2]
    assert content(shop.call("GET", path.replace("21:00:00", "20:15:00"))) == rows[:1]
    assert content(shop.call("GET", path, **basic(f"{BILLING.secret_key}:"))) == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("startDate=2026-11-25T20:00:00Z&endDate=2026-11-26", "INVALID_DATE"),
        ("startDate=2026-11-25", "INVALID_DATE"),
        ("startDate=2026-13-25&endDate=2026-11-26", "INVALID_DATE"),
        ("startDate=2026-11-25&endDate=2026-11-26&limit=5001", "INVALID_REQUEST"),
        ("startDate=2026-11-25&endDate=2026-11-26&limit=x", "INVALID_REQUEST"),
    ],
)
def test_lists_that_are_refused(query: str, code: str) -> None:
    assert refusal(Shop().call("GET", f"/v1/transactions?{query}")) == (400, code)
