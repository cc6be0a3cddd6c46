"""`POST /generations`: what it answers, and what it does to the credits."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.support.driver import is_problem
from tests.support.functions import Call, Ready

Rule = Callable[..., None]


def _post(call: Call, body: object, **given: Any) -> Any:
    return call("generations", "POST", "/generations", body, **given)


def _credits(call: Call) -> tuple[int, int]:
    balance = call("gallery", "GET", "/credits").json
    return balance["available"], balance["held"]


def _started(control: httpx.Client) -> int:
    return len(control.get("/_control/predictions").json())


def test_it_is_accepted(call: Call, ready: Ready) -> None:
    answer = _post(call, ready.body)
    made = answer.json
    assert answer.status == 202
    assert answer.headers["location"] == f"/generations/{made['id']}"
    assert "idempotency-replayed" not in answer.headers
    assert made.pop("id")
    assert made.pop("created_at")
    blank = {"url": None, "url_expires_at": None, "width": None, "height": None, "likeness": None, "error": None}
    assert made == {
        "style": "classic",
        "role": None,
        "model": "black-forest-labs/flux-kontext-pro",
        "upload_id": ready.upload_id,
        "status": "processing",
        "finished_at": None,
        "ai_generated": True,
        "images": [{"index": index, "status": "running", **blank} for index in range(4)],
        "credits": {"reserved": 4, "captured": 0, "refunded": 0},
        "selected": None,
    }
    assert _credits(call) == (4, 4)


def test_the_same_key_again(call: Call, ready: Ready, control: httpx.Client) -> None:
    headers = {"idempotency-key": "order 7/" + "x" * 247}
    first = _post(call, ready.body, headers=headers)
    started = _started(control)
    again = _post(call, ready.body, headers=headers)
    assert (first.status, again.status) == (202, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json == first.json
    assert _credits(call) == (4, 4)
    assert _started(control) == started
    other = _post(call, {**ready.body, "style": "modern"}, headers=headers)
    is_problem(other, 422, "idempotency_key_reused")
    assert _credits(call) == (4, 4)


def test_not_enough_credits(call: Call, ready: Ready) -> None:
    assert [_post(call, ready.body).status for _ in range(2)] == [202, 202]
    answer = _post(call, ready.body)
    is_problem(answer, 402, "insufficient_credits", {"required", "available"})
    assert (answer.json["required"], answer.json["available"]) == (4, 0)
    assert _credits(call) == (0, 8)


@pytest.mark.parametrize(
    ("status", "expected", "code", "extra"),
    [
        ("pending", 409, "upload_not_ready", set()),
        ("checking", 409, "upload_not_ready", set()),
        ("rejected", 422, "upload_rejected", {"reason"}),
    ],
)
def test_an_upload_that_cannot_be_used(
    *, call: Call, uploaded: Any, user: str, status: str, expected: int, code: str, extra: set[str]
) -> None:
    answer = _post(call, {"upload_id": uploaded(status, user), "style": "classic"})
    is_problem(answer, expected, code, extra)
    assert answer.headers.get("retry-after") == ("1" if expected == 409 else None)
    if extra:
        assert answer.json["reason"]["code"] == "no_face"
        assert re.search("[가-힣]", answer.json["reason"]["detail"])
    assert _credits(call) == (8, 0)


def test_too_many_of_them(call: Call, ready: Ready, functions: dict[str, Any], user: str) -> None:
    accounts = functions["generations"].bootstrap.accounts
    accounts.open_account(user, 40, 0)
    assert [_post(call, ready.body).status for _ in range(5)] == [202] * 5
    answer = _post(call, ready.body)
    is_problem(answer, 429, "rate_limited")
    assert 590 <= int(answer.headers["retry-after"]) <= 600
    assert _credits(call) == (20, 20)


def test_the_limit_holds_without_redis(
    call: Call, ready: Ready, functions: dict[str, Any], user: str, rule: Rule
) -> None:
    rule(upstash={"html": True, "status": 502})
    functions["generations"].bootstrap.accounts.open_account(user, 40, 0)
    statuses = [_post(call, ready.body).status for _ in range(6)]
    assert statuses == [202] * 5 + [429]


@pytest.mark.parametrize("status", [401, 402, 422])
def test_replicate_refuses_for_good(call: Call, ready: Ready, rule: Rule, status: int) -> None:
    rule(replicate={"create": status})
    is_problem(_post(call, ready.body), 503, "provider_unavailable")
    assert _credits(call) == (8, 0)
    [generation] = call("gallery", "GET", "/generations").json["items"]
    assert generation["status"] == "failed"
    assert {image["error"]["code"] for image in generation["images"]} == {"start_failed"}
    assert generation["credits"] == {"reserved": 4, "captured": 0, "refunded": 4}


def test_a_key_whose_generation_was_refused(call: Call, ready: Ready, rule: Rule) -> None:
    """The first answer was 503; its key now stands for a generation that failed, and takes no credit again."""
    rule(replicate={"create": 402})
    headers = {"idempotency-key": "k"}
    assert _post(call, ready.body, headers=headers).status == 503
    again = _post(call, ready.body, headers=headers)
    assert (again.status, again.json["status"]) == (200, "failed")
    assert _credits(call) == (8, 0)


@pytest.mark.parametrize("create", [408, 409, 425, 429])
def test_replicate_has_no_time(call: Call, ready: Ready, rule: Rule, create: int) -> None:
    rule(replicate={"create": create})
    answer = _post(call, ready.body)
    assert answer.status == 202
    assert {image["status"] for image in answer.json["images"]} == {"queued"}
    assert _credits(call) == (4, 4)


@pytest.mark.parametrize("create", ["lost", 500, 502, 503, 504, 520, 524])
def test_replicates_answer_is_lost(call: Call, ready: Ready, rule: Rule, create: str | int) -> None:
    rule(replicate={"create": create})
    answer = _post(call, ready.body)
    assert answer.status == 202
    assert {image["status"] for image in answer.json["images"]} == {"running"}
    assert _credits(call) == (4, 4)


def test_some_of_each(call: Call, ready: Ready, rule: Rule) -> None:
    rule(replicate={"create": [402, 429, None, "lost"]})
    answer = _post(call, ready.body)
    assert answer.status == 202
    assert sorted(image["status"] for image in answer.json["images"]) == ["queued", "refunded", "running", "running"]
    assert answer.json["credits"] == {"reserved": 4, "captured": 0, "refunded": 1}
    assert _credits(call) == (5, 3)


@pytest.mark.parametrize("role", ["bride", "groom"])
def test_a_role_is_answered_and_is_a_part_of_the_request(
    call: Call, ready: Ready, control: httpx.Client, role: str
) -> None:
    headers = {"idempotency-key": "k"}
    answer = _post(call, {**ready.body, "role": role}, headers=headers)
    assert (answer.status, answer.json["role"]) == (202, role)
    assert call("gallery", "GET", f"/generations/{answer.json['id']}").json["role"] == role
    assert _post(call, {**ready.body, "role": role}, headers=headers).status == 200
    is_problem(_post(call, ready.body, headers=headers), 422, "idempotency_key_reused")
    assert _credits(call) == (4, 4)


@pytest.mark.parametrize("role", ["BRIDE", "bride ", "", "guest", "bride\n", 7, True, ["bride"], {"a": "bride"}])
def test_a_role_that_is_none(call: Call, ready: Ready, role: object) -> None:
    answer = _post(call, {**ready.body, "role": role})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert [error["field"] for error in answer.json["errors"]] == ["role"]
    assert "bride" in answer.json["errors"][0]["message"]
    assert _credits(call) == (8, 0)


def test_a_role_may_be_null(call: Call, ready: Ready) -> None:
    assert _post(call, {**ready.body, "role": None}).json["role"] is None
