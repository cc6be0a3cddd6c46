"""Comfy API v2 on the wire, against every answer that it may get. With the real proxy: `test_comfy_proxy.py`."""

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from infra.times import API_FUNCTION_SECONDS
from tests.fakes.photos import MemoryPhotos
from tests.fakes.secrets import FakeSecret
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.providers import comfy, comfy_wire
from veil.adapters.providers.comfy import ComfyProvider
from veil.adapters.providers.output_fetcher import HttpOutputFetcher
from veil.domain.predictions import (
    BadOutput,
    OutcomeUnknown,
    Prediction,
    PredictionGone,
    PredictionRequest,
    PredictionStatus,
    ProviderDown,
    Refused,
    Throttled,
)
from veil.domain.workflow import NAME, PHOTO

pytestmark = pytest.mark.usefixtures("comfy_clients")
KEY, JOB, ASSET = "8b00d609-3caa-53d7-be82-62d82a484b87", "fc5af8d1-job", "245d5e70-asset"
ID = f"{JOB}.{ASSET}"
GRAPH: dict[str, object] = {
    "1": {"class_type": "LoadImage", "inputs": {"image": PHOTO}},
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": NAME}},
}
REQUEST = PredictionRequest("comfy/qwen-image-edit", GRAPH, "", KEY, "inputs/ada.jpg")
PUSHED = Reply(201, {"id": ASSET, "created_new": True})
HTML = Reply(200, b"<html>502 Bad Gateway</html>", {"content-type": "text/html"})
WORKFLOW = Reply(200, {"workflow": {"2": {"inputs": {"filename_prefix": f"veil/{KEY}.{ASSET}"}}}, "format": "api"})


def error(status: int, code: str, headers: dict[str, str] | None = None) -> Reply:
    details = {"node_errors": {"1": {"traceback": "/home/ada/secret.py"}}}
    return Reply(status, {"error": {"code": code, "message": "no: /home/ada", "details": details}}, headers or {})


def job(status: str = "queued", **more: Any) -> dict[str, Any]:
    return {"id": JOB, "status": status, "outputs": [], "error": None, **more}


def image(url: str, **more: Any) -> dict[str, Any]:
    return {"node_id": "2", "name": f"{KEY}.{ASSET}_00001_.png", "type": "image", "url": url, "size_bytes": 0, **more}


@pytest.fixture
def photos() -> MemoryPhotos:
    store = MemoryPhotos(lambda: 0)
    store.land("inputs/ada.jpg", b"the photo's bytes", "image/jpeg")
    return store


@pytest.fixture
def provider(wire: Wire, photos: MemoryPhotos) -> ComfyProvider:
    return ComfyProvider(wire.url, FakeSecret("token"), photos, 8)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comfy_wire, "PIECE_SECONDS", 0.2)


def asked(wire: Wire) -> list[tuple[str, str]]:
    return [(each.method, each.path) for each in wire.asked]


def test_a_photo_is_pushed_and_a_workflow_submitted_once(wire: Wire, provider: ComfyProvider) -> None:
    wire.answer(PUSHED, Reply(201, job()))
    assert provider.start(REQUEST) == ID
    pushed, submitted = wire.asked
    assert asked(wire) == [("POST", "/api/v2/assets"), ("POST", "/api/v2/jobs")]
    assert {each.headers["authorization"] for each in wire.asked} == {"Bearer token"}
    for part in (b"the photo's bytes", f"input/{KEY}.jpg".encode(), b'name="expires_in"\r\n\r\n3600', b"image/jpeg"):
        assert part in pushed.body
    assert "idempotency-key" not in pushed.headers
    assert submitted.headers["idempotency-key"] == KEY
    assert submitted.json == {
        "workflow": {
            "1": {"class_type": "LoadImage", "inputs": {"image": {"__type": "core/ASSET", "info": {"id": ASSET}}}},
            "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": f"veil/{KEY}.{ASSET}"}},
        }
    }


def test_a_photo_that_is_gone(wire: Wire, provider: ComfyProvider, photos: MemoryPhotos) -> None:
    photos.objects.clear()
    with pytest.raises(Refused):
        provider.start(REQUEST)
    assert wire.asked == []


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "reply",
    [
        error(429, "rate_limited"),
        error(409, "hash_mismatch"),
        error(500, "upstream_error"),
        Reply(502, b"<html>"),
        Reply(reset=True),
        Reply(hang=True),
        HTML,
        Reply(201, {"id": ""}),
        Reply(201, {"id": 7}),
        Reply(201, []),
        Reply(201, b"[" * 100_000),
    ],
    ids=lambda reply: f"{reply.status} {reply.data[:20]!r} {reply.reset} {reply.hang}",
)
def test_a_photo_that_did_not_arrive_can_be_sent_again(wire: Wire, provider: ComfyProvider, reply: Reply) -> None:
    wire.answer(reply)
    with pytest.raises(Throttled):
        provider.start(REQUEST)
    assert asked(wire) == [("POST", "/api/v2/assets")]


