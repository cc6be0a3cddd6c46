"""What both examples have: AWS by moto, and the event as Veil sends it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from local.processes import ROOT
from tests.contract.backends import aws_environment

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture(autouse=True)
def on_moto(plain_environment: None) -> Iterator[None]:
    with mock_aws(), aws_environment():
        yield


@pytest.fixture
def event() -> dict[str, Any]:
    """As EventBridge hands it over; its detail, without the id, is the body that is posted."""
    made: dict[str, Any] = json.loads((EXAMPLES / "events" / "generation-finished.json").read_text(encoding="utf-8"))
    return made
