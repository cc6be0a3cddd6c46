"""The queue in front of the eraser, and a redrive queue behind it."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.queues import queue_and_redrive
from infra.times import ERASER_RECEIVES, ERASER_VISIBILITY_SECONDS

ERASERS = 2  # at once: as few as Lambda allows


class EraserQueue(Construct):
    """Each message is one person who has left. One that fails every try waits in ``redrive`` for a person; its work
    comes again all the same, by the work list.
    """

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.queue, self.redrive = queue_and_redrive(
            self, visibility_seconds=ERASER_VISIBILITY_SECONDS, receives=ERASER_RECEIVES
        )
        self.url, self.arn = self.queue.queue_url, self.queue.queue_arn

    def connect(self, function: lambda_.Function) -> None:
        """Let ``function`` take the messages."""
        function.add_event_source(sources.SqsEventSource(self.queue, batch_size=1, max_concurrency=ERASERS))
