"""Settings of the property tests: the same examples on every run, and no clock held against one of them."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "veil", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("veil")


@pytest.fixture(autouse=True)
def no_network(socket_disabled: None) -> None:
    """Every test here is in memory."""
