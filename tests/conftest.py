"""What every test has: the fixtures of `tests/support`, and the options that some of them read."""

import gc
import os
from collections.abc import Iterator
from functools import cache

import botocore.session
import pytest

pytest_plugins = ["tests.support.wire", "tests.support.functions", "tests.support.cloud", "tests.support.shop"]

# Powertools reads these when `veil.observability` is first imported, whoever is the first to do so.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Veil")

# A session of botocore parses every service's model anew, which is most of what a client costs; here, each once.
botocore.session.create_loader = cache(botocore.session.create_loader)

# What the tests import is half a million objects. At Python's own threshold they are looked through so often that it
# was a quarter of the time; `everything_was_closed` looks once more.
gc.set_threshold(20_000, 20, 20)

# What each worker would make anew for itself: the stacks, synthesized.
TOGETHER = ("tests/infra/",)
LONG = ("tests/proofs/chaos/", "tests/properties/", "tests/web/test_states.py")
# About half of what needs the deployed cloud, by the time it takes.
SECOND_CLOUD = (
    *("tests/contract/", "tests/hostile/", "tests/web/test_life.py"),
    *("tests/e2e/test_schemathesis.py", "tests/e2e/test_credits.py", "tests/e2e/test_roles.py"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("schemathesis")
    group.addoption("--schemathesis-examples", type=int, default=6, help="how much it tries (default: %(default)s)")
    group.addoption("--schemathesis-seed", type=int, default=1, help="where it begins (default: %(default)s)")

    web = parser.getgroup("web")
    web.addoption("--headed", action="store_true", help="show the browser of tests/web, at a person's speed")


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For several workers: the tests that need the deployed cloud share two of them, and those of a file stay together,
    but for long ones that share nothing.
    """
    for item in items:
        group = item.location[0]
        if item.get_closest_marker("cloud"):
            group = "cloud-2" if group.startswith(SECOND_CLOUD) else "cloud"
        else:
            group = next((folder for folder in TOGETHER if group.startswith(folder)), group)
        if not group.startswith(LONG):
            item.add_marker(pytest.mark.xdist_group(group))
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """The clouds come first: they take longest, and often wait. What is shared out test by test fills what is left."""
    if item.get_closest_marker("cloud"):
        return 0
    return 2 if item.location[0].startswith(LONG) else 1


@pytest.fixture(scope="session", autouse=True)
def everything_was_closed() -> Iterator[None]:
    """What is left open in a cycle fails the last test; of what comes later, a worker of pytest-xdist tells nobody."""
    yield
    gc.collect()
