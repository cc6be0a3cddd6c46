"""Fixtures: one deployed local cloud for the whole session, its users, and what is behind its API."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

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
def running() -> Iterator["RunningCloud"]:
    """Its state and its ports are the tests' own, so that a developer's cloud may run beside it."""
    from local.cloud.options import Options
    from local.cloud.running import STATE
    from local.cloud.up import cloud

    options = Options(state=STATE / "test", settings=SETTINGS, web=True, events_url=events_url())
    with cloud(options) as running:
        yield running


def events_url() -> str:
    """Where events are posted: nobody is there until a test listens."""
    from local.cloud.ports import remembered_ports
    from local.cloud.running import STATE

    port = remembered_ports(STATE / "test" / "events-port.json", ("events",))["events"]
    return f"http://127.0.0.1:{port}/events?key=never-in-a-log"


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
