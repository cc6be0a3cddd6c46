"""The queues: when a check that failed is tried again, what is handed to the charger and the eraser, and the attempts
that are to be looked at.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from veil.adapters.aws.client import aws_errors, client
from veil.domain.payment_ports import MoneyQueue
from veil.domain.ports import AttemptRef, PollQueue, WorkItem, WorkKind, WorkQueue

FIRST_SECONDS = 15
LONGEST_SECONDS = 900


def postpone_in(queue_url: str) -> Callable[[str, int], None]:
    """A function that lets a message (receipt handle, how often it was received) come again after 15 s, doubling up
    to 15 minutes: soon for a moment's trouble, and for more than an hour in all.
    """

    def postpone(receipt_handle: str, receives: int) -> None:
        seconds = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (receives - 1))
        with aws_errors():
            client("sqs").change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )

    return postpone


class SqsWorkQueue(WorkQueue):
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def send(self, item: WorkItem) -> None:
        with aws_errors():
            client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps(asdict(item)))


class SqsMoneyQueue(SqsWorkQueue, MoneyQueue):
    """The charger's."""


def work_item(body: Mapping[str, Any]) -> WorkItem:
    """What a message of such a queue stands for."""
    return WorkItem(WorkKind(body["kind"]), str(body["user"]), str(body["id"]), float(body["due_at"]))


class SqsPollQueue(PollQueue):
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def send(self, ref: AttemptRef, seconds: int) -> None:
        with aws_errors():
            client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps(asdict(ref)), DelaySeconds=seconds)


def attempt_ref(body: Mapping[str, Any]) -> AttemptRef:
    """What a message of that queue stands for."""
    return AttemptRef(str(body["user"]), str(body["generation_id"]), int(body["index"]), int(body["attempt"]))
