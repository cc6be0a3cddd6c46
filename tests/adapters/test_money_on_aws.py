"""What money needs of AWS beside the table: sealing for one user, and the charger's queue."""

import json
from base64 import b64decode
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from tests.contract.answers import Answers
from tests.contract.backends import aws_environment
from veil.adapters.aws import client as aws
from veil.adapters.aws.kms import KmsSealer
from veil.adapters.aws.sqs import SqsWorkQueue, work_item
from veil.domain.ports import StorageUnavailable, WorkItem, WorkKind

ADA, BOB = "auth0|ada#ü/+", "auth0|bob"
SILENCE = ReadTimeoutError(endpoint_url="https://aws.test")


@pytest.fixture(autouse=True)
def on_moto() -> Iterator[None]:
    with mock_aws(), aws_environment():
        yield


@pytest.fixture
def sealer() -> KmsSealer:
    return KmsSealer(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


@pytest.fixture
def queue_url() -> str:
    url: str = aws.client("sqs").create_queue(QueueName="money")["QueueUrl"]
    return url


@pytest.mark.parametrize("text", ["bk_Zm9vYmFy+/=", "키" * 100])
def test_what_is_sealed_opens_again(sealer: KmsSealer, text: str) -> None:
    sealed = sealer.seal(ADA, text)
    assert text not in sealed
    assert text.encode() not in b64decode(sealed)
    assert sealer.unseal(ADA, sealed) == text


def test_what_is_sealed_for_one_opens_for_no_other(sealer: KmsSealer) -> None:
    sealed = sealer.seal(ADA, "bk_secret")
    for other in (BOB, ADA.upper(), f"{ADA} ", "x"):
        with pytest.raises(ClientError) as error:
            sealer.unseal(other, sealed)
        assert error.value.response["Error"]["Code"] == "InvalidCiphertextException"


def test_it_is_bound_to_the_user_whose_name_is_told_to_nobody(
    sealer: KmsSealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The context stands in the clear in AWS's own logs."""
    answers = Answers.to(aws.client("kms"), monkeypatch, SILENCE)
    with pytest.raises(StorageUnavailable):
        sealer.seal(ADA, "bk_secret")
    (context,) = {json.dumps(request["EncryptionContext"]) for request in answers.requests}
    assert "ada" not in context
    assert json.loads(context)["user"]


def test_a_key_service_that_is_silent_is_storage_unavailable(
    sealer: KmsSealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealer.seal(ADA, "bk_secret")
    Answers.to(aws.client("kms"), monkeypatch, SILENCE)
    with pytest.raises(StorageUnavailable):
        sealer.unseal(ADA, sealed)


@pytest.mark.parametrize("kind", [WorkKind.ORDER, WorkKind.REFUND, WorkKind.SUBSCRIPTION, WorkKind.CREDITS])
@pytest.mark.parametrize("due_at", [4_102_444_800.0, 4_102_444_810.123])
def test_work_comes_out_of_the_queue_as_it_went_in(queue_url: str, kind: WorkKind, due_at: float) -> None:
    """To the millisecond, or the table would not have it for what is due."""
    item = WorkItem(kind, ADA, "01JD8QK2Z0" if kind is WorkKind.ORDER else "", due_at)
    SqsWorkQueue(queue_url).send(item)
    (message,) = aws.client("sqs").receive_message(QueueUrl=queue_url)["Messages"]
    assert work_item(json.loads(message["Body"])) == item


def test_a_queue_that_is_silent_is_storage_unavailable(queue_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Answers.to(aws.client("sqs"), monkeypatch, SILENCE)
    with pytest.raises(StorageUnavailable):
        SqsWorkQueue(queue_url).send(WorkItem(WorkKind.ORDER, ADA, "01", 1.5))


@pytest.mark.parametrize("body", [{}, {"kind": "order"}, {"kind": "none", "user": "a", "id": "", "due_at": 1}])
def test_a_message_that_is_no_work_is_refused(body: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        work_item(body)
