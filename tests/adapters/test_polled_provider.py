"""What the use cases rely on of one that calls nobody back: the same cases for the fake, and for Comfy's real proxy
before the stand-in of ComfyUI.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.adapters.test_comfy_proxy import PHOTO, UNKNOWN, request
from tests.fakes.comfy import FakeComfy
from tests.fakes.photos import MemoryPhotos
from tests.fakes.secrets import FakeSecret
from tests.support import comfy as support
from tests.support.comfy import TOKEN, Comfy
from veil.adapters.providers.comfy import ComfyProvider
from veil.domain.ports import PolledProvider
from veil.domain.predictions import PredictionGone, PredictionStatus, ProviderDown

pytestmark = pytest.mark.usefixtures("comfy_clients")
ROOM = 3


@dataclass
class Backend:
    """A provider on which what is started runs for ever, and how it is stopped; ``jobs`` counts what was started."""

    provider: PolledProvider
    go_down: Callable[[], None]
    restart: Callable[[], None]
    jobs: Callable[[], int]


def fake() -> Backend:
    comfy = FakeComfy()
    comfy.room = ROOM

    def go_down() -> None:
        comfy.down = True

    return Backend(comfy, go_down, comfy.restart, lambda: len(comfy.started))


def real(comfy: Comfy) -> Backend:
    comfy.rule(outcome="stuck")
    photos = MemoryPhotos(lambda: 0)
    photos.land("inputs/ada.jpg", PHOTO.read_bytes(), "image/jpeg")
    provider = ComfyProvider(comfy.url, FakeSecret(TOKEN), photos, ROOM)
    return Backend(provider, comfy.kill_proxy, comfy.restart_comfyui, lambda: len(comfy.jobs()))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Comfy]:
    with support.running(tmp_path_factory.mktemp("comfy")) as comfy:
        yield comfy


@pytest.fixture(params=["fake", "real"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    if request.param == "fake":
        yield fake()
        return
    comfy: Comfy = request.getfixturevalue("running")
    yield real(comfy)
    if not comfy.proxy.alive:
        comfy.start_proxy()
    comfy.reset()


def test_what_was_started_is_found_by_its_key(backend: Backend) -> None:
    wanted, other = request(), request()
    started = backend.provider.start(wanted)
    assert backend.provider.find(wanted.key) == started
    assert backend.provider.find(other.key) is None
    assert backend.provider.fetch(started).status is PredictionStatus.RUNNING


def test_one_key_is_one_prediction(backend: Backend) -> None:
    wanted = request()
    assert backend.provider.start(wanted) == backend.provider.start(wanted)
    assert backend.jobs() == 1


def test_a_photo_is_forgotten_once(backend: Backend) -> None:
    started = backend.provider.start(request())
    backend.provider.forget(started)
    with pytest.raises(PredictionGone):
        backend.provider.forget(started)


def test_what_it_does_not_know(backend: Backend) -> None:
    for ask in (backend.provider.fetch, backend.provider.cancel, backend.provider.forget):
        with pytest.raises(PredictionGone):
            ask(f"{UNKNOWN}.{UNKNOWN}")


def test_what_it_forgot(backend: Backend) -> None:
    started = backend.provider.start(request())
    backend.restart()
    with pytest.raises(PredictionGone):
        backend.provider.fetch(started)


def test_its_room(backend: Backend) -> None:
    assert backend.provider.has_room(ROOM)
    assert not backend.provider.has_room(ROOM + 1)


def test_down(backend: Backend) -> None:
    wanted = request()
    started = backend.provider.start(wanted)
    backend.go_down()
    assert not backend.provider.has_room(1)
    for ask, what in (
        (backend.provider.fetch, started),
        (backend.provider.forget, started),
        (backend.provider.find, wanted.key),
    ):
        with pytest.raises(ProviderDown):
            ask(what)
