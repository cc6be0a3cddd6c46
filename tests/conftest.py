"""What every test has: the fixtures of `tests/support`, and the options that some of them read."""

import os

import pytest

pytest_plugins = ["tests.support.wire", "tests.support.functions", "tests.support.cloud", "tests.support.shop"]

# Powertools reads these when `veil.observability` is first imported, whoever is the first to do so.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Veil")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("schemathesis")
    group.addoption("--schemathesis-examples", type=int, default=6, help="how much it tries (default: %(default)s)")
    group.addoption("--schemathesis-seed", type=int, default=1, help="where it begins (default: %(default)s)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For several workers: the tests of a file stay together, and all that need the deployed cloud share one."""
    for item in items:
        group = "cloud" if item.get_closest_marker("cloud") else item.location[0]
        item.add_marker(pytest.mark.xdist_group(group))
