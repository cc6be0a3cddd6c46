"""A server that misbehaves on demand, and an environment without the machine's own proxies and certificates."""

from collections.abc import Iterator

import pytest

from tests.adapters.wire import Wire, serving

STRAY = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as running:
        yield running
