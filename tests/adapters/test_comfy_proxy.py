"""A model of one's own, through Comfy's real proxy, before the stand-in of ComfyUI."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import count
from pathlib import Path

import httpx
import pytest
from PIL import Image

from infra.own_model.front import ROUTES
from local.processes import poll
from tests.fakes.photos import MemoryPhotos
from tests.fakes.secrets import FakeSecret
from tests.support import comfy as support
from tests.support.comfy import TOKEN, Comfy
from veil.adapters.providers.comfy import ComfyProvider
from veil.adapters.providers.output_fetcher import HttpOutputFetcher
from veil.domain.image_models import CATALOGUE, COMFY, attempt_key, seed_for
from veil.domain.ports import PolledProvider
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

PHOTO = Path(__file__).parents[2] / "local" / "photos" / "eileen-collins.jpg"
MODELS = [name for name, model in CATALOGUE.items() if model.provider == COMFY]
pytestmark = pytest.mark.usefixtures("comfy_clients")
QUEUE_MAX = 4
UNKNOWN = "0b9d6f8e-0000-5000-8000-000000000000"
_numbers = count()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comfy]:
    with support.running(tmp_path_factory.mktemp("comfy")) as comfy:
        yield comfy


@pytest.fixture
def comfy(running: Comfy) -> Iterator[Comfy]:
    running.rule(latency=0)
    yield running
    if not running.proxy.alive:
        running.start_proxy()
    running.reset()


@pytest.fixture
def photos() -> MemoryPhotos:
    store = MemoryPhotos(lambda: 0)
    store.land("inputs/ada.jpg", PHOTO.read_bytes(), "image/jpeg")
    return store


@pytest.fixture
def provider(comfy: Comfy, photos: MemoryPhotos) -> PolledProvider:
    return ComfyProvider(comfy.url, FakeSecret(TOKEN), photos, QUEUE_MAX)


@pytest.fixture
def fetcher(comfy: Comfy) -> Iterator[HttpOutputFetcher]:
    adapter = HttpOutputFetcher([], 20_000_000, {comfy.url: FakeSecret(TOKEN)})
    yield adapter
    if adapter._client:
        adapter._client.close()


def request(model: str = MODELS[0], index: int | None = None) -> PredictionRequest:
    """Of another attempt each time."""
    index = next(_numbers) if index is None else index
    given = CATALOGUE[model].input("a classic wedding portrait", "", seed_for("01J", index, 1))
    return PredictionRequest(model, given, "", attempt_key("01J", index, 1), "inputs/ada.jpg")


def ended(provider: PolledProvider, prediction_id: str) -> Prediction:
    found: list[Prediction] = []

    def has_ended() -> bool:
        found.append(provider.fetch(prediction_id))
        return found[-1].status is not PredictionStatus.RUNNING

    assert poll(has_ended, 20)
    return found[-1]


@pytest.mark.parametrize("model", MODELS)
def test_a_photo_becomes_a_portrait_without_its_workflow(
    provider: PolledProvider, fetcher: HttpOutputFetcher, model: str
) -> None:
    started = provider.start(request(model))
    prediction = ended(provider, started)
    assert (prediction.id, prediction.status) == (started, PredictionStatus.SUCCEEDED)
    [url] = prediction.outputs
    data, output = fetcher.fetch(url)
    image = Image.open(BytesIO(data))
    assert (image.size, image.format, output.content_type) == ((864, 1152), "PNG", "image/png")
    assert b"trainedAlgorithmicMedia" in data
    for private in (b"wedding portrait", b"class_type", b"safetensors"):
        assert private not in data


def test_an_output_needs_the_token(provider: PolledProvider, fetcher: HttpOutputFetcher) -> None:
    [url] = ended(provider, provider.start(request())).outputs
    fetcher._own.clear()
    with pytest.raises(BadOutput):
        fetcher.fetch(url)


def test_half_a_picture_is_none(comfy: Comfy, provider: PolledProvider, fetcher: HttpOutputFetcher) -> None:
    comfy.rule(outcome="truncated_output")
    [url] = ended(provider, provider.start(request())).outputs
    with pytest.raises(BadOutput):
        fetcher.fetch(url)


def test_four_attempts_at_one_photo_are_four_jobs(comfy: Comfy, provider: PolledProvider) -> None:
    wanted = [request() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(provider.start, wanted))
    assert len(set(started)) == len(comfy.jobs()) == 4
    assert [provider.find(each.key) for each in wanted] == started
    assert {ended(provider, each).status for each in started} == {PredictionStatus.SUCCEEDED}
    assert [provider.find(each.key) for each in wanted] == started


def test_a_photo_is_deleted_with_its_attempt(comfy: Comfy, provider: PolledProvider) -> None:
    started = provider.start(request())
    ended(provider, started)
    assert comfy.photos() == 1
    provider.forget(started)
    assert comfy.photos() == 0
    with pytest.raises(PredictionGone):
        provider.forget(started)


def test_the_photo_of_what_was_refused_is_deleted(comfy: Comfy, provider: PolledProvider) -> None:
    comfy.rule(missing_weights=True)
    with pytest.raises(Refused) as refused:
        provider.start(request())
    assert refused.value.status == 422
    assert (comfy.jobs(), comfy.photos()) == ([], 0)


def test_the_same_attempt_again_is_the_same_prediction(comfy: Comfy, provider: PolledProvider) -> None:
    """Its answer was lost on the way to us."""
    wanted = request()
    started = provider.start(wanted)
    assert provider.start(wanted) == started
    assert len(comfy.jobs()) == 1
    ended(provider, started)
    assert provider.start(wanted) == started
    assert len(comfy.jobs()) == 1


def test_what_comfyui_may_have_taken_is_not_sent_again(comfy: Comfy, provider: PolledProvider) -> None:
    """Its answer was lost on the way to the proxy, which does not know the job then."""
    comfy.rule(prompt=["lost"])
    wanted = request()
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            provider.start(wanted)
    assert len(comfy.jobs()) == comfy.counted("comfyui.prompt") == 1
    assert provider.find(wanted.key) is None


def test_a_proxy_that_is_killed_between_the_job_and_its_answer(comfy: Comfy, provider: PolledProvider) -> None:
    comfy.rule(prompt=[{"hang": 20}])
    wanted = request()
    with ThreadPoolExecutor(1) as pool:
        start = pool.submit(provider.start, wanted)
        assert poll(lambda: len(comfy.jobs()) == 1, 20)
        comfy.kill_proxy()
        with pytest.raises(OutcomeUnknown):
            start.result()
    with pytest.raises(ProviderDown):
        provider.find(wanted.key)
    comfy.start_proxy()
    with pytest.raises(OutcomeUnknown):
        provider.start(wanted)
    assert len(comfy.jobs()) == 1


def test_a_proxy_that_was_restarted_knows_its_jobs(comfy: Comfy, provider: PolledProvider) -> None:
    wanted = request()
    started = provider.start(wanted)
    comfy.kill_proxy()
    comfy.start_proxy()
    assert ended(provider, started).status is PredictionStatus.SUCCEEDED
    assert (provider.find(wanted.key), provider.start(wanted)) == (started, started)


def test_a_proxy_that_is_down(comfy: Comfy, provider: PolledProvider) -> None:
    started = provider.start(request())
    comfy.kill_proxy()
    assert not provider.has_room(1)
    with pytest.raises(Throttled):
        provider.start(request())
    for ask in (provider.fetch, provider.cancel, provider.forget):
        with pytest.raises(ProviderDown):
            ask(started)


def test_what_a_restart_of_comfyui_forgot_is_gone(comfy: Comfy, provider: PolledProvider) -> None:
    comfy.rule(outcome="stuck")
    running, queued = provider.start(request()), provider.start(request())
    assert provider.fetch(running).status is provider.fetch(queued).status is PredictionStatus.RUNNING
    comfy.restart_comfyui()
    for lost in (running, queued):
        with pytest.raises(PredictionGone):
            provider.fetch(lost)


@pytest.mark.parametrize("ask", ["fetch", "cancel", "forget"])
@pytest.mark.parametrize(
    "unknown", ["b2e1c1c2-3f0e-4d1f-9a58-2a5ad6a4a111.b2e1c1c2-3f0e-4d1f-9a58-2a5ad6a4a222", "x", ""]
)
def test_what_it_does_not_know(provider: PolledProvider, ask: str, unknown: str) -> None:
    asked: Callable[[str], object] = getattr(provider, ask)
    with pytest.raises((PredictionGone, ProviderDown)):
        asked(unknown)


def test_a_queue_that_is_full(comfy: Comfy, provider: PolledProvider) -> None:
    comfy.rule(outcome="stuck")
    assert provider.has_room(QUEUE_MAX)
    assert not provider.has_room(QUEUE_MAX + 1)
    started = [provider.start(request()) for _ in range(QUEUE_MAX - 1)]
    assert provider.has_room(1)
    assert not provider.has_room(2)
    for each in started:
        provider.cancel(each)
    assert provider.has_room(QUEUE_MAX)


def test_out_of_memory(comfy: Comfy, provider: PolledProvider, caplog: pytest.LogCaptureFixture) -> None:
    comfy.rule(outcome=["out_of_memory"])
    assert ended(provider, provider.start(request())).status is PredictionStatus.FAILED
    assert "memory" not in caplog.text
    assert ended(provider, provider.start(request())).status is PredictionStatus.SUCCEEDED


def test_a_photo_that_is_none(provider: PolledProvider, photos: MemoryPhotos) -> None:
    """It passes ComfyUI's validation, which looks at names alone."""
    photos.land("inputs/ada.jpg", b"no photo", "image/jpeg")
    assert ended(provider, provider.start(request())).status is PredictionStatus.FAILED


