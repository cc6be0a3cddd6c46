"""One local cloud for all of these tests: the real stack, deployed. With xdist they all run in one worker."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from local.client import VeilClient
from local.demo import PHOTO
from local.options import Options
from local.running import STATE, RunningCloud
from local.up import cloud
from tests.e2e.world import World

HERE = Path(__file__).parent
MANY = {"RATE_LIMIT_MAX": "1000"}  # forty requests at once are to meet the balance, not the rate limit

type SignIn = Callable[[], VeilClient]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("cloud"))  # for --dist loadgroup


@pytest.fixture(scope="session")
def running() -> Iterator[RunningCloud]:
    """Its own place and ports, so that a developer's cloud may run beside it."""
    with cloud(Options(state=STATE / "test", settings=MANY)) as running:
        yield running


@pytest.fixture
def world(running: RunningCloud) -> Iterator[World]:
    """What is behind the API; the stand-ins behave before each test and after it."""
    with httpx.Client(base_url=running.providers_url, trust_env=False, timeout=10) as control:
        world = World(running, control)
        world.behave()
        yield world
        world.behave()


@pytest.fixture
def sign_in(running: RunningCloud) -> Iterator[SignIn]:
    """Makes clients, each of a user whom nobody has seen before."""
    made: list[VeilClient] = []

    def make() -> VeilClient:
        made.append(VeilClient(running.api_url, running.token_url, f"user-{uuid4()}"))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def alice(sign_in: SignIn) -> VeilClient:
    return sign_in()


@pytest.fixture
def ready(alice: VeilClient) -> str:
    """The id of an upload of alice's that is ready."""
    photo = PHOTO.read_bytes()
    upload = alice.ask_upload(photo, "image/jpeg")
    alice.put_photo(upload, photo)
    checked = alice.wait_for_upload(upload["upload_id"])
    assert checked["status"] == "ready", checked
    return str(upload["upload_id"])
