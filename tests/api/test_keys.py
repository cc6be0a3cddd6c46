"""What CloudFormation is answered about the keys: always something, and never twice the same work."""

from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.simulated.environment import environment
from local.simulated.functions import Context, cold
from tests.fakes.cloudfront import FakeCloudFront, refused
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.aws import cloudfront
from veil.domain.ports import StorageUnavailable

pytestmark = pytest.mark.usefixtures("plain_environment")
NAMES = ("StackId", "RequestId", "LogicalResourceId")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> FakeCloudFront:
    fake = FakeCloudFront()
    monkeypatch.setattr(cloudfront, "client", lambda _service: fake)
    return fake


@pytest.fixture
def keys(aws: FakeCloudFront, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name, value in environment(DELIVERY_KEY_SECRET="veil-test/delivery-key").items():
        monkeypatch.setenv(name, value)
    return cold("keys")


def asked(wire: Wire, kind: str, number: int = 1, **more: str) -> dict[str, Any]:
    """As CloudFormation asks: a number is a text, and the address of the answer is secret."""
    about = {name: f"the {name}" for name in NAMES}
    url = f"{wire.url}/answer?X-Amz-Signature=secret"
    return {"RequestType": kind, "ResponseURL": url, "ResourceProperties": {"Number": str(number)}, **about, **more}


def test_its_life(keys: ModuleType, aws: FakeCloudFront, wire: Wire) -> None:
    keys.handler(asked(wire, "Create"), Context())
    (group,) = aws.groups
    for request in (
        asked(wire, "Update", 2, PhysicalResourceId=group),
        asked(wire, "Delete", 2, PhysicalResourceId=group),
    ):
        keys.handler(request, Context())
    assert [answer.json for answer in wire.asked] == [
        {"Status": "SUCCESS", "PhysicalResourceId": group, **{name: f"the {name}" for name in NAMES}}
    ] * 3
    assert [(answer.method, answer.headers["content-type"]) for answer in wire.asked] == [("PUT", "")] * 3
    assert (aws.keys, aws.groups) == ({}, {})


def test_a_failure_is_told_and_what_was_made_is_deleted_after_it(
    keys: ModuleType, aws: FakeCloudFront, wire: Wire
) -> None:
    def refuse(moment: str) -> None:
        if moment == "before put_secret_value":
            raise refused("AccessDeniedException")

    aws.crash = refuse
    keys.handler(asked(wire, "Create"), Context())
    told = wire.asked[0].json
    assert (told["Status"], told["PhysicalResourceId"]) == ("FAILED", "nothing")
    assert told["Reason"].startswith(ClientError.__name__)
    keys.handler(asked(wire, "Delete", PhysicalResourceId="nothing"), Context())
    assert wire.asked[1].json["Status"] == "SUCCESS"
    assert (aws.keys, aws.groups) == ({}, {})


def test_an_update_that_fails_leaves_the_resource_what_it_was(
    keys: ModuleType, aws: FakeCloudFront, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.handler(asked(wire, "Create"), Context())
    (group,) = aws.groups

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(aws, "update_key_group", broken)
        keys.handler(asked(wire, "Update", 2, PhysicalResourceId=group), Context())
    told = wire.asked[1].json
    assert (told["Status"], told["PhysicalResourceId"]) == ("FAILED", group)
    keys.handler(asked(wire, "Update", 1, PhysicalResourceId=group), Context())  # as it is rolled back
    assert wire.asked[2].json["Status"] == "SUCCESS"


def test_an_answer_that_is_refused_is_put_again(keys: ModuleType, aws: FakeCloudFront, wire: Wire) -> None:
    wire.answer(Reply(503), Reply(reset=True), Reply(200))
    keys.handler(asked(wire, "Create"), Context())
    assert len(wire.asked) == 3


def test_an_answer_that_can_not_be_put_fails_the_function_which_lambda_calls_again(
    keys: ModuleType, aws: FakeCloudFront, wire: Wire
) -> None:
    event = asked(wire, "Create") | {"ResponseURL": f"http://127.0.0.1:{closed_port()}/?X-Amz-Signature=secret"}
    with pytest.raises(StorageUnavailable) as error:
        keys.handler(event, Context())
    assert "secret" not in str(error.value)
    keys.handler(asked(wire, "Create"), Context())
    assert wire.asked[0].json["Status"] == "SUCCESS"
    assert len(aws.keys) == 1