def test_cancel(comfy: Comfy, provider: PolledProvider) -> None:
    comfy.rule(outcome="stuck")
    running, queued = provider.start(request()), provider.start(request())
    assert poll(lambda: comfy.shown()["running"] != [], 20)
    for each in (queued, running):
        provider.cancel(each)
    assert ended(provider, running).status is PredictionStatus.CANCELED
    with pytest.raises(PredictionGone):  # it never ran, and leaves no trace
        provider.fetch(queued)
    provider.cancel(running)


def test_another_token(comfy: Comfy, photos: MemoryPhotos) -> None:
    secret = FakeSecret("an old one")
    provider = ComfyProvider(comfy.url, secret, photos, QUEUE_MAX)
    with pytest.raises(Refused) as refused:
        provider.start(request())
    assert refused.value.status == 401
    assert provider.has_room(1)  # else nobody would be told
    secret.put(TOKEN)
    started = provider.start(request())
    assert ended(provider, started).status is PredictionStatus.SUCCEEDED


def test_a_graph_that_ran_before_names_the_earlier_file(provider: PolledProvider) -> None:
    """ComfyUI runs no node twice whose inputs are the same: an attempt's name and seed make each graph its own."""
    one, other = (ended(provider, provider.start(request(index=index))) for index in (9001, 9002))
    assert one.outputs != other.outputs


def test_the_api_before_a_machine_has_the_routes_that_are_asked_and_no_more(
    comfy: Comfy, provider: PolledProvider, fetcher: HttpOutputFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[tuple[str, str]] = set()
    send = httpx.HTTPTransport.handle_request

    def seen(transport: httpx.HTTPTransport, sent: httpx.Request) -> httpx.Response:
        if str(sent.url).startswith(comfy.url):  # and not what this test says to the stand-in
            asked.add((sent.method, sent.url.path))
        return send(transport, sent)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", seen)
    assert provider.has_room(1)
    made = provider.start(request())
    fetcher.fetch(ended(provider, made).outputs[0])
    comfy.rule(outcome="stuck")
    wanted = request()
    started = provider.start(wanted)
    assert provider.find(wanted.key) == started
    provider.cancel(started)
    provider.forget(started)
    assert {_routes(method, path) for method, path in asked} == {(route,) for route in ROUTES}


def _routes(method: str, path: str) -> tuple[tuple[str, str], ...]:
    """Those that it comes in by: one."""
    return tuple(route for route in ROUTES if route[0] == method and _pattern(route[1]).fullmatch(path))


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(path.replace("{id}", "[^/]+"))
