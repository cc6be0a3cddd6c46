"""What S3 does under load, and what it says when two writers meet."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.contract.answers import Answer, Answers, Reply, s3_error
from tests.contract.backends import aws_environment
from tests.fakes.replicate import describe
from veil.adapters.aws import client as aws
from veil.adapters.aws.s3 import S3Photos
from veil.domain.ports import StorageUnavailable

OUTPUT = describe(b"a portrait")
CALLS: dict[str, Callable[[S3Photos], Any]] = {
    "read": lambda photos: photos.read("key"),
    "write once": lambda photos: photos.write_once("key", b"a portrait", OUTPUT),
    "delete": lambda photos: photos.delete(["key"]),
}
LOAD = [
    s3_error("SlowDown", 503),
    s3_error("InternalError", 500),
    ReadTimeoutError(endpoint_url="https://s3.test"),
    ConnectTimeoutError(endpoint_url="https://s3.test"),
]
type Answering = Callable[..., Answers]


@pytest.fixture
def photos() -> Iterator[S3Photos]:
    with aws_environment():
        yield S3Photos(lambda: aws.client("s3"), lambda: None, "bucket", may_list=True)


@pytest.fixture
def answering(photos: S3Photos, monkeypatch: pytest.MonkeyPatch) -> Answering:
    return lambda *answers: Answers.to(aws.client("s3"), monkeypatch, *answers)


@pytest.mark.parametrize("answer", LOAD, ids=lambda answer: type(answer).__name__)
@pytest.mark.parametrize("call", list(CALLS))
def test_trouble_that_stays_is_storage_unavailable(
    photos: S3Photos, answering: Answering, call: str, answer: Answer
) -> None:
    answers = answering(answer)
    with pytest.raises(StorageUnavailable):
        CALLS[call](photos)
    assert len(answers.requests) == 3


@pytest.mark.parametrize("call", list(CALLS))
def test_a_missing_permission_is_told_at_once(photos: S3Photos, answering: Answering, call: str) -> None:
    answers = answering(s3_error("AccessDenied", 403))
    with pytest.raises(ClientError):
        CALLS[call](photos)
    assert len(answers.requests) == 1


def test_to_who_may_not_list_what_is_gone_is_forbidden(answering: Answering) -> None:
    """By AWS: nothing tells it from a right that is missing."""
    answering(s3_error("AccessDenied", 403), s3_error("InvalidAccessKeyId", 403))
    photos = S3Photos(lambda: aws.client("s3"), lambda: None, "bucket")
    assert photos.read("key") is None
    with pytest.raises(ClientError):
        photos.read("key")


def test_another_put_under_way_is_no_answer_yet(photos: S3Photos, answering: Answering) -> None:
    answering(s3_error("ConditionalRequestConflict", 409))
    with pytest.raises(StorageUnavailable):
        photos.write_once("key", b"a portrait", OUTPUT)


def test_what_could_not_be_deleted_is_told(photos: S3Photos, answering: Answering) -> None:
    failed = "<Error><Key>b</Key><Code>InternalError</Code><Message>We failed</Message></Error>"
    answering(Reply(200, f"<DeleteResult>{failed}</DeleteResult>"))
    with pytest.raises(StorageUnavailable):
        photos.delete(["a", "b"])
