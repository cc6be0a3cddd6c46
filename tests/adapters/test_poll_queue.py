"""The queue of the poll: one request for all attempts of a start, and a person who waits no longer than for that."""

import json
from collections.abc import Iterator

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from tests.contract.answers import Answers, dynamo
from tests.contract.backends import aws_environment
from veil.adapters.aws import client as aws
from veil.adapters.aws.sqs import PATIENCE, SqsPollQueue, attempt_ref
from veil.domain.ports import AttemptRef, StorageUnavailable

REFS = [AttemptRef("user|ada", "01J00000000000000000000000", index, 1) for index in range(8)]


@pytest.fixture(autouse=True)
def on_moto() -> Iterator[None]:
    with mock_aws(), aws_environment():
        yield


@pytest.fixture
def url() -> str:
    made: str = boto3.client("sqs").create_queue(QueueName="polls")["QueueUrl"]
    return made


def test_all_attempts_of_a_start_come_out_as_they_went_in(url: str) -> None:
    SqsPollQueue(url).send(REFS, 0)
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [attempt_ref(json.loads(message["Body"])) for message in found] == REFS


def test_nothing_is_sent_where_nothing_is_to_be_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers.to(aws.client("sqs", PATIENCE), monkeypatch)
    SqsPollQueue(url).send([], 6)
    assert answers.requests == []


def test_one_that_was_not_taken_is_as_if_none_was(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS says so in an answer of 200."""
    failed = {"Id": "1", "Code": "InternalError", "SenderFault": False}
    taken = [{"Id": "0", "MessageId": "m"}]
    answers = Answers.to(aws.client("sqs", PATIENCE), monkeypatch, dynamo({"Successful": taken, "Failed": [failed]}))
    with pytest.raises(StorageUnavailable, match="InternalError"):
        SqsPollQueue(url).send(REFS[:2], 6)
    assert [entry["DelaySeconds"] for entry in answers.requests[0]["Entries"]] == [6, 6]


def test_a_queue_that_hangs_is_given_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tries for all of them: `tests/infra/test_deadlines.py` says how long these may take."""
    answers = Answers.to(aws.client("sqs", PATIENCE), monkeypatch, ReadTimeoutError(endpoint_url=url))
    with pytest.raises(StorageUnavailable):
        SqsPollQueue(url).send(REFS[:4], 6)
    assert len(answers.requests) == 2
