"""Secrets, from Secrets Manager, kept for five minutes: a rotated one is in use soon, without a deployment."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from veil.adapters.aws import aws_errors, client

MAX_AGE_SECONDS = 300


def secret_reader() -> Callable[[str], str]:
    """A function from a secret's name to its value."""
    provider = SecretsProvider(boto3_client=client("secretsmanager"))

    def read(name: str) -> str:
        with aws_errors():
            try:
                return str(provider.get(name, max_age=MAX_AGE_SECONDS)).strip()  # a pasted line break is no secret
            except GetParameterError as error:  # it hides what AWS said, which decides what is done about it
                if error.__context__ is not None:
                    raise error.__context__ from error
                raise

    return read
