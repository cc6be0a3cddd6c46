"""The poll, from its queue: what a message stands for, and what comes of it."""

from collections.abc import Callable
from types import ModuleType

import boto3
import pytest

from local.simulated.environment import POLL_QUEUE_URL
from local.simulated.functions import message_event
from tests.support.callbacks import Callbacks
from tests.support.functions import Call, Ready
from veil.adapters.aws.sqs import SqsPollQueue
from veil.domain.ports import AttemptRef

REF = AttemptRef("user|nobody", "01J00000000000000000000000", 2, 3)


def received(ref: AttemptRef) -> str:
    """The body of the message that is sent for an attempt."""
    SqsPollQueue(POLL_QUEUE_URL).send([ref], 0)
    sqs = boto3.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=POLL_QUEUE_URL)["Messages"]
    sqs.delete_message(QueueUrl=POLL_QUEUE_URL, ReceiptHandle=message["ReceiptHandle"])
    body: str = message["Body"]
    return body


def test_a_message_waits_as_long_as_it_is_told(functions: dict[str, ModuleType]) -> None:
    SqsPollQueue(POLL_QUEUE_URL).send([REF], 600)
    waiting = boto3.client("sqs").get_queue_attributes(
        QueueUrl=POLL_QUEUE_URL, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert waiting["Attributes"] == {"ApproximateNumberOfMessagesDelayed": "1"}
    boto3.client("sqs").purge_queue(QueueUrl=POLL_QUEUE_URL)


def test_nothing_comes_of_an_attempt_at_what_is_not_there(functions: dict[str, ModuleType]) -> None:
    functions["poll"].handler(message_event(received(REF), 1, POLL_QUEUE_URL), None)


def test_a_message_that_is_none_comes_again_until_a_person_looks(functions: dict[str, ModuleType]) -> None:
    with pytest.raises(KeyError, match="generation_id"):
        functions["poll"].handler(message_event('{"user": "ada"}', 1, POLL_QUEUE_URL), None)


def test_what_has_ended_is_settled_and_begun_anew(
    functions: dict[str, ModuleType], call: Call, ready: Ready, user: str, callbacks: Callable[[str], Callbacks]
) -> None:
    """Whoever runs it: here Replicate, which was asked to stop."""
    generation_id = call("generations", "POST", "/generations", ready.body).json["id"]
    poll = functions["poll"].bootstrap
    poll.providers["replicate"].cancel(callbacks(generation_id).ids[2])
    body = received(AttemptRef(user, generation_id, 2, 1))
    for _ in range(2):  # the second time, another attempt has followed
        functions["poll"].handler(message_event(body, 1, POLL_QUEUE_URL), None)
    images = poll.generations.get(user, generation_id).images
    assert [(image.attempt, image.status) for image in images] == [
        (1, "running"),
        (1, "running"),
        (2, "running"),
        (1, "running"),
    ]
