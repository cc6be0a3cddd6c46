"""A callback's signature, as Standard Webhooks has it, and its body. Forged ones: `tests/hostile/test_webhooks.py`."""

import base64
import json
from typing import Any

import pytest
import time_machine

from tests.fakes.secrets import FakeSecret
from tests.support.callbacks import signed
from veil.adapters.providers.replicate import ReplicateCallbacks
from veil.domain.errors import InvalidRequest, InvalidSignature
from veil.domain.predictions import Prediction, PredictionStatus

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = json.dumps({"id": "p", "status": "succeeded", "output": "https://replicate.delivery/a", "new": [1]}).encode()

read = ReplicateCallbacks(FakeSecret(SECRET)).read


def _is_refused(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(InvalidSignature):
        read(headers, body)


def test_a_signed_callback() -> None:
    prediction = read(signed(SECRET, BODY), BODY)
    assert (prediction.id, prediction.status) == ("p", PredictionStatus.SUCCEEDED)
    assert prediction.outputs == ("https://replicate.delivery/a",)


VECTOR_BODY = b'{"test": 2432232314}'
VECTOR = {
    "webhook-id": ID,
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_the_published_vector() -> None:
    """Five years old, and so refused; in its own time it verifies, and is no prediction."""
    _is_refused(VECTOR, VECTOR_BODY)
    with time_machine.travel(1614265330 + 299, tick=False):
        with pytest.raises(InvalidRequest):
            read(VECTOR, VECTOR_BODY)
        _is_refused({**VECTOR, "webhook-id": "msg_other"}, VECTOR_BODY)


@pytest.mark.parametrize("extra", [{}, {"error": {"a": 1}, "logs": None}, {"output": {"x": 1}}, {"status": "new"}])
def test_members_that_we_do_not_know(extra: dict[str, Any]) -> None:
    body = json.dumps({"id": "p", "status": "failed", **extra}).encode()
    assert read(signed(SECRET, body), body).id == "p"


@pytest.mark.parametrize(
    "member",
    [
        r'"logs": "\ud83d"',
        r'"input": {"prompt": "\udc4d"}',
        r'"error": "\ud83d"',
        '"metrics": {"total_time": ' + "1" * 5000 + "}",
        '"metrics": {"total_time": NaN}',
        '"logs": 1, "logs": 2',
    ],
    ids=lambda member: member[:30],
)
def test_members_that_we_do_not_use_may_be_anything(member: str) -> None:
    body = f'{{"id": "p", "status": "failed", {member}}}'.encode()
    assert read(signed(SECRET, body), body) == Prediction("p", PredictionStatus.FAILED)


@pytest.mark.parametrize("body", [rb'{"id": "\ud83d", "status": "failed"}', b"[" * 100_000, b""])
def test_a_signed_body_that_is_no_prediction(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read(signed(SECRET, body), body)


def test_any_value_of_the_secret_that_is_honoured() -> None:
    old, new = SECRET, "whsec_" + base64.b64encode(b"the next one").decode()
    with_old, with_new = signed(old, BODY), signed(new, BODY)
    for secret in (FakeSecret(new, old), FakeSecret(old, new), FakeSecret(new, "whsec_not base64", old)):
        rotating = ReplicateCallbacks(secret).read
        assert rotating(with_old, BODY).id == rotating(with_new, BODY).id == "p"
    with pytest.raises(InvalidSignature):
        ReplicateCallbacks(FakeSecret(new)).read(with_old, BODY)
