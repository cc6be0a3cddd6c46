"""Every adapter is tried in an environment without the machine's own proxies and certificates."""

import pytest


@pytest.fixture(autouse=True)
def no_stray_settings(plain_environment: None) -> None:
    """`plain_environment`, for every test here."""
