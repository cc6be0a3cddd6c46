"""The queue in which attempts wait until their provider is asked, and a redrive queue behind it."""

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.queues import queue_and_redrive
from infra.times import POLL_RECEIVES, POLL_VISIBILITY_SECONDS

POLLS = 5  # at once: each is a second's work, and one GPU makes an image in eight


class PollQueue(Construct):
    """Each message is one attempt at one image. One that fails every try waits in ``redrive`` for a person; its image
    is looked at all the same, by the work list.
    """

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.queue, self.redrive = queue_and_redrive(
            self, visibility_seconds=POLL_VISIBILITY_SECONDS, receives=POLL_RECEIVES
        )
        self.url, self.arn = self.queue.queue_url, self.queue.queue_arn

    def connect(self, function: lambda_.Function) -> None:
        """Let ``function`` take the messages."""
        function.add_event_source(sources.SqsEventSource(self.queue, batch_size=1, max_concurrency=POLLS))
