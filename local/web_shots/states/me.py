"""The person's own: what they agreed to, signing out, and leaving."""

from local.web_shots.api import HELD, Reply
from local.web_shots.bodies import balance, consents, example
from local.web_shots.state import Person, State
from veil.domain.consents import ConsentKind

RECEIPT = "/left/9f86d081884c7d659a2feaa0c55ad015"
SHEET = "dialog[open] h2"
NO_PLAN = ("404 GET .*/subscriptions/current",)
ERASING = {"status": "erasing", "done_at": None, "erased": {"objects": 12, "items": 3}, "backups_gone_by": None}


def _sign_out(person: Person) -> None:
    person.press("로그아웃하기", "Sign out")


def _take_back(person: Person) -> None:
    person.page.locator(".switch").first.click()


def _leave(person: Person) -> None:
    person.page.locator(".leave-agree input").check()
    person.page.locator(".dock button").click()


ME = (
    State("me", "/me", ".me-section", refuses=NO_PLAN),
    State("me-signed-out", "/me", "dialog .sign-in-ways button", signed_in=False),
    State("me-sign-out", "/me", SHEET, act=_sign_out, refuses=NO_PLAN),
    State("me-consents", "/me/consents", ".me-consent"),
    State(
        "me-consents-never",
        "/me/consents",
        ".me-consent",
        lambda _: {"GET /consents": Reply(200, consents(granted=(ConsentKind.THIRD_PARTY_AI,)))},
    ),
    State("me-consents-take-back", "/me/consents", SHEET, act=_take_back),
    State("leave", "/leave", ".leave-agree"),
    State("leave-nothing-unspent", "/leave", ".leave-agree", lambda _: {"GET /credits": Reply(200, balance(0))}),
    State(
        "leave-sign-in-again",
        "/leave",
        ".notice.accent",
        lambda bodies: {"DELETE /account": bodies.refused("sign_in_again"), "GET /credits": Reply(200, balance(0))},
        _leave,
        refuses=("401 DELETE .*/account",),
    ),
    State("left-loading", RECEIPT, "main", lambda _: {"GET /erasures/{receipt}": HELD}, signed_in=False),
    State(
        "left-erasing",
        RECEIPT,
        ".left-head",
        lambda _: {"GET /erasures/{receipt}": Reply(200, example("ErasureReceipt", **ERASING), {"retry-after": "2"})},
        signed_in=False,
    ),
    State(
        "left-done",
        RECEIPT,
        ".left-head",
        lambda _: {"GET /erasures/{receipt}": Reply(200, example("ErasureReceipt"))},
        signed_in=False,
    ),
)
