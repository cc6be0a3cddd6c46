"""Buying, the plan, and the credits."""

from collections.abc import Iterator
from typing import Any

from local.web_shots.api import HELD, Reply, public
from local.web_shots.bodies import ORDER_ID, Bodies, balance, example, order, products
from local.web_shots.state import Person, Replies, State
from veil.api.words import DECLINES
from veil.domain.declines import Decline

HERE = f"/orders/{ORDER_ID}"
RETURNED = f"{HERE}?paymentKey=tviva&orderId={ORDER_ID}&amount={order()['amount']}"
SHEET = "dialog[open] h2"


def _order(status: str) -> State:
    """One that is looked at later."""
    waits = {"retry-after": "1"} if status == "confirming" else {}
    return State(
        f"order-{status}",
        HERE,
        ".order-state" if status == "confirming" else "section.rows",
        lambda _: {"GET /orders/{id}": Reply(200, order(status), waits)},
    )


def _declined(decline: Decline) -> State:
    def replies(bodies: Bodies) -> Replies:
        words = {"code": decline, "detail": DECLINES[decline].text(bodies.language)}
        return {"POST /orders/{id}/confirm": bodies.refused("payment_declined", decline=words)}

    said = ("402 POST .*/confirm",)
    return State(f"order-declined-{decline.replace('_', '-')}", RETURNED, "[role=alert]", replies, refuses=said)


def _confirm_refused(code: str, status: int) -> State:
    said = (f"{status} POST .*/confirm",)
    return State(
        f"order-refused-{code.replace('_', '-')}",
        RETURNED,
        ".failed",
        lambda bodies: {"POST /orders/{id}/confirm": bodies.refused(code)},
        refuses=said,
    )


def _plan(name: str, ready: str, **changed: Any) -> State:
    return State(
        name,
        "/plan",
        ready,
        lambda _: {"GET /subscriptions/current": Reply(200, example("Subscription", **changed))},
    )


def _plans() -> Iterator[State]:
    limit = {"code": Decline.LIMIT_EXCEEDED, "detail": DECLINES[Decline.LIMIT_EXCEEDED].ko}
    yield State("plan-offer", "/plan", ".plan-agree", refuses=NO_PLAN)
    yield State("plan-card-refused", "/plan?code=REJECT_CARD_PAYMENT&message=no", ".plan-agree", refuses=NO_PLAN)
    yield _plan("plan-registering", ".plan-state", status="registering", card=None, paid_until=None)
    yield _plan("plan-active", "main .rows")
    yield _plan("plan-new-price", ".plan-price-change", new_amount=12_900)
    yield _plan("plan-past-due", "main .rows", status="past_due", decline=limit)
    yield _plan("plan-ending", "main .rows", status="ending")
    yield _plan("plan-ended", ".plan-agree", status="ended", decline=limit)


def _pay(person: Person) -> None:
    person.page.locator(".dock button").click()
    person.page.wait_for_url("**/pay?order=*")


def _close_window(person: Person) -> None:
    """Back from the window, without a payment."""
    _pay(person)
    person.page.goto(person.page.url.split("/pay")[0] + "/buy?code=PAY_PROCESS_CANCELED&message=closed")


def _give_back(person: Person) -> None:
    person.press("쓰지 않은 크레딧", "Refund 8")


def _end(person: Person) -> None:
    person.press("구독 그만두기", "End the plan")


def _show_orders(person: Person) -> None:
    person.page.get_by_text("주문과 영수증").or_(person.page.get_by_text("Orders and receipts")).first.click()


NO_PLAN = ("404 GET .*/subscriptions/current",)
NOTHING = {"packs": [], "plan": products()["plan"]}

MONEY = (
    State("buy", "/buy?next=/confirm", ".plan-offer"),
    State("buy-signed-out", "/buy", "dialog .sign-in-ways button", signed_in=False),
    State("buy-loading", "/buy", "main", lambda _: {"GET /products": HELD}),
    State("buy-nothing-sold", "/buy", ".failed", lambda _: {"GET /products": public(NOTHING)}),
    State(
        "buy-owed",
        "/buy",
        ".failed",
        lambda bodies: {
            "POST /orders": bodies.refused("credits_owed", owed=4),
            "GET /credits": Reply(200, balance(0, owed=4)),
        },
        lambda person: person.page.locator(".dock button").click(),
        refuses=("409 POST .*/orders",),
    ),
    State("pay", "/buy", "main h1", act=_pay),
    State("pay-nothing", "/pay?order=none", "main h1"),
    State("buy-window-closed", "/buy", ".notice", act=_close_window),
    State("order-confirming-now", RETURNED, ".order-state", lambda _: {"POST /orders/{id}/confirm": HELD}),
    State("order-thanks", RETURNED, ".order-thanks"),
    *map(_order, ("created", "confirming", "paid", "refunding", "refunded", "failed", "expired", "review")),
    *map(_declined, Decline),
    _confirm_refused("order_expired", 410),
    _confirm_refused("order_conflict", 409),
    State("order-refund", HERE, SHEET, act=_give_back),
    *_plans(),
    State(
        "plan-end",
        "/plan",
        SHEET,
        lambda _: {"GET /subscriptions/current": Reply(200, example("Subscription"))},
        _end,
    ),
    State("credits", "/credits", "main li"),
    State("credits-orders", "/credits", "main h1", act=_show_orders),
    State(
        "credits-none",
        "/credits",
        "main h1",
        lambda _: {
            "GET /credits": Reply(200, balance(0)),
            "GET /credits/entries": Reply(200, {"items": [], "next_cursor": None}),
        },
    ),
    State(
        "credits-held-and-owed",
        "/credits",
        "main li",
        lambda _: {"GET /credits": Reply(200, balance(2, held=4, owed=3))},
    ),
)
