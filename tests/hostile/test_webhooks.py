"""`POST /webhooks/{provider}/{token}`, which anybody may call: forged, replayed, stale, future, truncated, odd.

Every refused callback says that an image has failed. Were it believed, that image would be started anew, at our cost.
"""

import base64
import json
from collections.abc import Callable, Iterator
from time import time
from typing import Any, NamedTuple

import pytest
import time_machine

from local.simulated.environment import SIGNING_SECRET
from local.simulated.functions import Answer
from tests.hostile.attack import Attack
from tests.hostile.people import Person
from tests.support.callbacks import signed
from tests.support.driver import is_problem
from tests.support.wire import Wire

type Headers = dict[str, str]

OTHER_SECRET = "whsec_" + base64.b64encode(b"not the secret at all").decode()
TOLERANCE = 300  # seconds, either way
SIGNATURE = "webhook-signature"


def ours(body: bytes, **given: Any) -> Headers:
    return signed(SIGNING_SECRET, body, **given)


def theirs(body: bytes, **given: Any) -> Headers:
    return signed(OTHER_SECRET, body, **given)


def listed(*values: str) -> Callable[[bytes], Headers]:
    """A list of signatures, ``ours`` and ``theirs`` among them, in this order."""

    def made(body: bytes) -> Headers:
        known = {"ours": ours(body)[SIGNATURE], "theirs": theirs(body)[SIGNATURE]}
        return {**ours(body), SIGNATURE: " ".join(known.get(value, value) for value in values)}

    return made


def changed(**changes: str | None) -> Callable[[bytes], Headers]:
    """Signed, and then changed; None takes a header away."""

    def made(body: bytes) -> Headers:
        headers: dict[str, str | None] = {**ours(body), **{name.replace("_", "-"): changes[name] for name in changes}}
        return {name: value for name, value in headers.items() if value is not None}

    return made


def of_version(version: str) -> Callable[[bytes], Headers]:
    return lambda body: {**ours(body), SIGNATURE: ours(body)[SIGNATURE].replace("v1", version)}


class Forgery(NamedTuple):
    """``headers`` are made from the body that is sent."""

    name: str
    headers: Callable[[bytes], Headers]


FORGERIES = [
    Forgery("no header at all", lambda _: {}),
    Forgery("another secret", theirs),
    Forgery("an empty secret", lambda body: signed("whsec_", body)),
    Forgery("the secret's text for its bytes", lambda body: signed(_as_text(SIGNING_SECRET), body)),
    *(
        Forgery(f"{name} is {value!r}", changed(**{name: value}))
        for name in ("webhook_id", "webhook_timestamp", "webhook_signature")
        for value in (None, "", " ", "1", "v1,AAAA")
    ),
    Forgery("another id", changed(webhook_id="msg_2")),
    Forgery("id and timestamp split elsewhere", lambda body: {**ours(body, msg_id="a"), "webhook-id": "a.1"}),
    Forgery("another timestamp", lambda body: {**ours(body), "webhook-timestamp": str(int(time()) + 1)}),
    Forgery("another body", lambda body: ours(body, over=body.replace(b"failed", b"starting"))),
    Forgery("a longer body", lambda body: ours(body, over=body[:-1])),
    Forgery("a truncated body", lambda body: ours(body, over=body + b" ")),
    Forgery("an empty body signed", lambda body: ours(body, over=b"")),
    Forgery("the signature cut short", lambda body: {**ours(body), SIGNATURE: ours(body)[SIGNATURE][:-5] + "="}),
    Forgery("asymmetric version v1a", of_version("v1a")),
    Forgery("version v2", of_version("v2")),
    Forgery("no version", of_version("")),
    Forgery("version in upper case", of_version("V1")),
    Forgery("only others' signatures", listed("theirs", "theirs")),
    Forgery("no base64", changed(webhook_signature="v1,!!!!")),
    Forgery("base64 of no length", changed(webhook_signature="v1,a")),
    Forgery("no ASCII", changed(webhook_signature="v1,é")),
    Forgery("half a surrogate pair", changed(webhook_signature="v1,\ud800")),
    Forgery("commas", changed(webhook_signature="," * 5)),
    Forgery("the right length and nothing else", changed(webhook_signature="v1," + "A" * 43 + "=")),
    Forgery("a thousand wrong signatures", listed(*["theirs"] * 1_000)),
    Forgery("100 kB of signature", changed(webhook_signature="x" * 100_000)),
    *(
        Forgery(f"signed at {at[:20]!r}", lambda body, at=at: ours(body, at=at))  # type: ignore[misc]
        for at in ("now", "nan", "inf", "-inf", "1e400", "-1", "0", "9" * 400, "٣", "")
    ),
    Forgery("a day old", lambda body: ours(body, at=time() - 86_400)),
    Forgery("a day ahead", lambda body: ours(body, at=time() + 86_400)),
    Forgery("milliseconds, as others count", lambda body: ours(body, at=time() * 1000)),
]

