"""The local API's throttle: a bucket a route, by what a template says."""

import pytest

from local.cloud.throttle import Bucket, Limit, Limits, Throttle


def limit(rate: float, burst: int) -> Limit:
    return Limit(ThrottlingRateLimit=rate, ThrottlingBurstLimit=burst)


def counted(throttle: Throttle, method: str, path: str, times: int = 50) -> int:
    return sum(throttle.admits(method, path) for _ in range(times))


def test_a_bucket_is_full_at_first_and_fills_again_but_no_further() -> None:
    bucket = Bucket(limit(2, 3), now=100)
    assert [bucket.take(100) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(100.4), bucket.take(100.5), bucket.take(100.6)] == [False, True, False]
    assert [bucket.take(900) for _ in range(4)] == [True, True, True, False]


def test_each_route_has_its_own() -> None:
    limits = Limits(
        default=limit(1, 2),
        routes={
            "GET /things/{id}": limit(1, 3),
            "POST /hooks/{name}/{token}": limit(1, 4),
            "POST /hooks/known/{token}": limit(1, 5),
        },
    )
    throttle = Throttle(limits, lambda: 0.0)
    assert counted(throttle, "GET", "/things/1") == 3
    assert counted(throttle, "GET", "/things/2") == 0  # of one route, whatever the variable is
    assert counted(throttle, "POST", "/hooks/other/1") == 4
    assert counted(throttle, "POST", "/hooks/known/1") == 5  # the literal one is meant
    assert counted(throttle, "POST", "/things/1") == 2
    assert counted(throttle, "GET", "/things/1/more") == 0  # what has no route shares one


def test_without_limits_all_pass() -> None:
    assert counted(Throttle(Limits(), lambda: 0.0), "GET", "/health") == 50


def test_they_stand_in_the_template() -> None:
    properties = {
        "DefaultRouteSettings": {"ThrottlingRateLimit": 7, "ThrottlingBurstLimit": 8},
        "RouteSettings": {"GET /health": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 2}},
    }
    stage = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": properties}
    found = Limits.of_template({"Resources": {"Stage": stage, "Table": {"Type": "AWS::DynamoDB::Table"}}})
    assert found == Limits(default=limit(7, 8), routes={"GET /health": limit(1, 2)})
    assert Limits.model_validate_json(found.model_dump_json(by_alias=True)) == found


def test_a_template_without_a_stage_is_an_error() -> None:
    with pytest.raises(ValueError, match="unpack"):
        Limits.of_template({"Resources": {}})
