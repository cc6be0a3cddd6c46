"""A function: its code, layers and settings, with a role and a log group of its own."""

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import bundling
from infra.function_table import FUNCTIONS
from infra.layers import Layers
from infra.nag import accept
from infra.names import function_log

RUNTIME = lambda_.Runtime.PYTHON_3_13
METRICS_NAMESPACE = "Veil"


class Function(Construct):
    """One row of `infra.function_table`, deployed. It may write its own log; the stack grants the rest of its row."""

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
        concurrency: int | None = None,
    ) -> None:
        """``settings``: all values by variable; the function gets those that its settings model names.
        ``concurrency``: executions that are kept for it, which are also the most that it may have.
        """
        super().__init__(scope, name)
        spec = FUNCTIONS[function]
        log = logs.LogGroup(
            self,
            "Log",
            log_group_name=function_log(stage, function),
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.allow("logs", ["CreateLogStream", "PutLogEvents"], log.log_group_arn)
        code = bundling.function(function)
        self.lambda_ = lambda_.Function(
            self,
            "Function",
            function_name=f"veil-{stage}-{function}",
            runtime=RUNTIME,
            architecture=layers.architecture,
            handler="veil.entry.handler",  # which imports the one of the folder
            code=lambda_.Code.from_asset(str(code), asset_hash=bundling.digest(code)),
            layers=layers.of(spec.layers),
            memory_size=spec.memory_mb,
            timeout=Duration.seconds(spec.timeout_seconds),
            role=self.role,
            log_group=log,
            environment=_environment(function, settings),
            reserved_concurrent_executions=concurrency,
            recursive_loop=lambda_.RecursiveLoop.ALLOW if spec.loops else None,
        )
        self.name = self.lambda_.function_name
        accept(self.lambda_, "AwsSolutions-L1", "Python 3.13: replicate 1.0.7 does not import on 3.14.")

    def allow(
        self, service: str, actions: Sequence[str], *resources: str, conditions: Mapping[str, object] | None = None
    ) -> None:
        """Let the function do ``actions`` of ``service`` on ``resources``; either may be none."""
        if actions and resources:
            named = [f"{service}:{action}" for action in actions]
            self.role.add_to_policy(
                iam.PolicyStatement(actions=named, resources=list(resources), conditions=conditions)
            )


def _environment(function: str, settings: Mapping[str, str]) -> dict[str, str]:
    names = [name.upper() for name in FUNCTIONS[function].settings.model_fields]
    return {name: settings[name] for name in names if name in settings} | {
        "POWERTOOLS_SERVICE_NAME": function,
        "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "PYDANTIC_DISABLE_PLUGINS": "true",  # else a cold start searches every package for some
    }
