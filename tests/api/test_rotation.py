"""Secrets that are replaced under running functions: each test replaces one, and what was under way goes on."""

import json
from collections.abc import Callable, Iterator
from time import time
from types import ModuleType
from typing import Any

import boto3
import pytest
import time_machine

from local.simulated.environment import REGION, SECRETS
from local.simulated.functions import Answer
from tests.fakes.secrets import FakeSecret
from tests.support.callbacks import Callbacks
from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from veil.adapters.aws.secrets import GRACE_SECONDS, MAX_AGE_SECONDS, REREAD_SECONDS
from veil.adapters.tokens import SealedTokens
from veil.domain.ports import AttemptRef

NEW_SIGNING_SECRET = "whsec_" + "bmV3" * 8

type Later = Callable[[float], None]
type Put = Callable[[str, str], None]


@pytest.fixture(scope="module")
def later() -> Iterator[Later]:
    """Let so many seconds pass; no test turns the clock back."""
    with time_machine.travel(time()) as traveller:
        yield traveller.shift


@pytest.fixture
def put(functions: dict[str, ModuleType], later: Later) -> Iterator[Put]:
    """Replace a secret, until the end of the test."""
    manager, replaced = boto3.client("secretsmanager", region_name=REGION), []

    def replace(name: str, value: str) -> None:
        manager.put_secret_value(SecretId=name, SecretString=value)
        replaced.append(name)

    yield replace
    for name in replaced:
        manager.put_secret_value(SecretId=name, SecretString=SECRETS[name])
    later(MAX_AGE_SECONDS)


@pytest.fixture
def told(call: Call, ready: Ready, callbacks: Callable[[str], Callbacks]) -> Callbacks:
    """The callbacks of a generation that was started before the rotation, one of which has come."""
    told = callbacks(call("generations", "POST", "/generations", ready.body).json["id"])
    assert told.tell(0, "failed").status == 204
    return told


def test_the_signing_secret(
    told: Callbacks, later: Later, put: Put, functions: dict[str, ModuleType], control: Any
) -> None:
    def tell(secret: str) -> Answer:
        signer = Callbacks(functions["webhook"], control, secret, "none")
        body = json.dumps({"id": told.ids[0], "status": "failed"}).encode()
        return told.send(told.tokens[0], body, signer.sign(body))

    old, new = SECRETS["webhook-signing-secret"], NEW_SIGNING_SECRET
    later(REREAD_SECONDS)
    put("webhook-signing-secret", new)
    assert [tell(secret).status for secret in (old, new, old, new)] == [204] * 4
    later(GRACE_SECONDS + 1)
    is_problem(tell(old), 401, "invalid_signature")
    assert tell(new).status == 204


def test_the_webhook_token_key(
    told: Callbacks, later: Later, put: Put, user: str, functions: dict[str, ModuleType]
) -> None:
    sealed = functions["webhook"].bootstrap.tokens.unseal(told.tokens[0])
    newly_sealed = SealedTokens(FakeSecret("new key")).seal(AttemptRef(user, sealed.generation_id, 0, 1))
    later(REREAD_SECONDS)
    put("webhook-token-key", "new key")
    for token in (told.tokens[0], newly_sealed):
        assert told.tell(0, "failed", token=token).status == 204
    later(GRACE_SECONDS + 1)
    is_problem(told.tell(0, "failed", token=told.tokens[0]), 404, "token_not_found")
    assert told.tell(0, "failed", token=newly_sealed).status == 204


def test_the_cursor_key(call: Call, ready: Ready, later: Later, put: Put) -> None:
    call("generations", "POST", "/generations", ready.body)

    def page(cursor: str | None = None) -> Answer:
        query = {"limit": "1", **({"cursor": cursor} if cursor else {})}
        return call("gallery", "GET", "/credits/entries", query=query)

    old = page().json["next_cursor"]
    put("cursor-key", "new key")
    later(MAX_AGE_SECONDS)
    new = page().json["next_cursor"]
    assert old != new
    assert page(old).json["items"] == page(new).json["items"] != []
    later(GRACE_SECONDS)
    is_problem(page(old), 422, "invalid_cursor")
    assert page(new).status == 200


def test_the_replicate_token(call: Call, ready: Ready, later: Later, put: Put) -> None:
    """The one that a function has was revoked; the new one is there. No start is refused, no credit returned."""
    put("replicate-token", "revoked")
    later(MAX_AGE_SECONDS)
    is_problem(call("generations", "POST", "/generations", ready.body), 503, "provider_unavailable")
    put("replicate-token", SECRETS["replicate-token"])
    later(REREAD_SECONDS)
    answer = call("generations", "POST", "/generations", ready.body)
    assert answer.status == 202
    assert {image["status"] for image in answer.json["images"]} == {"running"}
    assert call("gallery", "GET", "/credits").json == {"available": 4, "held": 4, "owed": 0}