@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 413, 422])
def test_a_photo_that_it_does_not_want(wire: Wire, provider: ComfyProvider, status: int) -> None:
    wire.answer(error(status, "no"))
    with pytest.raises(Refused) as refused:
        provider.start(REQUEST)
    assert refused.value.status == status
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (error(422, "invalid_workflow"), 422),
        (error(422, "workflow_format_ui"), 422),
        (error(422, "deployment_stopped"), 422),
        (error(402, "insufficient_credits"), 402),
        (error(401, "unauthorized"), 401),
        (error(403, "forbidden"), 403),
        (error(404, "not_found"), 404),
        (Reply(422, b"<html>"), 422),
    ],
    ids=str,
)
def test_a_workflow_that_is_refused_for_good(
    wire: Wire, provider: ComfyProvider, caplog: pytest.LogCaptureFixture, reply: Reply, status: int
) -> None:
    wire.answer(PUSHED, reply, Reply(204))
    with pytest.raises(Refused) as refused:
        provider.start(REQUEST)
    assert refused.value.status == status
    assert asked(wire)[1:] == [("POST", "/api/v2/jobs"), ("DELETE", f"/api/v2/assets/{ASSET}")]
    assert "/home/ada" not in caplog.text + str(refused.value)


@pytest.mark.parametrize("code", ["queue_full", "deployment_not_ready", "rate_limited"])
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "86400"}, 300),
        ({"retry-after": "-1"}, 0),
        ({"retry-after": "nan"}, 0),
        ({"retry-after": "Mon, 23 Nov 2026 00:00:00 GMT"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_a_workflow_that_is_refused_for_now(
    wire: Wire, provider: ComfyProvider, code: str, headers: dict[str, str], seconds: float | None
) -> None:
    wire.answer(PUSHED, error(429, code, headers), Reply(204))
    with pytest.raises(Throttled) as throttled:
        provider.start(REQUEST)
    assert throttled.value.retry_after == seconds
    assert asked(wire)[2:] == [("DELETE", f"/api/v2/assets/{ASSET}")]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "reply",
    [
        error(500, "upstream_error"),
        error(503, "upstream_unreachable"),
        Reply(502, b"<html>"),
        Reply(408),
        Reply(307, b"", {"location": "https://example.com/"}),
        Reply(reset=True),
        Reply(hang=True),
        HTML,
        Reply(201, b'{"id": "cut'),
        Reply(201, {"id": ""}),
        Reply(201, None),
        Reply(201, b"\xff\xfe"),
    ],
    ids=lambda reply: f"{reply.status} {reply.data[:20]!r} {reply.reset} {reply.hang}",
)
def test_an_answer_that_was_lost_is_never_asked_for_again(wire: Wire, provider: ComfyProvider, reply: Reply) -> None:
    """A job may run: its photo stays."""
    wire.answer(PUSHED, reply)
    with pytest.raises(OutcomeUnknown):
        provider.start(REQUEST)
    assert asked(wire) == [("POST", "/api/v2/assets"), ("POST", "/api/v2/jobs")]


def test_what_was_never_sent_may_be_sent_again(photos: MemoryPhotos) -> None:
    provider = ComfyProvider(f"http://127.0.0.1:{closed_port()}", FakeSecret("token"), photos, 8)
    with pytest.raises(Throttled):
        provider.start(REQUEST)
    assert not provider.has_room(1)


@pytest.mark.parametrize("url", ["ftp://own.test", "own.test"])
def test_what_cannot_be_sent(photos: MemoryPhotos, url: str) -> None:
    with pytest.raises(Refused):
        ComfyProvider(url, FakeSecret("token"), photos, 8).start(REQUEST)


@pytest.mark.parametrize("found", [True, False])
def test_a_key_that_was_used(wire: Wire, provider: ComfyProvider, found: bool) -> None:
    listed = [job("succeeded", id="another", outputs=[image("/x", name="other_00001_.png")]), job("running")]
    wire.answer(
        PUSHED,
        error(422, "idempotency_key_reuse"),
        Reply(200, {"jobs": listed if found else listed[:1], "truncated": False}),
        WORKFLOW,
    )
    if found:
        assert provider.start(REQUEST) == ID
        assert asked(wire)[-1] == ("GET", f"/api/v2/jobs/{JOB}/workflow")
    else:
        with pytest.raises(OutcomeUnknown):
            provider.start(REQUEST)


@pytest.mark.parametrize("reply", [Reply(404), Reply(405), error(503, "upstream_unreachable"), HTML], ids=str)
def test_a_key_that_was_used_where_no_job_can_be_looked_for(wire: Wire, provider: ComfyProvider, reply: Reply) -> None:
    wire.answer(PUSHED, error(422, "idempotency_key_reuse"), reply)
    with pytest.raises(OutcomeUnknown):
        provider.start(REQUEST)


def test_a_photo_that_another_attempt_has_just_deleted_is_pushed_again(wire: Wire, provider: ComfyProvider) -> None:
    wire.answer(PUSHED, error(422, "missing_asset"), Reply(201, {"id": "new"}), Reply(201, job()))
    assert provider.start(REQUEST) == f"{JOB}.new"
    wire.asked.clear()
    wire.answer(PUSHED, error(422, "missing_asset"), PUSHED, error(422, "missing_asset"))
    with pytest.raises(Throttled):
        provider.start(REQUEST)
    assert len(wire.asked) == 4


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("queued", PredictionStatus.RUNNING),
        ("running", PredictionStatus.RUNNING),
        ("canceling", PredictionStatus.RUNNING),
        ("some day a new one", PredictionStatus.RUNNING),
        ("succeeded", PredictionStatus.SUCCEEDED),
        ("failed", PredictionStatus.FAILED),
        ("canceled", PredictionStatus.CANCELED),
    ],
)
def test_what_became_of_a_prediction(
    wire: Wire, provider: ComfyProvider, status: str, expected: PredictionStatus
) -> None:
    traceback = {"code": "node_execution_error", "message": "no", "traceback": "/home/ada/secret.py"}
    wire.answer(Reply(200, job(status, error=traceback)))
    assert provider.fetch(ID) == Prediction(ID, expected)
    assert asked(wire) == [("GET", f"/api/v2/jobs/{JOB}")]


