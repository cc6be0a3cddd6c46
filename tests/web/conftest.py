"""Fixtures: the browser, a phone in Korea whose pages are watched, and an edge that answers as a test says."""

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from local.browser.launch import launched
from local.processes import ROOT
from local.web_shots.api import FakeApi
from local.web_shots.edge import FakeEdge, serving
from operations.web import DIST, build
from tests.web.watch import Watch

TRACES = ROOT / "out" / "traces"
FAILED = pytest.StashKey[bool]()
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "ko-KR",
    "timezone_id": "Asia/Seoul",
}


@dataclass(frozen=True)
class Device:
    """A browser's profile, and what is watched of its pages."""

    context: BrowserContext
    watch: Watch


type Opened = Callable[..., Device]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """For this folder alone: while it runs, an event loop runs in this thread, and others could not have theirs."""
    headed: bool = request.config.getoption("--headed")
    with launched(headed=headed, slow_motion=300 if headed else 0) as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Make a browser's profile of a device: watched, and traced into ``out/traces`` where the test fails."""
    with ExitStack() as stack:
        yield lambda **device: stack.enter_context(_watched(browser, request.node, device))


@contextmanager
def _watched(browser: Browser, test: pytest.Item, device: dict[str, Any]) -> Iterator[Device]:
    context = browser.new_context(**device)
    watch = Watch(context)
    context.tracing.start(screenshots=True, snapshots=True)
    yield Device(context, watch)
    verdict, failed = watch.verdict, test.stash.get(FAILED, False)
    if verdict or failed:
        name = re.sub(r"[^\w.]+", "-", test.nodeid.partition("::")[2])
        context.tracing.stop(path=TRACES / f"{name}.zip")
    context.close()
    assert not verdict, "\n".join(verdict)


@pytest.fixture
def device(opened: Opened) -> Device:
    """A phone in Korea; a test announces to its watch what it makes go wrong."""
    return opened(**PHONE)


@pytest.fixture(scope="session")
def dist() -> Path:
    """The client as it is built from what stands in ``web/``."""
    build()
    return DIST


@pytest.fixture(scope="package")
def served(dist: Path) -> Iterator[FakeEdge]:
    with serving(dist) as edge:
        yield edge


@pytest.fixture
def edge(served: FakeEdge) -> FakeEdge:
    """Serves the built client; its API knows no route yet."""
    served.api = FakeApi({})
    return served
