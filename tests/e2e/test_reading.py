"""Who may only look: audit and status of the deployed cloud, with the rights of `infra.reading` and no others."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from time import time
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from infra.reading import reading
from local.cloud.options import STAGE
from local.cloud.running import RunningCloud
from operations.account import Account
from operations.audit.report import audit_of
from operations.client import VeilClient
from operations.look.find import owner
from operations.look.generation import look_at
from operations.look.logs import lines_of
from operations.look.status import status_of
from operations.stage import Stage
from operations.user_hash import hash_in_logs
from tests.e2e.world import World, until
from veil.adapters.aws.client import CONFIG
from veil.adapters.dynamodb.items import partition


@pytest.fixture
def reader(world: World) -> Iterator[RunningCloud]:
    """The same cloud, seen by an IAM user who has the reading role's rights."""
    iam, name = world.running.client("iam"), f"reader-{uuid4()}"
    policy = {"Version": "2012-10-17", "Statement": reading(STAGE)}
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="reading", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    given = {"access_key_id": key["AccessKeyId"], "secret_access_key": key["SecretAccessKey"]}
    yield world.running.model_copy(update={"aws": world.running.aws.model_copy(update=given)})
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=name, PolicyName="reading")
    iam.delete_user(UserName=name)


@pytest.fixture
def seen(reader: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """As `python -m operations` has it: from the stack's outputs, with the auditor's role for objects, whose client is
    made of the environment.
    """
    for name, value in reader.aws.environment.items():
        monkeypatch.setenv(name, value)
    return Stage.deployed(STAGE, Account(reader.aws.region, partial(reader.client, config=CONFIG)))


def test_the_audit_and_the_status_need_no_other_rights(seen: Stage, ready: str, alice: VeilClient) -> None:
    """The objects, too: the auditor's role looks at them. All users are found; of those of other tests, whose work was
    ended in the middle, each with a finding would be looked at three times.
    """
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    assert done["status"] == "completed"
    auditing = audit_of(seen)
    assert alice.sub in set(auditing.records.users())
    verdict = auditing.of(alice.sub)
    assert verdict.findings == ()
    assert [one.id for one in verdict.holdings.generations] == [done["id"]]
    status = status_of(seen, time)
    assert status.stage == STAGE
    assert len(status.queues) >= 6
    assert {function.name for function in status.functions} == set(seen.functions)
    assert status.last_sweep is not None
    assert abs(time() - status.last_sweep) < 600


def test_they_change_and_open_nothing(reader: RunningCloud, seen: Stage) -> None:
    dynamodb, s3 = reader.client("dynamodb"), reader.client("s3")
    key = {"pk": {"S": partition("nobody")}, "sk": {"S": "CREDITS"}}
    attempts: list[Callable[[], Any]] = [
        lambda: dynamodb.put_item(TableName=seen.table, Item=key),
        lambda: dynamodb.update_item(TableName=seen.table, Key=key, UpdateExpression="SET x = pk"),
        lambda: dynamodb.delete_item(TableName=seen.table, Key=key),
        lambda: s3.get_object(Bucket=seen.bucket, Key="results/none"),
        lambda: s3.put_object(Bucket=seen.bucket, Key="results/none", Body=b""),
        lambda: s3.delete_object(Bucket=seen.bucket, Key="results/none"),
        lambda: reader.client("secretsmanager").get_secret_value(SecretId=f"veil-{STAGE}/user-hash-key"),
        lambda: reader.client("lambda").invoke(FunctionName=seen.functions["sweeper"]),
        lambda: reader.client("cloudformation").delete_stack(StackName="veil-other"),
        lambda: hash_in_logs(seen, "ada"),
    ]
    for attempt in attempts:
        with pytest.raises(ClientError, match="AccessDenied"):
            attempt()


def test_a_generation_and_its_lines(running: RunningCloud, alice: VeilClient, ready: str) -> None:
    """By whoever may read the logs and the key of the hashes."""
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    stage = running.stage
    assert owner(stage, done["id"]) == alice.sub
    found = look_at(stage, alice.sub, done["id"], hash_in_logs(stage, alice.sub), time)
    assert found.as_json()["photo_there"]
    assert all(image["object_there"] for image in found.as_json()["images"])
    until(lambda: any(line.function == "webhook" for line in lines_of(stage, done["id"], 1, time)))
    lines = lines_of(stage, done["id"], 1, time)
    assert {line.more.get("user") for line in lines} == {hash_in_logs(stage, alice.sub)}
    assert not any("http" in str(line) for line in lines)