def test_outputs_as_we_reach_them(wire: Wire, photos: MemoryPhotos) -> None:
    """Not as a server says that does not know what stands before it; and images alone."""
    provider = ComfyProvider(wire.url.replace("http:", "https:") + "/deployment/7", FakeSecret("token"), photos, 8)
    provider._wire._base = f"{wire.url}/api/v2"
    host = wire.url.removeprefix("http://")
    outputs = [
        image("/api/v2/assets/a/content"),
        image(f"http://{host.partition(':')[0]}/api/v2/assets/b/content?x=1"),
        image("https://storage.test/c?signature=s"),
        image("/d", type="text"),
        image(""),
    ]
    wire.answer(Reply(200, job("succeeded", outputs=outputs)))
    assert provider.fetch(ID).outputs == (
        f"https://{host}/api/v2/assets/a/content",
        f"https://{host}/api/v2/assets/b/content?x=1",
        "https://storage.test/c?signature=s",
    )


@pytest.mark.parametrize("link", ["http://[", "//[::1/a", "http://\u2100/a", "http://own.test:x/a"])
def test_a_link_that_leads_nowhere_is_a_bad_output(wire: Wire, provider: ComfyProvider, link: str) -> None:
    """And no defect of ours: the next model is tried at once."""
    wire.answer(Reply(200, job("succeeded", outputs=[image(link)])))
    [url] = provider.fetch(ID).outputs
    with pytest.raises(BadOutput):
        HttpOutputFetcher([wire.url], 1, {wire.url: FakeSecret("token")}).fetch(url)


def test_expired_is_asked_twice(wire: Wire, provider: ComfyProvider) -> None:
    """The proxy says so of a job that ends while it looks."""
    wire.answer(Reply(200, job("expired")), Reply(200, job("succeeded", outputs=[image("/a")])))
    assert provider.fetch(ID).outputs == (f"{wire.url}/a",)
    wire.answer(Reply(200, job("expired")))
    with pytest.raises(PredictionGone):
        provider.fetch(ID)


