"""The shop window, signing in, and an address that leads nowhere."""

from local.web_shots.api import HELD
from local.web_shots.state import Person, State


def _offer_to_sign_in(person: Person) -> None:
    person.press("로그인", "Sign in")


START = (
    State("start", "/", "main h1", signed_in=False),
    State("start-signed-in", "/", "main h1"),
    State(
        "start-without-the-api", "/", "main h1", lambda _: {"GET /styles": HELD, "GET /products": HELD}, signed_in=False
    ),
    State("start-offline", "/", ".banner", act=Person.go_offline, signed_in=False),
    State("sign-in", "/", "dialog .sign-in-ways button", act=_offer_to_sign_in, signed_in=False),
    State("sign-in-cancelled", "/signed-in?error=access_denied", "main h1", signed_in=False),
    State("missing", "/nothing-is-here", "main h1", signed_in=False),
)
