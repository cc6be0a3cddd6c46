"""What every test has: the fixtures of `tests/support`, and the options that some of them read."""

import os

import pytest

pytest_plugins = ["tests.support.wire", "tests.support.functions", "tests.support.cloud", "tests.support.shop"]

# Powertools reads these when `veil.observability` is first imported, whoever is the first to do so.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Veil")

LONG = ("tests/proofs/chaos/", "tests/properties/")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("schemathesis")
    group.addoption("--schemathesis-examples", type=int, default=6, help="how much it tries (default: %(default)s)")
    group.addoption("--schemathesis-seed", type=int, default=1, help="where it begins (default: %(default)s)")

    web = parser.getgroup("web")
    web.addoption("--headed", action="store_true", help="show the browser of tests/web, at a person's speed")


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For several workers: all tests that need the deployed cloud share one, and those of a file stay together, but for
    long ones that share nothing.
    """
    for item in items:
        group = "cloud" if item.get_closest_marker("cloud") else item.location[0]
        if not group.startswith(LONG):
            item.add_marker(pytest.mark.xdist_group(group))