def test_what_it_does_not_know(wire: Wire, provider: ComfyProvider) -> None:
    wire.answer(error(404, "not_found"))
    for ask in (provider.fetch, provider.cancel, provider.forget):
        with pytest.raises(PredictionGone):
            ask(ID)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "reply",
    [
        error(429, "rate_limited"),
        error(500, "upstream_error"),
        Reply(503),
        Reply(302),
        Reply(reset=True),
        Reply(hang=True),
    ],
    ids=lambda reply: f"{reply.status} {reply.hang} {reply.reset}",
)
def test_no_answer_to_a_question_now(wire: Wire, provider: ComfyProvider, reply: Reply) -> None:
    asks: list[Callable[[str], object]] = [provider.fetch, provider.cancel, provider.forget, provider.find]
    for ask in asks:
        wire.answer(reply)
        wire.asked.clear()
        with pytest.raises(ProviderDown):
            ask(ID)
        assert len(wire.asked) == 1
    assert not provider.has_room(1)


@pytest.mark.parametrize("reply", [HTML, Reply(200, {"id": JOB}), Reply(200, {"id": 7, "status": "failed"}), Reply()])
def test_an_answer_that_is_no_job(wire: Wire, provider: ComfyProvider, reply: Reply) -> None:
    wire.answer(reply)
    with pytest.raises(ProviderDown):
        provider.fetch(ID)
    with pytest.raises(ProviderDown):
        provider.find(KEY)
    assert not provider.has_room(1)


def test_an_answer_without_end(wire: Wire, provider: ComfyProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large, or too slow, though it would be a job in the end."""
    whole = json.dumps(job("failed")).encode()
    wire.answer(Reply(200, whole + b" " * comfy_wire.MAX_ANSWER_BYTES))
    with pytest.raises(ProviderDown):
        provider.fetch(ID)
    monkeypatch.setattr(comfy_wire, "monotonic", count(step=11).__next__)
    wire.answer(Reply(200, whole))
    with pytest.raises(ProviderDown):
        provider.fetch(ID)


def test_who_waits_for_a_start_is_answered_in_time(
    wire: Wire, provider: ComfyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All requests of a start have its seconds together, whatever each may take."""
    assert comfy.ROOM_SECONDS + comfy.START_SECONDS + comfy.ROOM_SECONDS < API_FUNCTION_SECONDS
    given: list[float] = []
    ask = provider._wire.ask

    def asked_in_time(method: str, path: str, **sent: Any) -> comfy_wire.Answer:
        given.append(sent["within"])
        return ask(method, path, **sent)

    monkeypatch.setattr(provider._wire, "ask", asked_in_time)
    clock = count(step=2)
    monkeypatch.setattr(comfy_wire, "monotonic", lambda: float(next(clock)))
    wire.answer(PUSHED, Reply(201, job()))
    assert provider.start(REQUEST) == ID
    push, submit = given
    assert comfy.START_SECONDS > push > submit > 0


@pytest.mark.parametrize("status", [401, 403, 404, 405, 501])
def test_where_no_jobs_are_listed_the_queue_is_its_own(wire: Wire, provider: ComfyProvider, status: int) -> None:
    wire.answer(Reply(status))
    assert provider.has_room(4)
    with pytest.raises(ProviderDown):
        provider.find(KEY)


def test_what_is_open_counts(wire: Wire, provider: ComfyProvider) -> None:
    statuses = ["queued"] * 3 + ["running", "canceling", "succeeded", "failed", "canceled", "expired"]
    wire.answer(Reply(200, {"jobs": [job(status) for status in statuses], "truncated": False}))
    assert provider.has_room(3)
    assert not provider.has_room(4)
    assert asked(wire)[0] == ("GET", "/api/v2/jobs?limit=24")


def test_an_id_is_one_part_of_a_path(wire: Wire, provider: ComfyProvider) -> None:
    wire.answer(Reply(404))
    for ask in (provider.fetch, provider.cancel, provider.forget):
        with pytest.raises(PredictionGone):
            ask("../../a?x=1#.../b")
    assert [path for _, path in asked(wire)] == [
        "/api/v2/jobs/..%2F..%2Fa%3Fx%3D1%23..",
        "/api/v2/jobs/..%2F..%2Fa%3Fx%3D1%23../cancel",
        "/api/v2/assets/%2Fb",
    ]


def test_a_token_that_was_replaced(wire: Wire, photos: MemoryPhotos) -> None:
    """What was refused for the old one did nothing, and is sent once more."""
    secret = FakeSecret("old")
    provider = ComfyProvider(wire.url, secret, photos, 8)
    secret.put("new")
    wire.answer(error(401, "unauthorized"), PUSHED, Reply(201, job()))
    assert provider.start(REQUEST) == ID
    assert [each.headers["authorization"] for each in wire.asked] == ["Bearer old", "Bearer new", "Bearer new"]
