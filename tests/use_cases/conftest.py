"""Each test has a world of its own, in memory."""

import pytest

from tests.fakes.world import World


@pytest.fixture(autouse=True)
def no_network(socket_disabled: None) -> None:
    """Every test here is in memory."""


@pytest.fixture
def world() -> World:
    return World()
