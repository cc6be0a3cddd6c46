"""`/consents`: what was decided about which text, and what is refused without it."""

from typing import Any

import boto3
import pytest

from local.simulated.environment import TABLE
from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from veil.domain import consents
from veil.domain.consents import ConsentKind, latest

AI, FACES = ConsentKind.THIRD_PARTY_AI, ConsentKind.FACE_COMPARISON
PHOTO = {"content_type": "image/jpeg", "size": 7}


def decide(call: Call, kind: str, *, granted: bool, version: str | None = None) -> Any:
    body = {"version": version or latest(ConsentKind(kind)), "granted": granted}
    return call("gallery", "PUT", f"/consents/{kind}", body)


def records(user: str) -> list[str]:
    """The sort keys of all that is written down of a user's consents."""
    found = boto3.client("dynamodb").query(
        TableName=TABLE,
        KeyConditionExpression="pk = :u AND begins_with(sk, :c)",
        ExpressionAttributeValues={":u": {"S": f"USER#{user}"}, ":c": {"S": "CONSENT"}},
    )
    return [item["sk"]["S"] for item in found["Items"]]


def test_nothing_is_agreed_to_at_first(call: Call) -> None:
    answer = call("gallery", "GET", "/consents")
    assert answer.status == 200
    nothing = {"version": None, "granted": False, "decided_at": None}
    assert answer.json == {
        "consents": [
            {"kind": "third_party_ai", "required": True, "latest_version": latest(AI), **nothing},
            {"kind": "face_comparison", "required": False, "latest_version": latest(FACES), **nothing},
        ]
    }


def test_a_photo_waits_for_it(call: Call, user: str) -> None:
    refused = call("uploads", "POST", "/uploads", PHOTO, headers={"accept-language": "en"})
    is_problem(refused, 403, "consent_required", {"kind", "version"})
    assert (refused.json["kind"], refused.json["version"]) == ("third_party_ai", latest(AI))
    agreed = decide(call, AI, granted=True)
    assert agreed.status == 200
    assert (agreed.json["version"], agreed.json["granted"], agreed.json["required"]) == (latest(AI), True, True)
    assert call("gallery", "GET", "/consents").json["consents"][0] == agreed.json
    assert call("uploads", "POST", "/uploads", PHOTO).status == 201


def test_the_same_again_is_written_once(call: Call, user: str) -> None:
    first, again = decide(call, FACES, granted=True), decide(call, FACES, granted=True)
    assert first.json == again.json
    assert len(records(user)) == 2  # the record, and the last decisions
    decide(call, FACES, granted=False)
    assert len(records(user)) == 3


def test_taken_back_it_stops_uploads_and_generations(call: Call, ready: Ready) -> None:
    assert call("generations", "POST", "/generations", ready.body).status == 202
    decide(call, AI, granted=False)
    before = call("gallery", "GET", "/credits").json
    for function, path, body in (("uploads", "/uploads", PHOTO), ("generations", "/generations", ready.body)):
        is_problem(call(function, "POST", path, body), 403, "consent_required", {"kind", "version"})
    assert call("gallery", "GET", "/credits").json == before


def test_a_repeated_request_is_answered_all_the_same(call: Call, ready: Ready) -> None:
    given = {"headers": {"idempotency-key": "tap"}}
    first = call("generations", "POST", "/generations", ready.body, **given)
    decide(call, AI, granted=False)
    again = call("generations", "POST", "/generations", ready.body, **given)
    assert (again.status, again.json["id"]) == (200, first.json["id"])


def test_an_older_text_is_asked_again(call: Call, ready: Ready, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of who agreed to it when it was the newest; to say so is recorded, and counts for nothing."""
    old = latest(AI)
    monkeypatch.setitem(consents.VERSIONS, AI, ("2027-01-01", old))
    refused = call("uploads", "POST", "/uploads", PHOTO)
    is_problem(refused, 403, "consent_required", {"kind", "version"})
    assert refused.json["version"] == "2027-01-01"
    is_problem(call("generations", "POST", "/generations", ready.body), 403, "consent_required", {"kind", "version"})
    decide(call, AI, granted=False, version=old)
    assert decide(call, AI, granted=True, version=old).json["latest_version"] == "2027-01-01"
    is_problem(call("uploads", "POST", "/uploads", PHOTO), 403, "consent_required", {"kind", "version"})
    assert decide(call, AI, granted=True).status == 200
    assert call("uploads", "POST", "/uploads", PHOTO).status == 201


@pytest.mark.parametrize("kind", ["cookies", "THIRD_PARTY_AI", "third_party_ai ", "%00"])
def test_a_kind_that_is_none(call: Call, kind: str) -> None:
    answer = call("gallery", "PUT", f"/consents/{kind}", {"version": latest(AI), "granted": True})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert [each["field"] for each in answer.json["errors"]] == ["kind"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"version": "1999-01-01", "granted": True}, "version"),
        ({"version": "", "granted": True}, "version"),
        ({"version": 7, "granted": True}, "version"),
        ({"granted": True}, "version"),
        ({"version": latest(AI)}, "granted"),
        ({"version": latest(AI), "granted": "yes"}, "granted"),
        ({"version": latest(AI), "granted": 1}, "granted"),
        ({"version": latest(AI), "granted": True, "user": "bob"}, "user"),
        ([], "body"),
    ],
)
def test_a_decision_that_is_none(call: Call, user: str, body: object, field: str) -> None:
    answer = call("gallery", "PUT", f"/consents/{AI}", body)
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert [each["field"] for each in answer.json["errors"]] == [field]
    assert records(user) == []


def test_it_is_the_users_own(call: Call, user: str) -> None:
    decide(call, AI, granted=True)
    assert call("uploads", "POST", "/uploads", PHOTO, user=f"{user}2").status == 403
