"""The example of a Kakao message, on moto's DynamoDB and a stand-in of SOLAPI."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
import time_machine

from docs.examples.kakao import kakao
from tests.examples.solapi import KEY, SECRET, Solapi, serving
from tests.support.callbacks import signed

type Json = dict[str, Any]

SIGNING_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NUMBER = "01012345678"
STEPS = ["POST group", "GET group", "PUT messages", "POST send"]
LATER = kakao.LEASE_SECONDS + 1


@pytest.fixture
def solapi() -> Iterator[Solapi]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def deployed(on_moto: None, solapi: Solapi, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, key in (("phones", "user_id"), ("sendings", "id")):
        boto3.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )
    boto3.resource("dynamodb").Table("phones").put_item(Item={"user_id": "auth0|ada", "number": NUMBER})
    environment = {
        **{"EVENTS_KEY": SIGNING_KEY, "PHONES_TABLE": "phones", "SENDINGS_TABLE": "sendings"},
        **{"SOLAPI_URL": solapi.url, "SOLAPI_KEY": KEY, "SOLAPI_SECRET": SECRET},
        **{"PF_ID": "KA01PF", "TEMPLATE_ID": "KA01TP", "SENDER": "0212345678"},
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    yield
    kakao.http().close()
    for made in (kakao.http, kakao.solapi, kakao.resource):
        made.cache_clear()


def delivered(event: Json, *, after: float = 0, binary: bool = False, headers: dict[str, str] | None = None) -> int:
    """What is answered when Veil posts the event, so many seconds from now."""
    detail = dict(event["detail"])
    event_id = detail.pop("id")
    body = json.dumps(detail, ensure_ascii=False).encode()
    with time_machine.travel(_now() + after, tick=False):
        made = {**signed(SIGNING_KEY, body, msg_id=event_id), **(headers or {})}
        text = b64encode(body).decode() if binary else body.decode()
        status: int = kakao.handler({"headers": made, "body": text, "isBase64Encoded": binary})["statusCode"]
    return status


def _now() -> float:
    return 1_795_000_000.0


def phones() -> list[Json]:
    items: list[Json] = boto3.resource("dynamodb").Table("phones").scan()["Items"]
    return items


@pytest.mark.parametrize("binary", [False, True])
def test_a_message_goes_out(event: Json, solapi: Solapi, binary: bool) -> None:
    assert delivered(event, binary=binary) == 204
    options = {"pfId": "KA01PF", "templateId": "KA01TP", "variables": {"#{장수}": "3"}}
    assert solapi.sent == [{"to": NUMBER, "from": "0212345678", "kakaoOptions": options}]
    assert solapi.calls == STEPS


def test_an_event_that_comes_again_is_sent_once(event: Json, solapi: Solapi) -> None:
    for after in (0, 1, LATER, 86_000):
        assert delivered(event, after=after) == 204
    assert len(solapi.sent) == 1
    assert solapi.calls == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_a_lost_answer_is_not_known_and_the_next_delivery_finds_out(event: Json, solapi: Solapi, step: str) -> None:
    """The work was done: nothing is sent twice. Between them, no other delivery begins anew."""
    solapi.lose = [step]
    assert delivered(event) == 503
    assert delivered(event, after=1) == 503
    assert delivered(event, after=LATER) == 204
    assert [message["to"] for message in solapi.sent] == [NUMBER]
    assert solapi.calls.count("POST send") == 1
    assert solapi.calls.count("PUT messages") == 1


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_failed_is_done_by_the_next_delivery(event: Json, solapi: Solapi, step: str, status: int) -> None:
    solapi.fail = {step: status}
    assert delivered(event) == 503
    assert delivered(event, after=LATER) == 204
    assert [message["to"] for message in solapi.sent] == [NUMBER]


def test_silence_is_not_known(event: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> None:
        raise httpx.ReadTimeout("")

    monkeypatch.setattr(kakao.http(), "request", silent)
    assert delivered(event) == 503


def test_a_refused_key_is_an_error_until_it_is_mended(
    event: Json, solapi: Solapi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLAPI_SECRET", "revoked")
    with pytest.raises(httpx.HTTPStatusError) as refused:
        delivered(event)
    assert "revoked" not in str(refused.value)
    monkeypatch.setenv("SOLAPI_SECRET", SECRET)
    kakao.solapi.cache_clear()
    assert delivered(event, after=LATER) == 204
    assert len(solapi.sent) == 1


@pytest.mark.parametrize("lost", [[], ["PUT messages"]])
def test_a_number_that_is_none_is_given_up(
    event: Json, solapi: Solapi, lost: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    solapi.bad_numbers, solapi.lose = {NUMBER}, list(lost)
    assert delivered(event) == (503 if lost else 204)
    assert delivered(event, after=LATER) == 204
    assert "POST send" not in solapi.calls
    assert solapi.calls.count("PUT messages") == 1
    assert NUMBER not in caplog.text


def test_nobody_is_told_of_what_failed_or_without_a_number(event: Json, solapi: Solapi) -> None:
    event["detail"]["data"]["status"] = "failed"
    assert delivered(event) == 204
    event["detail"]["data"] |= {"status": "completed", "user_id": "auth0|bob"}
    assert delivered(event) == 204
    event["detail"] |= {"type": "order.paid", "data": {"user_id": "auth0|ada", "credits": 16}}
    assert delivered(event) == 204
    assert solapi.calls == []


def test_the_number_of_who_has_left_is_deleted(event: Json) -> None:
    event["detail"] |= {"type": "account.erased", "data": {"user_id": "auth0|ada"}}
    assert delivered(event) == 204
    assert phones() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-id": "another"},
        {"webhook-timestamp": str(int(_now()) - 301)},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": ""},
    ],
)
def test_what_veil_did_not_sign_is_refused(event: Json, solapi: Solapi, headers: dict[str, str]) -> None:
    assert delivered(event, headers=headers) == 401
    assert solapi.calls == []


def test_a_body_that_was_changed_is_refused(solapi: Solapi) -> None:
    with time_machine.travel(_now(), tick=False):
        headers = signed(SIGNING_KEY, b"{}", msg_id="e")
        assert kakao.handler({"headers": headers, "body": '{"type": "generation.finished"}'})["statusCode"] == 401
        assert kakao.handler({"headers": headers, "body": "/w==", "isBase64Encoded": True})["statusCode"] == 401
    assert solapi.calls == []


def test_either_key_while_it_is_rotated(event: Json, solapi: Solapi) -> None:
    """Veil then signs with both, and the header has two signatures."""
    detail = {name: value for name, value in event["detail"].items() if name != "id"}
    body = json.dumps(detail, ensure_ascii=False).encode()
    with time_machine.travel(_now(), tick=False):
        new = signed("whsec_" + b64encode(b"n" * 32).decode(), body, msg_id=event["detail"]["id"])["webhook-signature"]
        old = signed(SIGNING_KEY, body, msg_id=event["detail"]["id"])["webhook-signature"]
    assert delivered(event, headers={"webhook-signature": f"{new} {old}"}) == 204
    assert len(solapi.sent) == 1
