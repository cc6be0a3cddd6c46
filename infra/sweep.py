"""The schedule of the sweep."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.times import SWEEP_PERIOD_MINUTES

PERIOD = Duration.minutes(SWEEP_PERIOD_MINUTES)


class Sweep(Construct):
    """Calls ``function`` every minute. A missed call is not repeated: the next one does its work."""

    def __init__(self, scope: Construct, name: str, *, stage: str, function: lambda_.Function) -> None:
        super().__init__(scope, name)
        function.configure_async_invoke(retry_attempts=0, max_event_age=PERIOD)
        events.Rule(
            self,
            "Rule",
            rule_name=f"veil-{stage}-sweep",
            schedule=events.Schedule.rate(PERIOD),
            targets=[targets.LambdaFunction(function, retry_attempts=0, max_event_age=PERIOD)],
        )
