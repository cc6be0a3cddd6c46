"""The gateway's throttles: each route has a bucket, and 2,000 users who wait fit into those of what they poll."""

from heapq import heapify, heappop, heappush
from random import Random

import pytest

from infra.throttles import CALLBACK, POLLED, USUAL, WAITING, throttle_of
from local.cloud.throttle import Bucket, Limit, Limits
from tests.infra.synthesized import Synthesized
from veil.api import polling
from veil.api.polling import seconds_until
from veil.api.routes import ROUTES, Route

LONG = 600  # seconds; from then on they only ask less often
PACES = {"/uploads/{upload_id}": polling.CHECK}
ACCOUNT_RATE, ACCOUNT_BURST = 10_000, 5_000  # of API Gateway, in a region; AWS refuses a route that has more


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_each_route_has_a_bucket(request: pytest.FixtureRequest, stage: str) -> None:
    settings = request.getfixturevalue(stage).only("AWS::ApiGatewayV2::Stage")
    assert settings["StageName"] == "$default"
    assert settings["DefaultRouteSettings"] == {"ThrottlingRateLimit": 100, "ThrottlingBurstLimit": 200}
    expected = {f"{method} {route.path}": (100, 200) for route in ROUTES for method in route.methods}
    expected |= {key: (200, 400) for key in expected if key.startswith("POST /webhooks/")}
    for method in ("GET", "HEAD"):
        expected[f"{method} /uploads/{{upload_id}}"] = (2_000, 2_000)
        expected[f"{method} /generations/{{generation_id}}"] = (1_000, 2_000)
        expected[f"{method} /orders/{{order_id}}"] = (1_000, 2_000)
    found = settings["RouteSettings"]
    assert {key: (one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"]) for key, one in found.items()} == expected


def test_the_local_door_reads_the_same(dev: Synthesized) -> None:
    limits = Limits.of_template(dev.template)
    assert limits.routes["POST /generations"] == limits.default == _limit(USUAL.rate, USUAL.burst)
    assert limits.routes["POST /webhooks/toss/{secret}"] == _limit(CALLBACK.rate, CALLBACK.burst)


def test_an_account_may_have_them() -> None:
    throttles = [throttle_of(route) for route in ROUTES]
    assert max(each.rate for each in throttles) <= ACCOUNT_RATE
    assert max(each.burst for each in throttles) <= ACCOUNT_BURST


def test_what_is_polled_has_a_route() -> None:
    assert POLLED.keys() <= {route.path for route in ROUTES if route.method == "GET"}


@pytest.mark.parametrize("path", POLLED)
@pytest.mark.parametrize("together", [True, False], ids=["in one moment", "as they may start"])
def test_two_thousand_who_wait_are_never_throttled(path: str, *, together: bool) -> None:
    """Each looks at once and then as `Retry-After` says, and nothing ever comes."""
    throttle = throttle_of(Route("GET", path, "any"))
    bucket = Bucket(_limit(throttle.rate, throttle.burst), 0)
    looks = [(0.0 if together else max(0.0, (user - USUAL.burst) / USUAL.rate), user) for user in range(WAITING)]
    began, chance, refused = {user: at for at, user in looks}, Random(1), 0
    heapify(looks)
    while looks and looks[0][0] < LONG:
        at, user = heappop(looks)
        refused += not bucket.take(at)
        heappush(looks, (at + seconds_until(at - began[user], chance.random(), PACES.get(path, polling.USUAL)), user))
    assert refused == 0


def test_who_has_waited_for_minutes_leaves_room_for_others() -> None:
    """After five minutes they ask for less than a tenth of what is let through."""
    waits = [seconds_until(300, number / 100) for number in range(100)]
    assert WAITING / (sum(waits) / len(waits)) < POLLED["/generations/{generation_id}"].rate / 10


def _limit(rate: float, burst: int) -> Limit:
    return Limit(ThrottlingRateLimit=rate, ThrottlingBurstLimit=burst)
