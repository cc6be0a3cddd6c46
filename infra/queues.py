"""A queue in front of a function, and a redrive queue behind it: messages that fail every try wait there."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.times import QUEUE_RETENTION_DAYS, REDRIVE_RETENTION_DAYS


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
