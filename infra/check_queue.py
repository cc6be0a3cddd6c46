"""From an arrived upload to its check: a queue, and a redrive queue behind it."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.bucket import Bucket
from infra.sizes import MAX_RECEIVES, VISIBILITY_SECONDS


class CheckQueue(Construct):
    """Uploads under ``incoming/`` reach a function through ``queue``; what fails ten times waits in ``redrive`` for a
    person.
    """

    def __init__(self, scope: Construct, name: str, *, bucket: Bucket) -> None:
        super().__init__(scope, name)
        self.redrive = sqs.Queue(
            self,
            "Redrive",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(14),
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            retention_period=Duration.days(1),  # as long as the upload itself is kept
            visibility_timeout=Duration.seconds(VISIBILITY_SECONDS),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.redrive, max_receive_count=MAX_RECEIVES),
        )
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
        """Let ``function`` take messages, at most ``concurrency`` batches at once: the face service's quota."""
        function.add_event_source(
            sources.SqsEventSource(
                self.queue, batch_size=1, max_concurrency=concurrency, report_batch_item_failures=True
            )
        )
