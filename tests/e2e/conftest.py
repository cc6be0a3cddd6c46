"""Users of the deployed local cloud, and what is behind it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from local.client import VeilClient
from local.cloud.running import RunningCloud
from local.demo import PHOTO
from tests.e2e.world import World

HERE = Path(__file__).parent

type SignIn = Callable[[], VeilClient]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.cloud)


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