GOOD = [
    Forgery("signed", ours),
    Forgery("names of headers in upper case", lambda body: {name.upper(): value for name, value in ours(body).items()}),
    Forgery("a wrong signature first", listed("theirs", "ours")),
    Forgery("a wrong signature last", listed("ours", "theirs")),
    Forgery("malformed ones before it", listed("v1,", "v1", ",,", "v1a,AAAA", "v1,!!!!", "ours")),
    Forgery("the last of a thousand", listed(*["theirs"] * 999, "ours")),
    Forgery("any id", lambda body: ours(body, msg_id="x.y z")),
]


def _as_text(secret: str) -> str:
    return "whsec_" + base64.b64encode(secret.encode()).decode()


def _tell(attack: Attack, victim: Person, body: bytes, headers: Headers, token: str | None = None) -> Answer:
    path = f"/webhooks/replicate/{victim.callbacks.tokens[0] if token is None else token}"
    return attack.send("webhook", "POST", path, body, user=None, headers=headers)


def _body(victim: Person, status: str = "failed") -> bytes:
    return json.dumps({"id": victim.callbacks.ids[0], "status": status, "error": "(E1000)"}).encode()


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_what_replicate_has_not_signed(attack: Attack, victim: Person, forgery: Forgery) -> None:
    body = _body(victim)
    is_problem(_tell(attack, victim, body, forgery.headers(body)), 401, "invalid_signature")


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.name)
def test_what_replicate_has_signed(attack: Attack, victim: Person, good: Forgery) -> None:
    """The other side of that table: it does not simply refuse everything."""
    body = _body(victim, "processing")
    assert _tell(attack, victim, body, good.headers(body)).status == 204


@pytest.fixture
def noon() -> Iterator[float]:
    """A whole second, at which time stands still."""
    at = float(int(time()))
    with time_machine.travel(at, tick=False):
        yield at


@pytest.mark.parametrize(
    ("age", "status"),
    [(TOLERANCE, 204), (TOLERANCE + 1, 401), (-TOLERANCE, 204), (-TOLERANCE - 1, 401)],
    ids=["at the tolerance", "stale by a second", "as far ahead", "ahead by a second more"],
)
def test_stale_and_future(attack: Attack, victim: Person, noon: float, age: int, status: int) -> None:
    body = _body(victim, "processing")
    assert _tell(attack, victim, body, ours(body, at=noon - age)).status == status


def test_the_signature_comes_before_all_else(attack: Attack, victim: Person) -> None:
    """Who has no signature learns nothing of tokens, and has nothing read to them."""
    for token in ("not-a-token", "é", victim.callbacks.tokens[0]):
        for body in (b"", b"\xff\xfe", b"{}", b"[" * 100_000, b"x" * 5_000_000):
            is_problem(_tell(attack, victim, body, {}, token), 401, "invalid_signature")


