"""How the functions reach the machine: an API of its own, whose link leads to whichever machine is registered."""

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from aws_cdk import aws_servicediscovery as servicediscovery
from constructs import Construct

from infra.api import ACCESS_LOG
from infra.nag import accept
from infra.own_model.network import Network

RATE, BURST = 20, 40  # requests in a second, and at once: an image takes some ten, in ten seconds
# What the functions ask for; the proxy has more, and nobody needs it.
ROUTES = (
    ("POST", "/api/v2/assets"),
    ("GET", "/api/v2/assets/{id}/content"),
    ("DELETE", "/api/v2/assets/{id}"),
    ("POST", "/api/v2/jobs"),
    ("GET", "/api/v2/jobs"),
    ("GET", "/api/v2/jobs/{id}"),
    ("GET", "/api/v2/jobs/{id}/workflow"),
    ("POST", "/api/v2/jobs/{id}/cancel"),
)


class Front(Construct):
    """``url`` is what the stage is told as ``comfy_url``; ``service_id`` and ``service_arn`` are where the machine
    registers.
    """

    def __init__(
        self, scope: Construct, name: str, *, stage: str, network: Network, log_retention: logs.RetentionDays
    ) -> None:
        super().__init__(scope, name)
        namespace = servicediscovery.HttpNamespace(self, "Namespace", name=f"veil-{stage}-own-model")
        service = namespace.create_service("Service", name="comfy")
        self.service_id, self.service_arn = service.service_id, service.service_arn
        api = apigatewayv2.HttpApi(self, "Api", api_name=f"veil-{stage}-own-model", create_default_stage=False)
        self.url = api.api_endpoint
        self._stage(api, stage, log_retention)
        link = apigatewayv2.VpcLink(
            self,
            "Link",
            vpc=network.vpc,
            subnets={"subnets": network.vpc.public_subnets},
            security_groups=[network.link],
        )
        to = integrations.HttpServiceDiscoveryIntegration("Machine", service, vpc_link=link)
        for method, path in ROUTES:
            key = apigatewayv2.HttpRouteKey.with_(path, apigatewayv2.HttpMethod[method])
            route = apigatewayv2.HttpRoute(self, f"{method} {path}", http_api=api, route_key=key, integration=to)
            accept(route, "AwsSolutions-APIG4", "The proxy asks for the stage's token.")

    def _stage(self, api: apigatewayv2.HttpApi, stage: str, log_retention: logs.RetentionDays) -> None:
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/vendedlogs/veil-{stage}-own-model",
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        apigatewayv2.CfnStage(
            self,
            "Stage",
            api_id=api.api_id,
            stage_name="$default",
            auto_deploy=True,
            access_log_settings=apigatewayv2.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=json.dumps(ACCESS_LOG)
            ),
            default_route_settings=apigatewayv2.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=RATE, throttling_burst_limit=BURST
            ),
        )
