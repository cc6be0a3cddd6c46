"""How much of each route API Gateway lets through: a bucket of its own for every route, so that none starves another.

A brake on abuse, not on AWS, and wide enough for `WAITING` users at once (`tests/infra/test_throttles.py` counts).
"""

from typing import NamedTuple

from veil.api import polling
from veil.api.routes import Route

CALLBACKS = "/webhooks/"  # below it, a provider calls, without an access token
WAITING = 2_000  # users at once who wait for the same kind of thing


class Throttle(NamedTuple):
    """Requests in a second, and at once."""

    rate: int
    burst: int


USUAL = Throttle(100, 200)  # all of them may begin within twenty seconds
CALLBACK = Throttle(200, 400)
# Who waits looks at once, and then never sooner than the first Retry-After.
POLLED = {
    "/uploads/{upload_id}": Throttle(WAITING // polling.CHECK.first, WAITING),
    "/generations/{generation_id}": Throttle(WAITING // polling.USUAL.first, WAITING),
    "/orders/{order_id}": Throttle(WAITING // polling.USUAL.first, WAITING),
}


def is_callback(route: Route) -> bool:
    """Whether a provider calls it."""
    return route.path.startswith(CALLBACKS)


def throttle_of(route: Route) -> Throttle:
    """What a route lets through. A receipt is not polled by thousands, and anybody may ask for one: as usual."""
    if is_callback(route):
        return CALLBACK
    return POLLED.get(route.path, USUAL) if route.method in {"GET", "HEAD"} else USUAL
