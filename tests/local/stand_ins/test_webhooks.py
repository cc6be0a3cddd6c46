"""Webhooks as Replicate sends them, verified with the libraries that receivers use."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import replicate
from replicate.webhook import Webhooks, WebhookSigningSecret
from standardwebhooks import Webhook, WebhookVerificationError

from local.stand_ins import ProvidersConfig
from local.stand_ins.webhooks import sign

FLUX = "black-forest-labs/flux-1.1-pro"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def _create(client: replicate.Client, url: str, events: list[str] | None = None) -> str:
    hook = {"webhook": url, "webhook_events_filter": events or ["completed"]}
    prediction_id: str = client.models.predictions.create(model=FLUX, input={"prompt": "x"}, **hook).id
    return prediction_id


def test_the_signature_is_the_standards() -> None:
    signed = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_is_the_prediction_signed(client: replicate.Client, http: httpx.Client, receiver: Any) -> None:
    prediction_id = _create(client, receiver.url)
    headers, body = receiver.next()
    Webhook(SECRET).verify(body.decode(), headers)
    Webhooks.validate(headers=headers, body=body.decode(), secret=WebhookSigningSecret(key=SECRET))
    url = f"/replicate/v1/predictions/{prediction_id}"
    assert json.loads(body) == http.get(url, headers={"authorization": "Bearer r8_test"}).json()
    assert json.loads(body)["webhook"] == receiver.url


def test_events_are_those_asked_for(client: replicate.Client, receiver: Any) -> None:
    _create(client, receiver.url, ["start", "output", "completed"])
    statuses = sorted(json.loads(receiver.next()[1])["status"] for _ in range(3))
    assert statuses == ["processing", "processing", "succeeded"]


def test_a_refused_webhook_comes_again_as_the_same(
    client: replicate.Client, receiver: Any, rule: Callable[..., None]
) -> None:
    rule(replicate={"retry_delays": [0.01, 0.01, 0.01]})
    receiver.statuses = [500, 404]
    _create(client, receiver.url)
    ids = {receiver.next()[0]["webhook-id"] for _ in range(3)}
    assert len(ids) == 1
    assert receiver.requests.empty()


def test_it_gives_up_in_the_end(
    client: replicate.Client, http: httpx.Client, receiver: Any, rule: Callable[..., None]
) -> None:
    rule(replicate={"retry_delays": [0.01]})
    receiver.statuses = [500] * 9
    prediction_id = _create(client, receiver.url)
    for _ in range(2):
        receiver.next()
    for prediction in http.get("/_control/predictions").json():
        if prediction["id"] == prediction_id:
            assert len(prediction["messages"]) == 1
    assert receiver.requests.empty()


def test_repeat_sends_the_same_again(client: replicate.Client, receiver: Any, rule: Callable[..., None]) -> None:
    rule(replicate={"webhooks": [{"mode": "repeat", "times": 3}]})
    _create(client, receiver.url)
    received = [receiver.next() for _ in range(3)]
    assert len({headers["webhook-id"] for headers, _ in received}) == 1
    assert len({body for _, body in received}) == 1


def test_reorder_sends_the_last_first(client: replicate.Client, receiver: Any, rule: Callable[..., None]) -> None:
    rule(replicate={"webhooks": {"mode": "reorder", "times": 2, "seconds": 2}, "outcome": "never"})
    first, second = _create(client, receiver.url), _create(client, receiver.url)
    client.predictions.cancel(first)
    client.predictions.cancel(second)
    assert [json.loads(receiver.next()[1])["id"] for _ in range(2)] == [second, first]


def test_delay_lets_a_poll_see_the_end_first(
    client: replicate.Client, receiver: Any, rule: Callable[..., None]
) -> None:
    rule(replicate={"webhooks": [{"mode": "delay", "seconds": 0.3}], "outcome": "never"})
    prediction_id = _create(client, receiver.url)
    assert client.predictions.cancel(prediction_id).status == "canceled"
    assert receiver.requests.empty()
    assert json.loads(receiver.next()[1])["id"] == prediction_id


def test_dropped_and_sent_by_hand(
    client: replicate.Client, http: httpx.Client, receiver: Any, rule: Callable[..., None]
) -> None:
    rule(replicate={"webhooks": "drop", "outcome": "never"})
    prediction_id = _create(client, receiver.url)
    client.predictions.cancel(prediction_id)
    answer = http.post(f"/_control/predictions/{prediction_id}/webhook").json()
    assert answer == {"status": 204}
    assert json.loads(receiver.next()[1])["status"] == "canceled"
    assert receiver.requests.empty()


@pytest.mark.parametrize("options", [{"forge": True}, {"timestamp": int(time.time()) - 3600}])
def test_by_hand_forged_or_old(
    client: replicate.Client, http: httpx.Client, receiver: Any, options: dict[str, Any]
) -> None:
    prediction_id = _create(client, receiver.url)
    receiver.next()
    http.post(f"/_control/predictions/{prediction_id}/webhook", json=options).raise_for_status()
    headers, body = receiver.next()
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.decode(), headers)


@pytest.mark.parametrize("mode", ["forge", "stale"])
def test_rules_forge_and_stale(client: replicate.Client, receiver: Any, rule: Callable[..., None], mode: str) -> None:
    rule(replicate={"webhooks": [mode]})
    _create(client, receiver.url)
    headers, body = receiver.next()
    assert len(base64.b64decode(headers["webhook-signature"].removeprefix("v1,"))) == 32
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.decode(), headers)


def test_nobody_there_is_counted(
    client: replicate.Client, config: ProvidersConfig, http: httpx.Client, rule: Callable[..., None]
) -> None:
    rule(replicate={"retry_delays": [], "outcome": "never"})
    prediction_id = _create(client, "http://127.0.0.1:1/hook")
    client.predictions.cancel(prediction_id)
    assert http.post(f"/_control/predictions/{prediction_id}/webhook").json() == {"status": 0}
