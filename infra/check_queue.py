"""The queue between an uploaded photo and its check, and a redrive queue behind it."""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.bucket import Bucket
from infra.queues import queue_and_redrive
from infra.times import MAX_RECEIVES, VISIBILITY_SECONDS


class CheckQueue(Construct):
    """Each object under ``incoming/`` is a message in the queue; one that fails every try waits in ``redrive`` for a
    person.
    """

    def __init__(self, scope: Construct, name: str, *, bucket: Bucket) -> None:
        super().__init__(scope, name)
        self.queue, self.redrive = queue_and_redrive(self, visibility_seconds=VISIBILITY_SECONDS, receives=MAX_RECEIVES)
        self.url = self.queue.queue_url
        self.queue.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                resources=[self.queue.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": bucket.arn},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            )
        )
        bucket.notify(self.queue, self.queue.node.find_child("Policy"), prefix="incoming")

    def connect(self, function: lambda_.Function, *, concurrency: int) -> None:
        """Let ``function`` take the messages, ``concurrency`` at a time at the most: the face service has a quota."""
        function.add_event_source(
            sources.SqsEventSource(
                self.queue, batch_size=1, max_concurrency=concurrency, report_batch_item_failures=True
            )
        )
