"""What is logged: lines of JSON with ids, and never a token, a signed URL, a photo or a person's name."""

import hmac
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from local.photos.make import encode, noise
from local.simulated.environment import SECRETS
from local.simulated.functions import REQUEST_ID, cold
from tests.support.callbacks import Callbacks
from tests.support.functions import Call, Ready
from tests.support.wire import Reply, Wire

JPEG = encode(noise(), "JPEG")


def _is_clean(written: str, *private: str) -> None:
    for secret in (*SECRETS.values(), *private):
        assert secret not in written
    assert not re.search(
        r"X-Amz-(Signature|Credential|Security)|Key-Pair-Id|PRIVATE KEY|Bearer |whsec_|data:image|/webhooks/replicate/",
        written,
    )


def _hashed(user: str) -> str:
    return hmac.digest(SECRETS["user-hash-key"].encode(), user.encode(), "sha256").hex()[:16]


def _walk(
    call: Call, body: dict[str, str], callbacks: Callable[[str], Callbacks], outputs: Wire, rule: Callable[..., None]
) -> tuple[str, Callbacks]:
    """The main job with most of what can go wrong in it; returns the generation's id and its callbacks."""
    outputs.answer(Reply(200, JPEG))
    rule(replicate={"create": [None, None, 429, "lost"]})
    generation_id = call("generations", "POST", "/generations", body).json["id"]
    told = callbacks(generation_id)
    known = sorted(told.ids)
    told.tell(known[0], "succeeded", output=f"{outputs.url}/a.jpg?token=private-output")
    told.tell(known[1], "succeeded", output="https://evil.example/private-output")
    told.tell(known[1], "failed", error="private words of the model")
    told.tell(known[0], "failed", token="not.a.token")
    told.send(told.tokens[known[0]], b"{}", {"webhook-id": "x"})
    call("gallery", "GET", f"/generations/{generation_id}")
    call("gallery", "GET", "/generations/none")
    call("gallery", "GET", "/generations", query={"cursor": "forged-cursor"})
    call("uploads", "POST", "/uploads", {"content_type": "image/gif", "size": 1})
    return generation_id, told


def test_nothing_private_is_written(
    *,
    call: Call,
    ready: Ready,
    user: str,
    callbacks: Callable[[str], Callbacks],
    outputs: Wire,
    rule: Callable[..., None],
    log: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    generation_id, told = _walk(call, ready.body, callbacks, outputs, rule)
    written = log.getvalue() + "".join(capsys.readouterr())
    _is_clean(written, user, "private", *told.tokens.values())
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert lines
    for line in lines:
        assert line["request_id"] == REQUEST_ID
        assert line["service"]
    of_user = [line for line in lines if line.get("user")]
    assert {line["user"] for line in of_user} == {_hashed(user)}
    noted = {line["message"] for line in lines if line.get("generation_id") == generation_id}
    assert {"credits reserved", "predictions started", "webhook"} <= noted
    assert all(line["prediction_id"] for line in lines if line["message"] == "webhook")
    started = next(line["predictions"] for line in lines if line["message"] == "predictions started")
    assert len(started) == 2  # of the four, one was throttled and one's answer lost
    assert started.items() <= {str(image): prediction for image, prediction in told.ids.items()}.items()


def test_a_users_id_does_not_stay_for_the_next_request(call: Call, log: io.StringIO) -> None:
    call("gallery", "GET", "/generations/none")
    call("gallery", "GET", "/nowhere", user=None)
    call("webhook", "POST", "/webhooks/replicate/x", "{}", user=None)
    last = json.loads(log.getvalue().splitlines()[-1])
    assert "user" not in last


def test_metrics_are_written_as_cloudwatch_reads_them(
    *,
    call: Call,
    ready: Ready,
    callbacks: Callable[[str], Callbacks],
    outputs: Wire,
    rule: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    _walk(call, ready.body, callbacks, outputs, rule)
    blobs = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    found: dict[str, Any] = {}
    for blob in blobs:
        [directive] = blob["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == "Veil"
        assert blob["stage"] == "test"
        assert directive["Dimensions"] == [["stage"]]  # each other set of them costs apart
        for metric in directive["Metrics"]:
            found.setdefault(metric["Name"], []).extend(
                blob[metric["Name"]] if isinstance(blob[metric["Name"]], list) else [blob[metric["Name"]]]
            )
    assert found["CreditsReserved"] == [4]
    assert found["CreditsCaptured"] == [1]
    assert len(found["FirstImageSeconds"]) == 1
    # three of four started; then the second model for one that failed, and the first for one that was throttled
    assert found["ProviderCost"] == pytest.approx([0.12, 0.039 + 0.04])


def test_a_defect_is_logged_with_its_cause(
    call: Call, functions: dict[str, Any], log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(functions["gallery"].bootstrap.gallery.generations), "get", broken)
    answer = call("gallery", "GET", "/generations/01JDCK5T7Q8Z9A1B2C3D4E5F6G")
    assert answer.status == 500
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["level"], line["exception_name"]) == ("ERROR", "ZeroDivisionError")


def test_a_function_that_lacks_a_setting_does_not_start(
    functions: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TABLE_NAME")
    monkeypatch.setenv("OUTPUT_ORIGINS", "secret://value")
    with pytest.raises(Exception, match=r"TABLE_NAME: .*OUTPUT_ORIGINS: ") as stopped:
        cold("webhook")
    assert "secret://value" not in str(stopped.value)
