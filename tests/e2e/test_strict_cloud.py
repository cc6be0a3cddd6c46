"""The local cloud refuses what AWS would: without that, these tests would prove little about permissions."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from local.cloud.access import AwsAccess
from local.cloud.running import RunningCloud
from tests.e2e.world import World


@pytest.fixture
def stranger(world: World) -> Iterator[RunningCloud]:
    """The same cloud, seen by an IAM user who may do nothing."""
    running = world.running
    iam, name = running.client("iam"), f"stranger-{uuid4()}"
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    yield _as(running, key["AccessKeyId"], key["SecretAccessKey"])
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


def test_nobody_may_do_what_no_policy_allows(stranger: RunningCloud) -> None:
    attempts: dict[str, Callable[[Any], object]] = {
        "dynamodb": lambda client: client.scan(TableName=stranger.table),
        "s3": lambda client: client.list_objects_v2(Bucket=stranger.bucket),
        "secretsmanager": lambda client: client.get_secret_value(SecretId="veil-local/replicate-token"),
    }
    for service, attempt in attempts.items():
        with pytest.raises(ClientError, match="AccessDenied"):
            attempt(stranger.client(service))


def test_a_wrong_signature_is_refused(stranger: RunningCloud) -> None:
    forged = _as(stranger, stranger.aws.access_key_id, "wrong")
    with pytest.raises(ClientError, match=r"InvalidSignature|SignatureDoesNotMatch"):
        forged.client("dynamodb").scan(TableName=forged.table)


def _as(running: RunningCloud, key_id: str, secret: str) -> RunningCloud:
    access: AwsAccess = running.aws.model_copy(update={"access_key_id": key_id, "secret_access_key": secret})
    return running.model_copy(update={"aws": access})