# What nobody but Replicate could send, and Replicate never does: a signed body that is no prediction.
NO_PREDICTIONS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"not json",
    "cut short": b'{"id": "p", "sta',
    "null": b"null",
    "a list": b"[]",
    "a number": b"7",
    "a text": b'"text"',
    "no member": b"{}",
    "no status": b'{"id": "p"}',
    "no id": b'{"status": "failed"}',
    "an id that is a number": b'{"id": 7, "status": "failed"}',
    "an id that is a list": b'{"id": ["p"], "status": "failed"}',
    "an id of half a surrogate pair": b'{"id": "\\ud800", "status": "failed"}',
    "a status that is a number": b'{"id": "p", "status": 1}',
    "a status that is null": b'{"id": "p", "status": null}',
    "100,000 lists deep": b'{"id": "p", "status": "failed", "output": ' + b"[" * 100_000,
    "1,000,000 objects deep": b'{"a":' * 1_000_000,
    "5 MB of text": b'"' + b"x" * 5_000_000 + b'"',
    "a byte order mark": b'\xef\xbb\xbf{"id": "p", "status": "failed"}',
}


@pytest.mark.parametrize("case", NO_PREDICTIONS)
def test_a_signed_body_that_is_no_prediction(attack: Attack, victim: Person, case: str) -> None:
    body = NO_PREDICTIONS[case]
    is_problem(_tell(attack, victim, body, ours(body)), 422, "invalid_request", {"errors"})


@pytest.mark.parametrize("body", [b"\xff\xfe\xfd", '{"id": "p"}'.encode("utf-16")], ids=["no text", "UTF-16"])
def test_bytes_that_are_no_utf_8_were_never_signed(attack: Attack, victim: Person, body: bytes) -> None:
    is_problem(_tell(attack, victim, body, ours(body)), 401, "invalid_signature")


@pytest.mark.parametrize("body", ["!", "a", "é", "\ud800"])
def test_a_body_that_is_called_base64_and_is_not(attack: Attack, victim: Person, body: str) -> None:
    """API Gateway encodes it, so this is nobody's to send; an event of another make is no defect either."""
    path = f"/webhooks/replicate/{victim.callbacks.tokens[0]}"
    raw = {"body": body, "isBase64Encoded": True}
    answer = attack.send("webhook", "POST", path, user=None, headers=ours(b""), raw=raw)
    assert answer.json["code"] in ("invalid_signature", "invalid_request")


HARMLESS: dict[str, dict[str, Any]] = {
    "a status that is new": {"status": "some day a new one"},
    "a status in upper case": {"status": "FAILED"},
    "a status with a line end": {"status": "failed\n"},
    "a status that has not ended, with an output": {"status": "starting", "output": "https://replicate.delivery/a"},
    "members that we do not know": {"status": "processing", "user": "x", "__proto__": {}, "attempt": 9},
}


@pytest.mark.parametrize("case", HARMLESS)
def test_a_prediction_that_has_not_ended(attack: Attack, victim: Person, case: str) -> None:
    body = json.dumps({"id": victim.callbacks.ids[0], **HARMLESS[case]}).encode()
    assert _tell(attack, victim, body, ours(body)).status == 204


def test_the_last_of_two_members_of_one_name_counts(attack: Attack, victim: Person) -> None:
    body = f'{{"status": "failed", "id": "x", "id": "{victim.callbacks.ids[0]}", "status": "starting"}}'.encode()
    assert _tell(attack, victim, body, ours(body)).status == 204


@pytest.mark.parametrize("times", [1, 3])
def test_a_replay(attack: Attack, mallory: Person, outputs: Wire, times: int) -> None:
    """A callback that was believed once, sent again with its own headers: as itself, and to another image."""
    told, index = mallory.callbacks, times
    body = json.dumps({"id": told.ids[index], "status": "failed", "error": "NSFW"}).encode()
    headers, path = ours(body), f"/webhooks/replicate/{told.tokens[index]}"
    assert attack.send_freely("webhook", "POST", path, body, user=None, headers=headers).status == 204
    attack.look()
    for _ in range(times):
        assert attack.send("webhook", "POST", path, body, user=None, headers=headers).status == 204
    for other in (0, 2):
        is_problem(_tell(attack, mallory, body, headers, told.tokens[other]), 404, "token_not_found")
