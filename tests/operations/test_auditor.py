"""Whose eyes the audit looks at objects with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.simulated.environment import BUCKET, REGION, TABLE
from operations.access import Access
from operations.auditor import bucket_of
from operations.stage import Stage

ROLE = "arn:aws:iam::123456789012:role/veil-dev-AuditorRole"


class Sts:
    """Gives out a role for an hour, anew each time."""

    meta = SimpleNamespace(region_name=REGION)

    def __init__(self, lasts: timedelta) -> None:
        self.asked: list[dict[str, str]] = []
        self._lasts = lasts

    def assume_role(self, **asked: str) -> Any:
        self.asked.append(asked)
        number = len(self.asked)
        given = {"AccessKeyId": f"ASIA{number}", "SecretAccessKey": "secret", "SessionToken": f"token {number}"}
        return {"Credentials": {**given, "Expiration": datetime.now(UTC) + self._lasts}}


@pytest.fixture(autouse=True)
def bucket() -> Iterator[None]:
    with mock_aws():
        boto3.client("s3", region_name=REGION).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        yield


def stage(sts: Sts) -> Stage:
    own = boto3.client("s3", region_name=REGION)
    return Stage({"sts": sts, "s3": own}.__getitem__, TABLE, BUCKET, {}, "https://api.test", Access(), ROLE)


def looked(client: Any) -> str:
    """The access key that a look at the bucket is signed with."""
    signed: list[str] = []
    client.meta.events.register("before-send.s3", lambda request, **_: signed.append(request.headers["authorization"]))
    client.list_objects_v2(Bucket=BUCKET)
    return str(signed[0])


def test_the_auditors_role_is_taken_on() -> None:
    sts = Sts(timedelta(hours=1))
    client = bucket_of(stage(sts))
    for _ in range(2):
        assert "Credential=ASIA1/" in looked(client)
    assert sts.asked == [{"RoleArn": ROLE, "RoleSessionName": "audit"}]


def test_it_is_taken_on_anew_before_it_ends() -> None:
    sts = Sts(timedelta(minutes=1))
    client = bucket_of(stage(sts))
    assert "Credential=ASIA2/" in looked(client)


def test_where_there_is_none_the_stages_own_client_looks() -> None:
    plain = replace(stage(Sts(timedelta(hours=1))), auditor=None)
    assert bucket_of(plain) is plain.client("s3")
