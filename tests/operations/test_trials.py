"""Each key at its provider: what is yes, what is no, and what is neither."""

from collections.abc import Callable
from typing import Any

import pytest

from local.stand_ins import ProvidersConfig
from operations import trials
from operations.trials import Trial, Verdict
from tests.support.wire import Reply, Wire, closed_port

WORKS, REFUSED, UNKNOWN = Verdict.WORKS, Verdict.REFUSED, Verdict.UNKNOWN
TRIALS = [trials.replicate_token, trials.comfy_token, trials.azure_face_key, trials.upstash_token, trials.toss_key]
LEARNT_FROM_HERE = [trials.comfy_token]  # by a machine that refuses it until it is stored
UNAUTHORIZED = Reply(401, {"error": "WRONGPASS invalid or missing auth token"})

pytestmark = pytest.mark.usefixtures("plain_environment")


def webhook_key(url: str, token: str) -> Trial:
    found = trials.webhook_key(url, token)
    return found if isinstance(found, Trial) else Trial(WORKS, "")


@pytest.mark.parametrize("trial", [*TRIALS, webhook_key])
@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        (UNAUTHORIZED, REFUSED),
        (Reply(429), UNKNOWN),
        (Reply(500), UNKNOWN),
        (Reply(502, b"<html>Bad Gateway</html>", {"content-type": "text/html"}), UNKNOWN),
        (Reply(302, headers={"location": "https://elsewhere.example"}), UNKNOWN),
        (Reply(reset=True), UNKNOWN),
    ],
)
def test_what_is_no_and_what_is_neither(
    trial: Callable[[str, str], Trial], reply: Reply, verdict: Verdict, wire: Wire
) -> None:
    wire.answer(reply)
    found = trial(wire.url, "_sk_secret-of-the-team")
    assert found.verdict is (UNKNOWN if reply is UNAUTHORIZED and trial in LEARNT_FROM_HERE else verdict)
    assert found.why
    assert "secret-of-the-team" not in found.why


@pytest.mark.parametrize("trial", [*TRIALS, webhook_key])
def test_a_provider_that_is_not_there(trial: Callable[[str, str], Trial]) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    found = trial(url, "_sk_key")
    assert found.verdict is UNKNOWN
    assert f"{url}" in found.why


@pytest.mark.parametrize("trial", [*TRIALS, webhook_key])
@pytest.mark.parametrize("key", ["ключ", "two\nlines"])
def test_what_no_header_can_hold(trial: Callable[[str, str], Trial], key: str, wire: Wire) -> None:
    assert trial(wire.url, key).verdict is REFUSED
    assert not wire.asked


@pytest.mark.parametrize(
    ("trial", "reply", "verdict", "why"),
    [
        (trials.replicate_token, Reply(200, {"type": "user", "username": "ada"}), WORKS, ""),
        (trials.comfy_token, Reply(200, {"jobs": []}), WORKS, ""),
        (trials.comfy_token, Reply(401), UNKNOWN, "a machine of your own learns it from here"),
        (trials.comfy_token, Reply(403), UNKNOWN, "does not accept it (403)"),
        (trials.azure_face_key, Reply(200, []), WORKS, ""),
        (trials.azure_face_key, Reply(404), REFUSED, "azure_face_url"),
        (trials.azure_face_key, Reply(403, {"error": {"code": "403"}}), UNKNOWN, "quota"),
        (trials.upstash_token, Reply(200, {"result": "OK"}), WORKS, ""),
        (trials.upstash_token, Reply(200, b"<html>"), UNKNOWN, "upstash_url"),
        (trials.upstash_token, Reply(404), REFUSED, "upstash_url"),
        (trials.upstash_token, Reply(400, {"error": "NOPERM this user has no permissions"}), REFUSED, "only read"),
        (webhook_key, Reply(200, {"key": "whsec_x"}), WORKS, ""),
        (webhook_key, Reply(200, {"secret": "x"}), UNKNOWN, "no key"),
    ],
)
def test_each_provider(trial: Any, reply: Reply, verdict: Verdict, why: str, wire: Wire) -> None:
    wire.answer(reply)
    found = trial(wire.url, "key")
    assert found.verdict is verdict
    assert why in found.why


def test_the_stand_ins_accept_what_is_right_and_nothing_else(providers: ProvidersConfig) -> None:
    base, right = providers.base_url, providers
    for trial, path, key in (
        (trials.replicate_token, "/replicate", right.replicate_token),
        (trials.azure_face_key, "/azure", right.azure_key),
        (trials.upstash_token, "/upstash", right.upstash_token),
    ):
        assert trial(f"{base}{path}", key).verdict is WORKS
        assert trial(f"{base}{path}", "wrong").verdict is REFUSED
    of_replicate = trials.webhook_key(f"{base}/replicate", right.replicate_token)
    assert isinstance(of_replicate, str)
    assert trials.same_key("whsec_other", of_replicate).verdict is REFUSED
    assert trials.same_key(right.webhook_signing_secret, of_replicate).verdict is WORKS


@pytest.mark.parametrize(
    ("key", "verdict"),
    [("toss_secret_key", WORKS), ("toss_billing_secret_key", WORKS), ("toss_client_key", REFUSED)],
)
def test_a_key_of_toss(providers: ProvidersConfig, key: str, verdict: Verdict) -> None:
    assert trials.toss_key(f"{providers.base_url}/toss", getattr(providers, key)).verdict is verdict


def test_an_unknown_key_of_toss_and_one_that_is_not_needed(providers: ProvidersConfig) -> None:
    assert trials.toss_key(f"{providers.base_url}/toss", "test_sk_unknown").verdict is REFUSED
    assert trials.toss_key(None, "test_sk_unknown").verdict is REFUSED
