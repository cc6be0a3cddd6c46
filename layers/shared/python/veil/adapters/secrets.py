"""Secrets, from Secrets Manager, kept for five minutes: a rotated one is in use soon, without a deployment."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from botocore.config import Config

MAX_AGE_SECONDS = 300


def secret_reader() -> Callable[[str], str]:
    """A function from a secret's name to its value."""
    config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    provider = SecretsProvider(boto_config=config)

    def read(name: str) -> str:
        value = provider.get(name, max_age=MAX_AGE_SECONDS)
        return value if isinstance(value, str) else str(value)

    return read
