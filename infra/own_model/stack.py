"""The stack of a GPU of one's own: apart from the stage's, no deployment of which waits for it."""

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.bundling import ROOT
from infra.functions import METRICS_NAMESPACE
from infra.own_model.front import Front
from infra.own_model.machine_group import Hours, Machine
from infra.own_model.network import PORT, Network
from infra.secret_names import SECRETS, name_of
from infra.topics import topic

PERIOD_MINUTES, PERIODS = 5, 6  # half an hour: a new machine has everything to fetch first


class OwnModelStack(Stack):
    def __init__(
        self,
        scope: Construct,
        *,
        stage: str,
        region: str,
        spot: bool,
        hours: Hours | None,
        morning_email: str | None,
        log_retention: logs.RetentionDays,
        runbooks_url: str,
    ) -> None:
        """``hours``: when the machine is there; None: always. ``morning_email``: who is told that it is not."""
        super().__init__(
            scope,
            f"veil-{stage}-own-model",
            env=Environment(region=region),
            description=f"Veil ({stage}): a GPU of one's own, which makes images before any provider is asked.",
        )
        network = Network(self, "Network", log_retention=log_retention)
        front = Front(self, "Front", stage=stage, network=network, log_retention=log_retention)
        told = {
            "STAGE": stage,
            "REGION": region,
            "SERVICE_ID": front.service_id,
            "TOKEN_SECRET": name_of(stage, SECRETS["comfy_token_secret"]),
            "PUBLIC_URL": front.url,
            "PORT": str(PORT),
        }
        machine = Machine(
            self,
            "Machine",
            stage=stage,
            network=network,
            spot=spot,
            hours=hours,
            told=told,
            service_arn=front.service_arn,
            folder=ROOT / ".build" / "own-model",
        )
        self._alarm(stage, machine, morning_email, runbooks_url)
        CfnOutput(self, "ComfyUrl", value=front.url, description="comfy_url of the stage's file")

    def _alarm(self, stage: str, machine: Machine, email: str | None, runbooks_url: str) -> None:
        """It rings where there should be a machine and none answers; at night there should be none."""
        period = Duration.minutes(PERIOD_MINUTES)
        up = cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name="OwnModelUp",
            dimensions_map={"stage": stage},
            statistic="Sum",
            period=period,
        )
        wanted = cloudwatch.Metric(
            namespace="AWS/AutoScaling",
            metric_name="GroupDesiredCapacity",
            dimensions_map={"AutoScalingGroupName": machine.group.auto_scaling_group_name},
            statistic="Minimum",
            period=period,
        )
        alarm = cloudwatch.Alarm(
            self,
            "OwnModelDown",
            alarm_name=f"veil-{stage}-own-model-down",
            alarm_description=(
                f"The machine that makes images has not answered for {PERIOD_MINUTES * PERIODS} minutes. The next "
                f"model of the chain makes them, at its price. {runbooks_url}/own-model-down.md"
            ),
            metric=cloudwatch.MathExpression(
                expression="IF(FILL(wanted, 0) > 0 AND FILL(up, 0) < 1, 1, 0)",
                using_metrics={"wanted": wanted, "up": up},
                period=period,
                label="should be there, and is not",
            ),
            threshold=1,
            evaluation_periods=PERIODS,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(topic(self, "Topic", email)))
