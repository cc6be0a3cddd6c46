"""The HTTP API: the routes of `veil.api.routes`, each to its function."""

import json
from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import Function
from infra.nag import accept
from veil.api.routes import FALLBACK, ROUTES, Route

# No path (a webhook's carries its token) and no address of a caller.
ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency_ms": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.message",
    "authorizer_error": "$context.authorizer.error",
    "integration_error": "$context.integrationErrorMessage",
}
RATE, BURST = 100, 200  # requests a second that the whole API takes, and at once
WEBHOOK_RATE, WEBHOOK_BURST = 200, 400  # apart, so that a busy app can't keep portraits from arriving


class Api(Construct):
    """The API. It is made without its functions, which are told its ``url``; `connect` joins them."""

    def __init__(self, scope: Construct, name: str, *, stage: str, log_retention: logs.RetentionDays) -> None:
        super().__init__(scope, name)
        self.api = apigatewayv2.HttpApi(self, "Api", api_name=f"veil-{stage}", create_default_stage=False)
        self.url = self.api.api_endpoint
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/vendedlogs/veil-{stage}-api",
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._stage = apigatewayv2.CfnStage(
            self,
            "Stage",
            api_id=self.api.api_id,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=json.dumps(ACCESS_LOG)
            ),
            default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=RATE, throttling_burst_limit=BURST
            ),
        )

    def connect(self, functions: Mapping[str, Function], token: authorizers.HttpJwtAuthorizer) -> None:
        """Make every route, behind ``token`` unless it is public, and the fallback for all that is none."""
        to = {
            name: integrations.HttpLambdaIntegration(f"{name.title()}Integration", functions[name].function)
            for name in sorted({route.function for route in ROUTES} | {FALLBACK})
        }
        for route in ROUTES:
            self._route(route, to[route.function], None if route.public else token)
        self._route(Route("ANY", "$default", FALLBACK, public=True), to[FALLBACK], None)

    def _route(
        self,
        route: Route,
        integration: integrations.HttpLambdaIntegration,
        authorizer: authorizers.HttpJwtAuthorizer | None,
    ) -> None:
        default = route.path == "$default"
        key = (
            apigatewayv2.HttpRouteKey.DEFAULT
            if default
            else apigatewayv2.HttpRouteKey.with_(route.path, apigatewayv2.HttpMethod[route.method])
        )
        made = apigatewayv2.HttpRoute(
            self,
            "Fallback" if default else f"{route.method} {route.path}",
            http_api=self.api,
            route_key=key,
            integration=integration,
            authorizer=authorizer,
        )
        if authorizer is None:
            accept(made, "AwsSolutions-APIG4", _why_public(route))
        if route.function == "webhook":
            # Free-form JSON in CloudFormation's schema, so its names are not the CDK's to write.
            self._stage.route_settings = {
                key.key: {"ThrottlingRateLimit": WEBHOOK_RATE, "ThrottlingBurstLimit": WEBHOOK_BURST}
            }
            self._stage.node.add_dependency(made)


def _why_public(route: Route) -> str:
    if route.function == "webhook":
        return "Replicate has no token of ours: the function checks its signature and the token in the path."
    if route.path == "$default":
        return "It answers 404 and 405 as problems, to anybody, and reads nothing."
    return "The same for everybody, and asked for before anyone has signed in."
