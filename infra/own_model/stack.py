"""The stack of a GPU of one's own: apart from the stage's, no deployment of which waits for it."""

from aws_cdk import CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.bundling import ROOT
from infra.own_model.front import Front
from infra.own_model.machine_group import Hours, Machine
from infra.own_model.network import PORT, Network

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
        alarm_email: str | None,
        log_retention: logs.RetentionDays,
        runbooks_url: str,
    ) -> None:
        """``hours``: when the machine is there; None: always."""
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
            "TOKEN_SECRET": f"veil-{stage}/comfy-token",
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
        self._alarm(stage, machine, alarm_email, runbooks_url)
        CfnOutput(self, "ComfyUrl", value=front.url, description="comfy_url of the stage's file")

    def _alarm(self, stage: str, machine: Machine, email: str | None, runbooks_url: str) -> None:
        """It rings where there should be a machine and none answers; at night there should be none."""
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        if email is not None:
            topic.add_subscription(subscriptions.EmailSubscription(email))
        period = Duration.minutes(PERIOD_MINUTES)
        up = cloudwatch.Metric(
            namespace="Veil", metric_name="OwnModelUp", dimensions_map={"stage": stage}, statistic="Sum", period=period
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
        alarm.add_alarm_action(actions.SnsAction(topic))
