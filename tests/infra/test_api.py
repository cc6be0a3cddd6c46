"""The gateway has the routes of `veil.api.routes`, behind the right authorizer, throttled; its log has no path."""

import json
from typing import Any

import pytest

from tests.infra.synthesized import Synthesized
from veil.api.routes import FALLBACK, ROUTES


def _function_of(stack: Synthesized, route: dict[str, Any]) -> str:
    integration = route["Target"]["Fn::Join"][1][1]["Ref"]
    uri = stack.of_type("AWS::ApiGatewayV2::Integration")[integration]["IntegrationUri"]
    name: str = stack.of_type("AWS::Lambda::Function")[uri["Fn::GetAtt"][0]]["FunctionName"]
    return name.rpartition("-")[2]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_every_route_and_no_other(request: pytest.FixtureRequest, stage: str) -> None:
    stack = request.getfixturevalue(stage)
    (authorizer,) = stack.of_type("AWS::ApiGatewayV2::Authorizer")
    found = {
        route["RouteKey"]: (_function_of(stack, route), route["AuthorizationType"], route.get("AuthorizerId"))
        for route in stack.of_type("AWS::ApiGatewayV2::Route").values()
    }
    token = ("JWT", {"Ref": authorizer})
    expected = {
        f"{method} {route.path}": (route.function, *(("NONE", None) if route.public else token))
        for route in ROUTES
        for method in route.methods
    }
    assert found == expected | {"$default": (FALLBACK, "NONE", None)}


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_no_web_page_may_read_it(request: pytest.FixtureRequest, stage: str) -> None:
    assert "CorsConfiguration" not in request.getfixturevalue(stage).only("AWS::ApiGatewayV2::Api")


def test_own_issuer(dev: Synthesized) -> None:
    authorizer = dev.only("AWS::ApiGatewayV2::Authorizer")
    assert authorizer["JwtConfiguration"] == {"Audience": ["veil"], "Issuer": "https://login.example"}
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    assert not dev.of_type("AWS::Cognito::UserPool")


def test_the_access_log_has_the_route_and_never_the_path(dev: Synthesized) -> None:
    settings = dev.only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    fields = json.loads(settings["Format"])
    assert fields["route"] == "$context.routeKey"
    assert fields["request_id"] == "$context.requestId"
    assert not [value for value in fields.values() if "path" in value.lower() or "sourceIp" in value]
    assert settings["DestinationArn"]["Fn::GetAtt"][0] in dev.of_type("AWS::Logs::LogGroup")


def test_the_sweeper_runs_every_minute(dev: Synthesized) -> None:
    rule = dev.only("AWS::Events::Rule")
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    assert rule["State"] == "ENABLED"
    (target,) = rule["Targets"]
    function = dev.of_type("AWS::Lambda::Function")[target["Arn"]["Fn::GetAtt"][0]]
    assert function["FunctionName"] == "veil-dev-sweeper"
