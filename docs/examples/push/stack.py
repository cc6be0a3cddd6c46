"""A stack of the team's own beside Veil's: the devices, the two functions of `push.py`, and the rule on Veil's bus."""

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

TYPES = ["generation.finished", "account.erased"]


class PushStack(Stack):
    """``bus_name`` is the output `EventBusName` of Veil's stack. ``applications`` are the ARNs of SNS's platform
    applications by their variable: ANDROID_APPLICATION, IOS_APPLICATION.

    `register` has no address here: give it a route behind the same sign-in as Veil's.
    """

    def __init__(self, scope: Construct, name: str, *, bus_name: str, applications: Mapping[str, str]) -> None:
        super().__init__(scope, name)
        self._devices = dynamodb.TableV2(
            self,
            "Devices",
            partition_key=dynamodb.Attribute(name="device", type=dynamodb.AttributeType.STRING),
            global_secondary_indexes=[
                dynamodb.GlobalSecondaryIndexPropsV2(
                    index_name="users",
                    partition_key=dynamodb.Attribute(name="user_id", type=dynamodb.AttributeType.STRING),
                )
            ],
        )
        self._applications = dict(applications)
        # Events that EventBridge could not hand over, and those that failed three times in the function.
        self._lost = sqs.Queue(self, "Lost", enforce_ssl=True, retention_period=Duration.days(14))
        self.register = self._function(
            "register", ("CreatePlatformEndpoint", "SetEndpointAttributes", "DeleteEndpoint"), seconds=20
        )
        notify = self._function("notify", ("Publish", "DeleteEndpoint"), seconds=60)
        events.Rule(
            self,
            "Ended",
            event_bus=events.EventBus.from_event_bus_name(self, "Bus", bus_name),
            event_pattern=events.EventPattern(source=["veil"], detail_type=TYPES),
            targets=[targets.LambdaFunction(notify, dead_letter_queue=self._lost)],
        )

    def _function(self, handler: str, actions: tuple[str, ...], *, seconds: int) -> lambda_.Function:
        function = lambda_.Function(
            self,
            handler.title(),
            runtime=lambda_.Runtime.PYTHON_3_13,
            code=lambda_.Code.from_asset(str(Path(__file__).parent), exclude=["stack.py", "__pycache__"]),
            handler=f"push.{handler}",
            timeout=Duration.seconds(seconds),
            dead_letter_queue=self._lost,
            environment={"DEVICES_TABLE": self._devices.table_name, **self._applications},
        )
        self._devices.grant_read_write_data(function)
        endpoints = [arn.replace(":app/", ":endpoint/") + "/*" for arn in self._applications.values()]
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=[f"sns:{action}" for action in actions], resources=[*self._applications.values(), *endpoints]
            )
        )
        return function
