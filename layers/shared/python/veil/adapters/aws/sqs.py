"""The queues: when what failed is tried again, what is handed to the charger, the eraser and `notify`, the events that
are to be posted, and the attempts that are to be looked at.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from botocore.config import Config

from veil.adapters.aws.client import aws_errors, client
from veil.domain.event_ports import Deliveries
from veil.domain.events import Event
from veil.domain.ports import AttemptRef, PollQueue, StorageUnavailable, WorkItem, WorkKind, WorkQueue

FIRST_SECONDS = 15
LONGEST_SECONDS = 900
# A person waits for a start, and the sweep asks all the same: its messages are given up after two tries, 6 s at most.
PATIENCE = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
LONGEST_DELIVERY_SECONDS = 3600  # of an event's delivery: a server may be down for hours
DELIVERY = "delivery"  # the kind of such a message: no work item has it


def postpone_in(queue_url: str, *, longest: int = LONGEST_SECONDS) -> Callable[[str, int], None]:
    """A function that lets a message (receipt handle, how often it was received) come again after 15 s, doubling up
    to the ``longest``, 15 minutes: soon for a moment's trouble, and for more than an hour in all.
    """

    def postpone(receipt_handle: str, receives: int) -> None:
        seconds = wait_after(receives, longest)
        with aws_errors():
            client("sqs").change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
            )

    return postpone


def wait_after(receives: int, longest: int) -> int:
    """Seconds until a message comes again that was received so often."""
    return min(longest, FIRST_SECONDS << (receives - 1))


class SqsWorkQueue(WorkQueue):
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def send(self, item: WorkItem) -> None:
        _send(self._url, asdict(item))


def work_item(body: Mapping[str, Any]) -> WorkItem:
    """What a message of such a queue stands for."""
    return WorkItem(WorkKind(body["kind"]), str(body["user"]), str(body["id"]), float(body["due_at"]))


class SqsDeliveries(Deliveries):
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def send(self, event: Event) -> None:
        _send(self._url, {"kind": DELIVERY, "event": event.detail})


def _send(queue_url: str, body: Mapping[str, Any]) -> None:
    with aws_errors():
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps(body))


class SqsPollQueue(PollQueue):
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def send(self, refs: Sequence[AttemptRef], seconds: int) -> None:
        entries = [
            {"Id": str(number), "MessageBody": json.dumps(asdict(ref)), "DelaySeconds": seconds}
            for number, ref in enumerate(refs)
        ]
        if not entries:  # which SQS refuses
            return
        with aws_errors():
            answer = client("sqs", PATIENCE).send_message_batch(QueueUrl=self._url, Entries=entries)
        if failed := answer.get("Failed"):
            raise StorageUnavailable(f"{len(failed)} of {len(entries)} not taken: {failed[0]['Code']}")


def attempt_ref(body: Mapping[str, Any]) -> AttemptRef:
    """What a message of that queue stands for."""
    return AttemptRef(str(body["user"]), str(body["generation_id"]), int(body["index"]), int(body["attempt"]))
