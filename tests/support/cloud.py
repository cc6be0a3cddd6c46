"""Fixtures: one deployed local cloud for the whole session of a worker, its users, and what is behind its API."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.support.wire import Reply, Wire, serving

if TYPE_CHECKING:
    from local.cloud.running import RunningCloud
    from operations.client import VeilClient
    from tests.e2e.world import World

type SignIn = Callable[[], "VeilClient"]

SETTINGS = {
    "RATE_LIMIT_MAX": "1000",  # forty requests at once are to meet the balance, not the rate limit
    "WELCOME_CREDITS": "8",  # two generations
    "WELCOME_BUDGET_CREDITS_PER_DAY": "1000000",
}


@pytest.fixture(scope="session")
def events_server() -> Iterator[Wire]:
    """The team's server, which takes every event: of hundreds that it did not, each would be posted again and again."""
    from local.cloud.ports import remembered_ports

    with serving(port=remembered_ports(state() / "events-port.json", ("events",))["events"]) as wire:
        wire.answer(Reply(204))
        yield wire


@pytest.fixture(scope="session")
def running(events_server: Wire) -> Iterator["RunningCloud"]:
    """Its state and its ports are the worker's own, so that another's, and a developer's, may run beside it. They are
    booted one after the other: the second one finds layers and web client built.
    """
    from local.cloud.options import Options
    from local.cloud.up import cloud

    folder = state()
    options = Options(
        state=folder, settings=SETTINGS, web=True, events_url=f"{events_server.url}/events?key=never-in-a-log"
    )
    with (folder.parent / "booting").open("w") as turn, ExitStack() as stack:
        fcntl.flock(turn, fcntl.LOCK_EX)
        running = stack.enter_context(cloud(options))
        fcntl.flock(turn, fcntl.LOCK_UN)
        yield running


def state() -> Path:
    """The folder in which this worker's cloud keeps what it has."""
    from local.cloud.running import STATE

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    folder = STATE / (f"test-{worker}" if worker else "test")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def cloud_aws(running: "RunningCloud") -> tuple[dict[str, Any], str, str]:
    """The cloud as boto3 reaches it: client options, table, bucket."""
    aws = running.aws
    options = {
        "endpoint_url": aws.endpoint_url,
        "region_name": aws.region,
        "aws_access_key_id": aws.access_key_id,
        "aws_secret_access_key": aws.secret_access_key,
        "verify": aws.ca_bundle,
    }
    return options, running.table, running.bucket


@pytest.fixture
def world(running: "RunningCloud") -> Iterator["World"]:
    """What is behind the API. The stand-ins' faults are reset before each test and after it."""
    import httpx

    from tests.e2e.world import World

    with httpx.Client(base_url=running.providers_url, trust_env=False, timeout=10) as control:
        world = World(running, control)
        world.behave()
        yield world
        world.behave()


@pytest.fixture
def sign_in(running: "RunningCloud") -> Iterator[SignIn]:
    """Make a client of a user whom nobody has seen before, and who agrees to all that is required."""
    from operations.client import VeilClient

    made: list[VeilClient] = []

    def make() -> VeilClient:
        made.append(VeilClient.signed_in(running.api_url, running.token_url, f"user-{uuid4()}"))
        made[-1].agree()
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def alice(sign_in: SignIn) -> "VeilClient":
    return sign_in()
