"""The queue in front of the charger, a redrive queue behind it, and the key that billing keys are sealed with."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.queues import queue_and_redrive
from infra.times import MONEY_RECEIVES, MONEY_VISIBILITY_SECONDS

CHARGERS = 5  # at once: Toss answers 429 to who asks too much


class MoneyQueue(Construct):
    """Each message is one piece of work that is due. One that fails every try waits in ``redrive`` for a person; its
    work comes again all the same, by the work list.
    """

    def __init__(self, scope: Construct, name: str, *, removal: RemovalPolicy) -> None:
        super().__init__(scope, name)
        self.queue, self.redrive = queue_and_redrive(
            self, visibility_seconds=MONEY_VISIBILITY_SECONDS, receives=MONEY_RECEIVES
        )
        self._key = kms.Key(
            self,
            "Key",
            description="Seals the billing keys of Veil's customers",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        self.url, self.arn, self.key_arn = self.queue.queue_url, self.queue.queue_arn, self._key.key_arn

    def connect(self, function: lambda_.Function) -> None:
        """Let ``function`` take the messages."""
        function.add_event_source(sources.SqsEventSource(self.queue, batch_size=1, max_concurrency=CHARGERS))
