"""The functions: code, layers, settings, a role and a log group of its own each."""

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import bundling
from infra.layers import Layers
from infra.nag import accept
from infra.sizes import SIZES
from veil.settings import FUNCTIONS

RUNTIME = lambda_.Runtime.PYTHON_3_13
METRICS_NAMESPACE = "Veil"


class Function(Construct):
    """One function. It may write its own log; what else it may do, the stack grants."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        function: str,
        stage: str,
        layers: Layers,
        settings: Mapping[str, str],
        log_retention: logs.RetentionDays,
    ) -> None:
        """``settings``: all there are, by variable; the function gets those that its model has, and no more."""
        super().__init__(scope, name)
        size = SIZES[function]
        function_name = f"veil-{stage}-{function}"
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/aws/lambda/{function_name}",
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.allow(["logs:CreateLogStream", "logs:PutLogEvents"], log.log_group_arn)
        code = bundling.function(function)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=function_name,
            runtime=RUNTIME,
            architecture=layers.architecture,
            handler="veil.entry.handler",  # which imports the one of the folder
            code=lambda_.Code.from_asset(str(code), asset_hash=bundling.digest(code)),
            layers=layers.of("shared", "core", *size.layers),
            memory_size=size.memory_mb,
            timeout=Duration.seconds(size.timeout_seconds),
            role=self.role,
            log_group=log,
            environment=_environment(function, settings),
        )
        accept(self.function, "AwsSolutions-L1", "Python 3.13: replicate 1.0.7 does not import on 3.14.")

    def allow(self, actions: list[str], *resources: str, conditions: Mapping[str, object] | None = None) -> None:
        """Let the function do ``actions`` on ``resources``."""
        statement = iam.PolicyStatement(actions=actions, resources=list(resources), conditions=conditions)
        self.role.add_to_policy(statement)


def _environment(function: str, settings: Mapping[str, str]) -> dict[str, str]:
    names = [name.upper() for name in FUNCTIONS[function].model_fields]
    return {name: settings[name] for name in names if name in settings} | {
        "POWERTOOLS_SERVICE_NAME": function,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PYDANTIC_DISABLE_PLUGINS": "true",  # else a cold start searches every package for some
    }
