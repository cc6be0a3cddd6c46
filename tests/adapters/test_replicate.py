"""Replicate's real client with our transport, against every answer that it may get."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.fakes.secrets import FakeSecret
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.credentials import Credentialed
from veil.adapters.providers import replicate
from veil.adapters.providers.replicate import ReplicateProvider, replicate_client
from veil.domain.predictions import (
    OutcomeUnknown,
    Prediction,
    PredictionGone,
    PredictionRequest,
    PredictionStatus,
    ProviderDown,
    Refused,
    Throttled,
)

ID = "hxvjgf8hmhrge0ckcmdbr6k0km"
REQUEST = PredictionRequest(
    "black-forest-labs/flux-1.1-pro",
    {"prompt": "a portrait", "seed": 7},
    "https://veil.test/webhooks/replicate/t",
    "key",
    "inputs/photo",
)
HTML = Reply(200, b"<html>502 Bad Gateway</html>", {"content-type": "text/html"})


def _prediction(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "model": REQUEST.model,
        "version": "hidden",
        "input": REQUEST.input,
        "logs": "",
        "output": None,
        "data_removed": False,
        "error": None,
        "status": "starting",
        "source": "api",
        "created_at": "2026-11-23T00:00:00.123456789Z",
        "urls": {"cancel": "https://x/cancel", "get": "https://x/get", "web": "https://x/web"},
        **changes,
    }


@pytest.fixture
def connect() -> Iterator[Callable[[str], ReplicateProvider]]:
    """The adapter with a client of this URL; closed after the test."""
    clients = []

    def connected(url: str) -> ReplicateProvider:
        client = replicate_client(url, "r8_secret", 300)
        clients.append(client)
        return ReplicateProvider(Credentialed(FakeSecret("r8_secret"), lambda _: client))

    yield connected
    for client in clients:
        client._client.close()  # it has no close of its own


@pytest.fixture
def model(wire: Wire, connect: Callable[[str], ReplicateProvider]) -> ReplicateProvider:
    return connect(wire.url)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(replicate.TIMEOUT, "read", 0.2)


def test_a_prediction_is_started_once_as_the_api_wants_it(wire: Wire, model: ReplicateProvider) -> None:
    wire.answer(Reply(201, _prediction()))
    assert model.start(REQUEST) == ID
    [asked] = wire.asked
    assert (asked.method, asked.path) == ("POST", "/v1/models/black-forest-labs/flux-1.1-pro/predictions")
    assert asked.json == {
        "input": {"prompt": "a portrait", "seed": 7},
        "webhook": "https://veil.test/webhooks/replicate/t",
        "webhook_events_filter": ["completed"],
    }
    assert asked.headers["authorization"] == "Bearer r8_secret"
    assert asked.headers["cancel-after"] == "300s"
    assert "prefer" not in asked.headers


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422])
@pytest.mark.parametrize("body", [{"detail": "no", "status": 999}, ["no"], b"<html>no</html>"], ids=str)
def test_refused_for_good(wire: Wire, model: ReplicateProvider, status: int, body: Any) -> None:
    wire.answer(Reply(status, body))
    with pytest.raises(Refused) as refused:
        model.start(REQUEST)
    assert refused.value.status == status
    assert len(wire.asked) == 1


@pytest.mark.parametrize("status", [408, 409, 425, 429])
def test_refused_for_now(wire: Wire, model: ReplicateProvider, status: int) -> None:
    wire.answer(Reply(status, {"detail": "later"}))
    with pytest.raises(Throttled) as throttled:
        model.start(REQUEST)
    assert throttled.value.retry_after is None
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({"detail": "Your rate limit resets in ~5s.", "status": 429, "retry_after": 7}, {}, 7),
        ({"detail": "Request was throttled. Your rate limit resets in ~30s."}, {}, 30),
        ({"detail": "throttled"}, {"Retry-After": "12"}, 12),
        ({"detail": "throttled", "retry_after": 86_400}, {}, 300),
        ({"detail": "throttled", "retry_after": -5}, {}, 0),
        (b'{"retry_after": NaN}', {}, 0),
        (b'{"retry_after": Infinity}', {}, 300),
        ({"detail": "throttled", "retry_after": [1]}, {}, None),
        ({"detail": "throttled"}, {"Retry-After": "Mon, 23 Nov 2026 00:00:00 GMT"}, None),
        ([], {}, None),
        (b"\xff\xfe", {}, None),
    ],
    ids=str,
)
def test_the_hint_of_a_429(
    wire: Wire, model: ReplicateProvider, body: Any, headers: dict[str, str], seconds: float | None
) -> None:
    wire.answer(Reply(429, body, headers))
    with pytest.raises(Throttled) as throttled:
        model.start(REQUEST)
    assert throttled.value.retry_after == seconds


def test_what_was_never_sent_may_be_sent_again(connect: Callable[[str], ReplicateProvider]) -> None:
    with pytest.raises(Throttled):
        connect(f"http://127.0.0.1:{closed_port()}").start(REQUEST)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(reset=True),
        HTML,
        Reply(201, b""),
        Reply(201, b'{"id": "cut'),
        Reply(201, b"\xff\xfe\xfd"),
        Reply(201, ["not", "a", "prediction"]),
        Reply(201, None),
        Reply(201, {"id": ""}),
        Reply(201, {"id": 7}),
        Reply(201, b'{"id": "\\ud83d"}'),
        Reply(201, b"[" * 100_000),
        *(Reply(status, {"detail": "no"}) for status in (500, 502, 503, 504, 520, 522, 524, 529)),
        Reply(502, b"<html>Bad Gateway</html>"),
        Reply(307, b"", {"location": "https://example.com/"}),
    ],
    ids=lambda reply: f"{reply.status} {reply.data[:20]!r} {reply.reset}",
)
def test_an_answer_that_was_lost_is_never_asked_for_again(wire: Wire, model: ReplicateProvider, reply: Reply) -> None:
    """A prediction may run: another POST would be another one, and paid for."""
    wire.answer(reply)
    with pytest.raises(OutcomeUnknown):
        model.start(REQUEST)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"id": ID},
        _prediction(urls={"cancel": "https://x/cancel", "get": "https://x/get", "stream": None}),
        _prediction(status="aborted"),
        _prediction(status="something new"),
        _prediction(error={"code": "E1001"}),
        _prediction(input=None, created_at="yesterday", metrics=[1], version=7),
        b'{"id": "%s", "logs": "\\ud83d", "metrics": {"total_time": %s}}' % (ID.encode(), b"1" * 5000),
        b'{"id": "%s", "metrics": {"predict_time": NaN}}' % ID.encode(),
    ],
    ids=lambda body: str(body)[:90],
)
@pytest.mark.parametrize("status", [200, 201, 202])
def test_an_id_that_arrived_is_kept(wire: Wire, model: ReplicateProvider, status: int, body: Any) -> None:
    wire.answer(Reply(status, body))
    assert model.start(REQUEST) == ID


@pytest.mark.usefixtures("impatient")
def test_an_answer_that_does_not_come_is_not_waited_for(wire: Wire, model: ReplicateProvider) -> None:
    """The client itself would wait for ever."""
    wire.answer(Reply(hang=True))
    with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
        model.start(REQUEST)
    assert len(wire.asked) == 1


def test_real_limits_are_of_seconds() -> None:
    assert 0 < max(replicate.TIMEOUT.values()) <= 10


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "starting"}, Prediction(ID, PredictionStatus.RUNNING)),
        ({"status": "processing", "output": None}, Prediction(ID, PredictionStatus.RUNNING)),
        ({"status": "some day a new one"}, Prediction(ID, PredictionStatus.RUNNING)),
        (
            {"status": "succeeded", "output": "https://replicate.delivery/a.jpg"},
            Prediction(ID, PredictionStatus.SUCCEEDED, ("https://replicate.delivery/a.jpg",)),
        ),
        ({"status": "succeeded", "output": ["u", "v"]}, Prediction(ID, PredictionStatus.SUCCEEDED, ("u", "v"))),
        ({"status": "succeeded", "output": None}, Prediction(ID, PredictionStatus.SUCCEEDED)),
        ({"status": "succeeded", "output": []}, Prediction(ID, PredictionStatus.SUCCEEDED)),
        ({"status": "succeeded", "output": {"a": "u"}}, Prediction(ID, PredictionStatus.SUCCEEDED)),
        ({"status": "succeeded", "output": [None, "", 7]}, Prediction(ID, PredictionStatus.SUCCEEDED)),
        ({"status": "succeeded", "data_removed": True, "deadline": "x"}, Prediction(ID, PredictionStatus.SUCCEEDED)),
        ({"status": "failed", "error": "Out of memory (E1001)"}, Prediction(ID, PredictionStatus.FAILED)),
        ({"status": "failed", "error": None}, Prediction(ID, PredictionStatus.FAILED)),
        ({"status": "failed", "error": {"code": 7}}, Prediction(ID, PredictionStatus.FAILED)),
        (
            {"status": "failed", "error": "The input or output was flagged as sensitive. (E005) (uIJ6l3ruRD)"},
            Prediction(ID, PredictionStatus.FLAGGED),
        ),
        ({"status": "failed", "error": "NSFW content detected."}, Prediction(ID, PredictionStatus.FLAGGED)),
        ({"status": "failed", "error": "E0051 at step 3"}, Prediction(ID, PredictionStatus.FAILED)),
        ({"status": "canceled", "metrics": {"predict_time": 0.1}}, Prediction(ID, PredictionStatus.CANCELED)),
        ({"status": "aborted", "urls": {"stream": None}}, Prediction(ID, PredictionStatus.ABORTED)),
    ],
    ids=str,
)
def test_what_became_of_a_prediction(
    wire: Wire, model: ReplicateProvider, changes: dict[str, Any], expected: Prediction
) -> None:
    wire.answer(Reply(200, _prediction(**changes)))
    assert model.fetch(ID) == expected
    assert (wire.asked[0].method, wire.asked[0].path) == ("GET", f"/v1/predictions/{ID}")


def test_a_prediction_that_replicate_does_not_know(wire: Wire, model: ReplicateProvider) -> None:
    wire.answer(Reply(404, {"detail": "Not found."}))
    for ask in (model.fetch, model.cancel):
        with pytest.raises(PredictionGone):
            ask(ID)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "reply",
    [
        Reply(401, {"title": "Unauthenticated"}),
        Reply(429, {"detail": "throttled"}, {"Retry-After": "60"}),
        Reply(503, b"", {"Retry-After": "60"}),
        Reply(500),
        Reply(reset=True),
        Reply(hang=True),
        HTML,
    ],
    ids=lambda reply: f"{reply.status} {reply.hang} {reply.reset}",
)
def test_no_answer_to_a_question_now(wire: Wire, model: ReplicateProvider, reply: Reply) -> None:
    """Asked once, though the client would ask ten times and sleep as long as it is told."""
    for ask in (model.fetch, model.cancel):
        wire.answer(reply)
        wire.asked.clear()
        with pytest.raises(ProviderDown):
            ask(ID)
        assert len(wire.asked) == 1


@pytest.mark.parametrize("body", [{}, {"id": ID}, {"id": 7, "status": "failed"}, [], None, "x"], ids=str)
def test_an_answer_that_is_no_prediction(wire: Wire, model: ReplicateProvider, body: Any) -> None:
    wire.answer(Reply(200, body))
    with pytest.raises(ProviderDown):
        model.fetch(ID)


def test_an_id_is_one_part_of_a_path(wire: Wire, model: ReplicateProvider) -> None:
    wire.answer(Reply(404))
    for ask in (model.fetch, model.cancel):
        with pytest.raises(PredictionGone):
            ask("../../account?x=1#")
    assert [asked.path for asked in wire.asked] == [
        "/v1/predictions/..%2F..%2Faccount%3Fx%3D1%23",
        "/v1/predictions/..%2F..%2Faccount%3Fx%3D1%23/cancel",
    ]


def test_cancel(wire: Wire, model: ReplicateProvider) -> None:
    wire.answer(Reply(200, _prediction(status="canceled")))
    model.cancel(ID)
    assert (wire.asked[0].method, wire.asked[0].path) == ("POST", f"/v1/predictions/{ID}/cancel")
