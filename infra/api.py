"""The HTTP API: the routes of `veil.api.routes`, each with its function behind it."""

import json
from collections.abc import Mapping

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.functions import Function
from infra.nag import accept
from infra.names import Domain, access_log, pascal
from infra.throttles import USUAL, is_callback, throttle_of
from veil.api.routes import FALLBACK, ROUTES, Route

# Not the path, since a callback's has a token in it, and not the caller's address.
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


class Api(Construct):
    """The API. The functions need its ``url``, so it is made before them; `connect` adds them.

    ``host`` is where it is found whatever the team calls it; ``domain_target`` is what the team's name has to lead
    to, None where there is none.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        stage: str,
        log_retention: logs.RetentionDays,
        domain: Domain | None = None,
    ) -> None:
        super().__init__(scope, name)
        self._api = apigatewayv2.HttpApi(self, "Api", api_name=f"veil-{stage}", create_default_stage=False)
        self.id = self._api.api_id
        self.host = f"{self.id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"
        self.url = f"https://{domain.name}" if domain else self._api.api_endpoint
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=access_log(stage),
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self._throttles: dict[str, dict[str, int]] = {}  # of the routes, by their keys
        self._stage = apigatewayv2.CfnStage(
            self,
            "Stage",
            api_id=self.id,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=json.dumps(ACCESS_LOG)
            ),
            default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=USUAL.rate, throttling_burst_limit=USUAL.burst
            ),
        )

        self.domain_target = self._named(domain) if domain else None

    def _named(self, domain: Domain) -> str:
        named = apigatewayv2.DomainName(
            self,
            "Domain",
            domain_name=domain.name,
            certificate=certificates.Certificate.from_certificate_arn(self, "Certificate", domain.certificate),
        )
        apigatewayv2.CfnApiMapping(self, "Mapping", api_id=self.id, domain_name=named.name, stage=self._stage.ref)
        return named.regional_domain_name

    def connect(self, functions: Mapping[str, Function], token: authorizers.HttpJwtAuthorizer) -> None:
        """Add every route, behind ``token`` unless it is public, and the fallback for all other requests."""
        to = {
            name: integrations.HttpLambdaIntegration(f"{pascal(name)}Integration", functions[name].lambda_)
            for name in sorted({route.function for route in ROUTES} | {FALLBACK})
        }
        for route in ROUTES:
            for method in route.methods:
                self._route(route._replace(method=method), to[route.function], None if route.public else token)
        self._route(Route("ANY", "$default", FALLBACK, public=True), to[FALLBACK], None)
        self._stage.route_settings = self._throttles

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
            http_api=self._api,
            route_key=key,
            integration=integration,
            authorizer=authorizer,
        )
        if authorizer is None:
            accept(made, "AwsSolutions-APIG4", _why_public(route))
        if not default:
            # CloudFormation takes this as free-form JSON, for which the CDK does not write the names.
            throttle = throttle_of(route)
            self._throttles[key.key] = {"ThrottlingRateLimit": throttle.rate, "ThrottlingBurstLimit": throttle.burst}
            self._stage.node.add_dependency(made)


def _why_public(route: Route) -> str:
    if is_callback(route):
        return "A provider calls it, without an access token of ours: the function verifies every call itself."
    if route.path == "$default":
        return "It answers 404 and 405 as problems, to anybody, and reads nothing."
    return "The answer is the same for everybody, and clients need it before anyone has signed in."
