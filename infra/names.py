"""Names that the stack gives and others read back. Plain text: nothing here imports the CDK."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from infra.function_table import FUNCTIONS


class Domain(NamedTuple):
    """A name of the team's, and its certificate's ARN."""

    name: str
    certificate: str


def pascal(name: str) -> str:
    """``send_mail`` as ``SendMail``."""
    return name.title().replace("_", "")


def origin_of(url: str) -> str:
    """``https://host`` of ``https://host/path``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def signed_in_url(web_url: str) -> str:
    """Where people come back to from the login."""
    return f"{web_url}/signed-in"


def function_log(stage: str, function: str) -> str:
    """The name of a function's log group."""
    return f"/aws/lambda/veil-{stage}-{function}"


def access_log(stage: str) -> str:
    """The name of the API's log group, with a line for each request."""
    return f"/aws/vendedlogs/veil-{stage}-api"


def function_output(function: str) -> str:
    """The output of the stack that names a deployed function: ``SendMailFunction`` for ``send_mail``."""
    return f"{pascal(function)}Function"


def deployed_functions(outputs: Mapping[str, str]) -> dict[str, str]:
    """The deployed functions' names by ours, from a stack's outputs; a stage may be older than a function."""
    by_output = {function_output(function): function for function in FUNCTIONS}
    return {by_output[output]: name for output, name in outputs.items() if output in by_output}
