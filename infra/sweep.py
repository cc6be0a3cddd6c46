"""The sweep: every minute, whatever happens."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct


class Sweep(Construct):
    """Calls ``function`` every minute; one that was missed is not repeated, since the next one does its work."""

    def __init__(self, scope: Construct, name: str, *, stage: str, function: lambda_.Function) -> None:
        super().__init__(scope, name)
        function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(1))
        events.Rule(
            self,
            "Rule",
            rule_name=f"veil-{stage}-sweep",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[targets.LambdaFunction(function, retry_attempts=0, max_event_age=Duration.minutes(1))],
        )
