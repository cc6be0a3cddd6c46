"""A callback's signature, as Standard Webhooks has it, and its body."""

import base64
import hmac
import json
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from time import time
from typing import Any

import pytest
import standardwebhooks.webhooks

from tests.fakes.secrets import FakeSecret
from veil.adapters.replicate import webhook_reader
from veil.domain.errors import InvalidRequest, InvalidSignature
from veil.domain.predictions import PredictionStatus

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = json.dumps({"id": "p", "status": "succeeded", "output": "https://replicate.delivery/a", "new": [1]}).encode()

read = webhook_reader(FakeSecret(SECRET))


def _signature(body: bytes, at: str, secret: str = SECRET, msg_id: str = ID) -> str:
    """Of its own, by the specification, so that the library does not check itself."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, f"{msg_id}.{at}.".encode() + body, sha256)).decode()


def _signed(body: bytes = BODY, *, age: float = 0, **changes: str) -> dict[str, str]:
    at = str(int(time() - age))
    return {
        "webhook-id": ID,
        "webhook-timestamp": at,
        "webhook-signature": _signature(body, at),
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }


def _is_refused(headers: dict[str, str], body: bytes = BODY) -> None:
    with pytest.raises(InvalidSignature):
        read(headers, body)


def test_a_signed_callback() -> None:
    prediction = read(_signed(), BODY)
    assert (prediction.id, prediction.status) == ("p", PredictionStatus.SUCCEEDED)
    assert prediction.outputs == ("https://replicate.delivery/a",)


VECTOR_BODY = b'{"test": 2432232314}'
VECTOR = {
    "webhook-id": ID,
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_the_published_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five years old, and so refused; in its own time it verifies, and is no prediction."""
    _is_refused(VECTOR, VECTOR_BODY)

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Then":
            return cls.fromtimestamp(1614265330 + 299, tz or UTC)

    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", Then)
    with pytest.raises(InvalidRequest):
        read(VECTOR, VECTOR_BODY)
    _is_refused({**VECTOR, "webhook-id": "msg_other"}, VECTOR_BODY)


def test_any_of_several_signatures() -> None:
    good = _signed()["webhook-signature"]
    other = _signature(BODY, str(int(time())), "whsec_" + base64.b64encode(b"another key").decode())
    for several in (f"{other} {good}", f"{good} {other}", f"v1a,AAAA v2,AAAA {good}", f"{other} {other} {good}"):
        assert read(_signed(webhook_signature=several), BODY).id == "p"


@pytest.mark.parametrize("age", [0, 290, -290])
def test_within_five_minutes(age: int) -> None:
    assert read(_signed(age=age), BODY).id == "p"


@pytest.mark.parametrize("age", [310, 86_400, -310, -86_400])
def test_a_stale_or_future_one(age: int) -> None:
    _is_refused(_signed(age=age))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        " ",
        "v1",
        "v1,",
        "v1,AAAA",
        "v1,a",
        "v1,!!!!",
        "v1,é",
        "AAAA",
        "v1,AAAA,BBBB",
        "v2," + "A" * 43 + "=",
        "," * 5,
        "v1,AAAA  v1,AAAA",
        "x" * 100_000,
    ],
    ids=lambda signature: signature[:20],
)
def test_a_signature_that_is_none(signature: str) -> None:
    _is_refused(_signed(webhook_signature=signature))


def test_a_good_signature_of_another_version() -> None:
    good = _signed()["webhook-signature"]
    _is_refused(_signed(webhook_signature=good.replace("v1,", "v2,")))
    _is_refused(_signed(webhook_signature=good[:-5] + "="))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header(name: str) -> None:
    headers = _signed()
    del headers[name]
    _is_refused(headers)


@pytest.mark.parametrize("timestamp", ["", "now", "nan", "inf", "1e400", "-1", "0", "9" * 400])
def test_a_timestamp_that_is_none(timestamp: str) -> None:
    signature = _signature(BODY, timestamp)
    _is_refused(_signed(webhook_timestamp=timestamp, webhook_signature=signature))


def test_what_was_signed_is_every_byte() -> None:
    headers = _signed()
    for body in (BODY + b" ", BODY[:-1], BODY.replace(b"succeeded", b"failed"), b"", b"\xff\xfe"):
        _is_refused(headers, body)
    _is_refused(_signed(webhook_id="msg_another"))
    _is_refused(_signed(webhook_timestamp=str(int(time()) + 1)))


def test_another_secret() -> None:
    at = str(int(time()))
    forged = _signature(BODY, at, "whsec_" + base64.b64encode(b"not the secret").decode())
    _is_refused(_signed(webhook_timestamp=at, webhook_signature=forged))


def test_header_names_are_of_any_case() -> None:
    assert read({name.title(): value for name, value in _signed().items()}, BODY).id == "p"


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b"{}", b'{"id": "p"}', b'{"id": 7, "status": "failed"}', b'{"a":' * 9_999],
    ids=lambda body: str(body[:20]),
)
def test_a_signed_body_that_is_no_prediction(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read(_signed(body), body)


@pytest.mark.parametrize("extra", [{}, {"error": {"a": 1}, "logs": None}, {"output": {"x": 1}}, {"status": "new"}])
def test_members_that_we_do_not_know(extra: dict[str, Any]) -> None:
    body = json.dumps({"id": "p", "status": "failed", **extra}).encode()
    assert read(_signed(body), body).id == "p"


def test_any_value_of_the_secret_that_is_honoured() -> None:
    old, new = SECRET, "whsec_" + base64.b64encode(b"the next one").decode()
    at = str(int(time()))
    with_old = _signed(webhook_timestamp=at, webhook_signature=_signature(BODY, at, old))
    with_new = _signed(webhook_timestamp=at, webhook_signature=_signature(BODY, at, new))
    for secret in (FakeSecret(new, old), FakeSecret(old, new), FakeSecret(new, "whsec_not base64", old)):
        rotating = webhook_reader(secret)
        assert rotating(with_old, BODY).id == rotating(with_new, BODY).id == "p"
    with pytest.raises(InvalidSignature):
        webhook_reader(FakeSecret(new))(with_old, BODY)
