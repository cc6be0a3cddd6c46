"""A queue in front of a function, and a redrive queue behind it: messages that fail every try wait there."""

from typing import NamedTuple

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.times import (
    CHARGERS,
    ERASER_RECEIVES,
    ERASER_VISIBILITY_SECONDS,
    ERASERS,
    MONEY_RECEIVES,
    MONEY_VISIBILITY_SECONDS,
    POLL_RECEIVES,
    POLL_VISIBILITY_SECONDS,
    POLLS,
    QUEUE_RETENTION_DAYS,
    REDRIVE_RETENTION_DAYS,
)


class Work(NamedTuple):
    """How one kind of work is taken on: when a message that failed is seen again, how often it is received in all, and
    how many are worked at, at the most.
    """

    visibility_seconds: int
    receives: int
    at_once: int


MONEY = Work(MONEY_VISIBILITY_SECONDS, MONEY_RECEIVES, CHARGERS)
ERASER = Work(ERASER_VISIBILITY_SECONDS, ERASER_RECEIVES, ERASERS)
POLL = Work(POLL_VISIBILITY_SECONDS, POLL_RECEIVES, POLLS)


class WorkQueue(Construct):
    """Each message is one piece of work. One that fails every try waits in ``redrive`` for a person; its work comes
    again all the same, by the work list.
    """

    def __init__(self, scope: Construct, name: str, kind: Work) -> None:
        super().__init__(scope, name)
        self.queue, self.redrive = queue_and_redrive(
            self, visibility_seconds=kind.visibility_seconds, receives=kind.receives
        )
        self.url, self.arn = self.queue.queue_url, self.queue.queue_arn
        self._at_once = kind.at_once

    def connect(self, function: lambda_.Function) -> None:
        """Let ``function`` take the messages."""
        function.add_event_source(sources.SqsEventSource(self.queue, batch_size=1, max_concurrency=self._at_once))


def queue_and_redrive(scope: Construct, *, visibility_seconds: int, receives: int) -> tuple[sqs.Queue, sqs.Queue]:
    """Both, encrypted and by TLS alone. A message that fails is seen again after ``visibility_seconds``, and so often
    received in all.
    """
    redrive = _queue(scope, "Redrive", retention_period=Duration.days(REDRIVE_RETENTION_DAYS))
    return queue_before(scope, "Queue", redrive, visibility_seconds=visibility_seconds, receives=receives), redrive


def queue_before(
    scope: Construct, name: str, redrive: sqs.Queue, *, visibility_seconds: int, receives: int,
    retention_days: int = QUEUE_RETENTION_DAYS,
) -> sqs.Queue:  # fmt: skip
    """A queue before a redrive queue, which several may share."""
    return _queue(
        scope,
        name,
        retention_period=Duration.days(retention_days),
        visibility_timeout=Duration.seconds(visibility_seconds),
        dead_letter_queue=sqs.DeadLetterQueue(queue=redrive, max_receive_count=receives),
    )


def _queue(scope: Construct, name: str, **properties: object) -> sqs.Queue:
    encryption = sqs.QueueEncryption.SQS_MANAGED
    return sqs.Queue(scope, name, enforce_ssl=True, encryption=encryption, **properties)  # type: ignore[arg-type]
