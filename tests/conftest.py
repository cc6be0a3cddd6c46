"""One deployed local cloud for the whole session: the end-to-end tests and the contract tests share it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from local.cloud.options import Options
from local.cloud.running import STATE, RunningCloud
from local.cloud.up import cloud

# Powertools reads these when `veil.observability` is first imported, whoever is the first to do so.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "Veil")

MANY = {"RATE_LIMIT_MAX": "1000"}  # forty requests at once are to meet the balance, not the rate limit


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("schemathesis")
    group.addoption("--schemathesis-examples", type=int, default=6, help="how much it tries (default: %(default)s)")
    group.addoption("--schemathesis-seed", type=int, default=1, help="where it begins (default: %(default)s)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("cloud"):
            item.add_marker(pytest.mark.xdist_group("cloud"))  # with --dist loadgroup, all in one worker


@pytest.fixture(scope="session")
def running() -> Iterator[RunningCloud]:
    """Its own place and ports, so that a developer's cloud may run beside it."""
    with cloud(Options(state=STATE / "test", settings=MANY)) as running:
        yield running


@pytest.fixture(scope="session")
def cloud_aws(running: RunningCloud) -> tuple[dict[str, Any], str, str]:
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
