"""The example of push notifications, on moto's SNS and DynamoDB."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_cdk import App
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from docs.examples.push import push
from docs.examples.push.stack import PushStack
from local.simulated.environment import REGION

type Json = dict[str, Any]

GENERATION = "01JDP3M4N5P6Q7R8S9T0V1W2X3"


@pytest.fixture(autouse=True)
def deployed(on_moto: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    sns = boto3.client("sns")
    for platform, variable in (("GCM", "ANDROID_APPLICATION"), ("APNS", "IOS_APPLICATION")):
        made = sns.create_platform_application(Name="veil", Platform=platform, Attributes={"PlatformCredential": "{}"})
        monkeypatch.setenv(variable, made["PlatformApplicationArn"])
    boto3.client("dynamodb").create_table(
        TableName="devices",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("device", "user_id")],
        KeySchema=[{"AttributeName": "device", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "users",
                "KeySchema": [{"AttributeName": "user_id", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    monkeypatch.setenv("DEVICES_TABLE", "devices")
    yield
    push.sns.cache_clear()
    push.table.cache_clear()


def asked(method: str, user: str, body: object) -> int:
    context = {"authorizer": {"jwt": {"claims": {"sub": user}}}, "http": {"method": method}}
    text = body if isinstance(body, str) else json.dumps(body)
    status: int = push.register({"requestContext": context, "body": text})["statusCode"]
    return status


def device(platform: str = "android", token: str = "token-1", language: str = "ko") -> Json:
    return {"platform": platform, "token": token, "language": language}


def endpoints() -> Json:
    found: Json = sns_backends[DEFAULT_ACCOUNT_ID][REGION].platform_endpoints
    return found


def shown() -> list[Json]:
    """Every message that was published to an endpoint, by platform."""
    texts = [text for endpoint in endpoints().values() for text in endpoint.messages.values()]
    return [json.loads(text) for text in texts]


def rows() -> list[Json]:
    items: list[Json] = boto3.resource("dynamodb").Table("devices").scan()["Items"]
    return items


def test_a_phone_is_told_in_its_language(event: Json) -> None:
    assert asked("PUT", "auth0|ada", device()) == 204
    assert asked("PUT", "auth0|ada", device("ios", "token-2", "en")) == 204
    assert asked("PUT", "auth0|bob", device(token="token-3")) == 204
    push.notify(event)
    korean, english = shown()
    message = json.loads(korean["GCM"])["fcmV1Message"]["message"]
    assert message["notification"] == {"title": "웨딩 사진 3장이 완성됐어요"}
    assert message["data"] == {"generation_id": GENERATION}
    assert message["android"] == {"collapse_key": GENERATION, "notification": {"tag": GENERATION}}
    apple = json.loads(english["APNS"])
    assert apple["aps"]["alert"] == {"title": "3 wedding portraits are ready"}
    assert apple["generation_id"] == GENERATION
    assert english["APNS"] == english["APNS_SANDBOX"]


def test_what_sns_is_asked(event: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """moto keeps neither the structure nor the attributes, without which SNS would send the whole JSON as a text."""
    asked("PUT", "auth0|ada", device("ios"))
    sent: list[Json] = []
    monkeypatch.setattr(push.sns(), "publish", lambda **options: sent.append(options))
    push.notify(event)
    (one,) = sent
    assert one["MessageStructure"] == "json"
    assert one["MessageAttributes"]["AWS.SNS.MOBILE.APNS.COLLAPSE_ID"]["StringValue"] == GENERATION


@pytest.mark.parametrize("status", ["completed", "partial", "failed"])
def test_every_end_has_its_words(event: Json, status: str) -> None:
    asked("PUT", "auth0|ada", device())
    event["detail"]["data"]["status"] = status
    push.notify(event)
    (message,) = shown()
    assert message["default"]


def test_an_event_that_is_new_says_nothing(event: Json) -> None:
    asked("PUT", "auth0|ada", device())
    push.notify(event | {"detail": event["detail"] | {"type": "order.paid", "data": {"user_id": "auth0|ada"}}})
    later = deepcopy(event)
    later["detail"]["data"]["status"] = "cancelled"
    push.notify(later)
    assert shown() == []


def test_a_device_registers_as_often_as_it_likes() -> None:
    for _ in range(3):
        assert asked("PUT", "auth0|ada", device()) == 204
    assert len(endpoints()) == len(rows()) == 1


def test_a_device_that_was_disabled_is_enabled_by_its_next_start(event: Json) -> None:
    """The token is taken, with other attributes: SNS refuses it, and names the endpoint that has it."""
    asked("PUT", "auth0|ada", device())
    (arn,) = endpoints()
    boto3.client("sns").set_endpoint_attributes(EndpointArn=arn, Attributes={"Enabled": "false"})
    assert asked("PUT", "auth0|ada", device()) == 204
    push.notify(event)
    assert len(shown()) == len(endpoints()) == 1


def test_a_device_that_is_gone_is_forgotten_and_the_others_are_told(event: Json) -> None:
    for token in ("token-1", "token-2", "token-3"):
        asked("PUT", "auth0|ada", device(token=token))
    gone, deleted, _ = endpoints()
    boto3.client("sns").set_endpoint_attributes(EndpointArn=gone, Attributes={"Enabled": "false"})
    boto3.client("sns").delete_endpoint(EndpointArn=deleted)
    push.notify(event)
    assert len(shown()) == len(rows()) == len(endpoints()) == 1


def test_an_error_that_may_pass_forgets_nobody(event: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    asked("PUT", "auth0|ada", device())
    answer = {"Error": {"Code": "InternalError", "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": 500}}

    def publish(**_: object) -> None:
        raise ClientError(answer, "Publish")

    monkeypatch.setattr(push.sns(), "publish", publish)
    with pytest.raises(ClientError):
        push.notify(event)
    assert len(rows()) == 1


def test_a_phone_belongs_to_who_signed_in_last(event: Json) -> None:
    asked("PUT", "auth0|ada", device())
    asked("PUT", "auth0|bob", device())
    push.notify(event)
    assert shown() == []
    assert asked("DELETE", "auth0|ada", device()) == 204  # a sign-out that comes late takes nothing from the other one
    assert [row["user_id"] for row in rows()] == ["auth0|bob"]


def test_a_phone_is_forgotten_at_the_sign_out(event: Json) -> None:
    asked("PUT", "auth0|ada", device())
    assert asked("DELETE", "auth0|ada", device()) == 204
    assert asked("DELETE", "auth0|ada", device()) == 204
    push.notify(event)
    assert rows() == [] == list(endpoints())


def test_who_has_left_has_no_devices(event: Json) -> None:
    for user, token in (("auth0|ada", "token-1"), ("auth0|ada", "token-2"), ("auth0|bob", "token-3")):
        asked("PUT", user, device(token=token))
    push.notify(event | {"detail": {"id": "e", "type": "account.erased", "data": {"user_id": "auth0|ada"}}})
    assert [row["user_id"] for row in rows()] == ["auth0|bob"]
    assert len(endpoints()) == 1


@pytest.mark.parametrize(
    "body",
    ["", "no json", "[]", "null", {}, device("web"), device(token=""), device(token="t" * 5000), device(language="fr")],
)
def test_what_is_no_device_is_refused(body: object) -> None:
    assert asked("PUT", "auth0|ada", body) == 422
    assert rows() == [] == list(endpoints())


def test_the_stack(tmp_path: Path) -> None:
    """The rule takes what `notify` knows, and each function may do what its code calls."""
    arn = "arn:aws:sns:ap-northeast-2:123456789012:app/GCM/veil"
    app = App(outdir=str(tmp_path), analytics_reporting=False)
    PushStack(app, "Push", bus_name="veil-dev", applications={"ANDROID_APPLICATION": arn})
    app.synth()
    resources = json.loads((tmp_path / "Push.template.json").read_text(encoding="utf-8"))["Resources"].values()
    (rule,) = [each["Properties"] for each in resources if each["Type"] == "AWS::Events::Rule"]
    assert rule["EventBusName"] == "veil-dev"
    assert rule["EventPattern"] == {"source": ["veil"], "detail-type": ["generation.finished", "account.erased"]}
    handlers = [each["Properties"]["Handler"] for each in resources if each["Type"] == "AWS::Lambda::Function"]
    assert sorted(handlers) == ["push.notify", "push.register"]
    policies = [each["Properties"]["PolicyDocument"] for each in resources if each["Type"] == "AWS::IAM::Policy"]
    allowed = {tuple(one["Action"]): one["Resource"] for policy in policies for one in policy["Statement"]}
    assert allowed[("sns:Publish", "sns:DeleteEndpoint")] == [arn, arn.replace(":app/", ":endpoint/") + "/*"]
