"""Who leaves: what is asked for it, what the receipt says, and what every route answers from then on."""

import json
from time import time
from types import ModuleType
from typing import Any

import boto3
import pytest

from local.simulated.environment import ERASER_QUEUE_URL, TABLE
from local.simulated.functions import Answer, message_event
from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from tests.support.image_urls import invalidated
from veil.domain.generation import results_folder

WORDS = {"confirm": "delete my account"}
NOBODYS = "0" * 32


def now(ago: float = 0) -> dict[str, str]:
    return {"auth_time": f"{time() - ago:.0f}"}


def leave(call: Call, **given: Any) -> Answer:
    return call("gallery", "DELETE", "/account", WORDS, **{"claims": now(), **given})


@pytest.fixture
def erase(functions: dict[str, ModuleType]) -> Any:
    """Hand the eraser what stands on its queue, once each."""

    def run() -> None:
        sqs = boto3.client("sqs")
        while found := sqs.receive_message(QueueUrl=ERASER_QUEUE_URL, MaxNumberOfMessages=1).get("Messages"):
            functions["eraser"].handler(message_event(found[0]["Body"], 1, ERASER_QUEUE_URL), None)
            sqs.delete_message(QueueUrl=ERASER_QUEUE_URL, ReceiptHandle=found[0]["ReceiptHandle"])

    return run


def partition(user: str) -> list[dict[str, Any]]:
    query = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": f"USER#{user}"}}}
    return list(boto3.client("dynamodb").query(TableName=TABLE, **query)["Items"])


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"auth_time": "1"},
        {"auth_time": "soon"},
        {"auth_time": "nan"},
        {"auth_time": "1", "iat": "9e12"},
        {"iat": "1"},
    ],
)
def test_who_may_leave(call: Call, user: str, claims: dict[str, str]) -> None:
    """A sign-in of the last five minutes; where ``auth_time`` is told, ``iat`` does not count."""
    is_problem(leave(call, claims=claims), 401, "sign_in_again")
    is_problem(leave(call, claims=now(310)), 401, "sign_in_again")
    assert partition(user) == []


def test_a_token_that_tells_no_sign_in_counts_from_when_it_was_made(call: Call, erase: Any) -> None:
    assert leave(call, claims={"iat": f"{time() - 200:.0f}"}).status == 202
    erase()


@pytest.mark.parametrize(
    "body", [None, {}, {"confirm": "yes"}, {"confirm": "Delete my account"}, {**WORDS, "x": 1}, "x"]
)
def test_other_words_delete_nothing(call: Call, user: str, body: Any) -> None:
    is_problem(call("gallery", "DELETE", "/account", body, claims=now()), 422, "invalid_request", {"errors"})
    assert partition(user) == []


@pytest.mark.parametrize("receipt", [NOBODYS, "0", "x" * 32, "0" * 33, "%00", "A" * 32])
def test_a_receipt_that_is_none(call: Call, receipt: str) -> None:
    is_problem(call("gallery", "GET", f"/erasures/{receipt}", user=None), 404, "receipt_not_found")


def test_leaving_with_images_under_way(call: Call, ready: Ready, user: str, erase: Any) -> None:
    made = call("generations", "POST", "/generations", ready.body).json["id"]
    answer = leave(call)
    receipt = answer.json["receipt"]
    assert (answer.status, answer.json) == (202, {"receipt": receipt, "status": "erasing"})
    assert leave(call).json == answer.json
    waiting = call("gallery", "GET", f"/erasures/{receipt}", user=None)
    assert (waiting.json["status"], waiting.json["done_at"]) == ("erasing", None)
    assert waiting.headers["retry-after"] in {"2", "3"}
    erase()
    done = call("gallery", "GET", f"/erasures/{receipt}", user=None, headers={"accept-language": "en"})
    assert done.json["status"] == "done"
    assert done.json["erased"]["items"] > 3
    assert invalidated().count(f"/{results_folder(user)}/*") >= 1
    assert [sorted(kept) for kept in done.json["kept"]] == [["until", "what", "why"]]
    assert user not in done.text
    (tombstone,) = [item for item in partition(user) if item["sk"]["S"] == "CREDITS"]
    assert tombstone.keys() == {"pk", "sk", "erased_at", "receipt", "expires_at"}
    assert leave(call).json == {"receipt": receipt, "status": "done"}
    for function, method, path, body in (
        ("gallery", "GET", "/credits", None),
        ("gallery", "GET", "/credits/entries", None),
        ("gallery", "GET", "/generations", None),
        ("gallery", "GET", f"/generations/{made}", None),
        ("gallery", "DELETE", f"/generations/{made}", None),
        ("gallery", "PUT", f"/generations/{made}/selection", {"image": 0}),
        ("gallery", "GET", "/consents", None),
        ("gallery", "PUT", "/consents/face_comparison", {"version": "2026-11-26", "granted": True}),
        ("uploads", "POST", "/uploads", {"content_type": "image/jpeg", "size": 5}),
        ("uploads", "GET", f"/uploads/{ready.upload_id}", None),
        ("generations", "POST", "/generations", ready.body),
        ("payments", "POST", "/orders", {"product": "pack_small"}),
        ("payments", "GET", "/orders", None),
        ("payments", "GET", f"/orders/{made}", None),
        ("payments", "POST", f"/orders/{made}/confirm", {"payment_key": "k", "amount": 1}),
        ("payments", "POST", "/subscriptions", None),
        ("payments", "GET", "/subscriptions/current", None),
    ):
        is_problem(call(function, method, path, body), 410, "account_erased")
    assert {item["sk"]["S"] for item in partition(user)} == {"CREDITS", "ERASURE"}  # nothing came back


def test_an_erased_account_is_no_trouble_to_others(call: Call, erase: Any, user: str) -> None:
    """Whose ids begin alike."""
    other = f"{user}0"
    call("gallery", "GET", "/credits", user=other)
    leave(call)
    erase()
    assert call("gallery", "GET", "/credits", user=other).json["available"] == 8


def test_a_message_that_is_no_erasure_is_refused(functions: dict[str, ModuleType]) -> None:
    body = json.dumps({"kind": "order", "user": "ada", "id": "x", "due_at": 0})
    with pytest.raises(ValueError, match="no erasure"):
        functions["eraser"].handler(message_event(body, 1, ERASER_QUEUE_URL), None)
