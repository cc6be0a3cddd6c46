"""Secrets are replaced on the deployed cloud, and nothing is deployed again: old and new are good side by side.

How long the old one is good is for `tests/api/test_rotation.py`, where the clock can be moved.
"""

import json
from collections.abc import Callable, Iterator
from time import time
from typing import Any

import httpx
import pytest

from local.cloud.options import STAGE
from local.stand_ins.webhooks import sign
from operations.client import VeilClient
from tests.e2e.world import World, subject, until
from tests.fakes.secrets import FakeSecret
from veil.adapters.aws.secrets import REREAD_SECONDS
from veil.adapters.tokens import Cursors, SealedTokens

NEW_SIGNING_SECRET = "whsec_" + "bmV3" * 8
SOON = 2 * REREAD_SECONDS  # a function that has just read the old value looks again after so long

type Rotate = Callable[[str, str], str]


@pytest.fixture
def rotate(world: World) -> Iterator[Rotate]:
    """Replace a secret, and answer what it was; put back after the test, when the new one is honoured for a while."""
    store, before = world.running.client("secretsmanager"), {}

    def replace(name: str, value: str) -> str:
        secret = f"veil-{STAGE}/{name}"
        before[secret] = str(store.get_secret_value(SecretId=secret)["SecretString"])
        store.put_secret_value(SecretId=secret, SecretString=value)
        return before[secret]

    yield replace
    for secret, value in before.items():
        store.put_secret_value(SecretId=secret, SecretString=value)


@pytest.fixture
def predictions(alice: VeilClient, ready: str, world: World) -> list[dict[str, Any]]:
    """Four predictions that run until they are told how to end."""
    world.misbehave(replicate={"outcome": "never"})
    return world.predictions(alice.generate(ready, "classic"))


def _call_back(prediction: dict[str, Any], secret: str, token: str | None = None) -> int:
    """The answer to a callback that says that the prediction still runs."""
    body = json.dumps({"id": prediction["id"], "status": "processing"}).encode()
    url, _, sealed = prediction["webhook"].rpartition("/")
    now = int(time())
    signature = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(secret, "msg_1", now, body),
    }
    return httpx.post(f"{url}/{token or sealed}", content=body, headers=signature, trust_env=False).status_code


def _signing_secret(world: World) -> str:
    found = world.running.client("secretsmanager").get_secret_value(SecretId=f"veil-{STAGE}/webhook-signing-secret")
    return str(found["SecretString"])


def test_callbacks_signed_with_the_old_and_with_the_new_secret(
    predictions: list[dict[str, Any]], rotate: Rotate
) -> None:
    old = rotate("webhook-signing-secret", NEW_SIGNING_SECRET)
    assert _call_back(predictions[0], old) == 204
    until(lambda: _call_back(predictions[1], NEW_SIGNING_SECRET) == 204, SOON)
    assert [_call_back(each, secret) for each in predictions for secret in (old, NEW_SIGNING_SECRET)] == [204] * 8
    assert _call_back(predictions[0], "whsec_" + "bm9u" * 8) == 401


def test_tokens_sealed_with_the_old_and_with_the_new_key(
    alice: VeilClient, predictions: list[dict[str, Any]], world: World, rotate: Rotate
) -> None:
    secret, first = _signing_secret(world), predictions[0]
    old = rotate("webhook-token-key", "a new key")
    ref = SealedTokens(FakeSecret(old)).unseal(first["webhook"].rpartition("/")[2])
    sealed, forged = (SealedTokens(FakeSecret(key)).seal(ref) for key in ("a new key", "no key"))
    assert _call_back(first, secret) == 204
    until(lambda: _call_back(first, secret, sealed) == 204, SOON)
    assert _call_back(first, secret) == 204
    assert _call_back(first, secret, forged) == 404
    for each in predictions:
        world.control.post(f"/_control/predictions/{each['id']}/outcome", json={"kind": "succeeded"}).raise_for_status()
    assert alice.wait_for_generation(ref.generation_id)["status"] == "completed"
    assert alice.get("/credits") == {"available": 4, "held": 0, "owed": 0}


def test_cursors_sealed_with_the_old_and_with_the_new_key(alice: VeilClient, ready: str, rotate: Rotate) -> None:
    alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    first = alice.get("/credits/entries?limit=1")
    user, after = subject(alice), first["items"][0]["id"]
    rotate("cursor-key", "a new key")

    def page(cursor: str | None) -> tuple[int, Any]:
        answer = alice.api.get("/credits/entries", params={"limit": 1, "cursor": cursor})
        return answer.status_code, answer.json().get("items")

    new, forged = (Cursors(FakeSecret(key)).seal(user, "entries", after) for key in ("a new key", "no key"))
    good = page(first["next_cursor"])
    assert good[0] == 200
    until(lambda: page(new) == good, SOON)
    assert page(first["next_cursor"]) == good
    assert page(forged)[0] == 422
