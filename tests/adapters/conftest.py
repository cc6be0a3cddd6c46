"""Every adapter is tried in an environment without the machine's own proxies and certificates."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.fakes.secrets import FakeSecret
from tests.support.toss_wire import SECRET, at
from tests.support.wire import Wire
from veil.adapters.providers import comfy_wire
from veil.adapters.providers.toss import Toss


@pytest.fixture(autouse=True)
def no_stray_settings(plain_environment: None) -> None:
    """`plain_environment`, for every test here."""


@pytest.fixture
def toss_secret() -> FakeSecret:
    return FakeSecret(SECRET)


@pytest.fixture
def toss(wire: Wire, toss_secret: FakeSecret) -> Iterator[Toss]:
    """The adapter, whose Toss is ``wire``."""
    adapter, clients = at(wire.url, toss_secret)
    yield adapter
    for client in clients:
        client.close()


@pytest.fixture
def comfy_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections to Comfy, which a function keeps as long as it lives, end with the test."""
    with ExitStack() as closing:
        make = comfy_wire.comfy_client
        monkeypatch.setattr(comfy_wire, "comfy_client", lambda token: closing.enter_context(make(token)))
        yield
