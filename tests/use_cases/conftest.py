"""Each test has a world of its own, in memory."""

from collections.abc import Iterator

import pytest

from tests.fakes.shop import Shop
from tests.fakes.world import World


@pytest.fixture(autouse=True)
def no_network(socket_disabled: None) -> None:
    """Every test here is in memory."""


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Money in memory; what must always hold is looked at after each test."""
    made = Shop()
    yield made
    made.audit()
