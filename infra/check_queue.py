"""The queue between an uploaded photo and its check, and a redrive queue behind it."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bucket import Bucket
from infra.times import MAX_RECEIVES, QUEUE_RETENTION_DAYS, REDRIVE_RETENTION_DAYS, VISIBILITY_SECONDS


class CheckQueue(Construct):
    """Each object under ``incoming/`` is a message in the queue; one that fails every try waits in ``redrive`` for a
    person.
    """

    def __init__(self, scope: Construct, name: str, *, bucket: Bucket) -> None:
        super().__init__(scope, name)
        self.redrive = sqs.Queue(
            self,
            "Redrive",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(REDRIVE_RETENTION_DAYS),
        )
        self._queue = sqs.Queue(
            self,
            "Queue",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(QUEUE_RETENTION_DAYS),
            visibility_timeout=Duration.seconds(VISIBILITY_SECONDS),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.redrive, max_receive_count=MAX_RECEIVES),
        )
        self.url = self._queue.queue_url
        self._queue.add_to_resource_policy(
            iam.PolicyStatement(
                actions=["sqs:SendMessage"],
                principals=[iam.ServicePrincipal("s3.amazonaws.com")],
                resources=[self._queue.queue_arn],
                conditions={
                    "ArnEquals": {"aws:SourceArn": bucket.arn},
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                },
            )
        )
        bucket.notify(self._queue, self._queue.node.find_child("Policy"), prefix="incoming")

    def connect(self, function: lambda_.Function, *, concurrency: int) -> None:
        """Let ``function`` take the messages, ``concurrency`` at a time at the most: the face service has a quota."""
        function.add_event_source(
            sources.SqsEventSource(
                self._queue, batch_size=1, max_concurrency=concurrency, report_batch_item_failures=True
            )
        )
