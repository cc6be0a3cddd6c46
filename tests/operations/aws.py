"""AWS's answers, one after another: real clients, whose requests and answers botocore itself holds to their shapes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import boto3
from botocore.stub import Stubber


class Refusal(NamedTuple):
    """A call that AWS refuses."""

    call: str
    code: str
    message: str = "no"


type Answer = Refusal | tuple[str, dict[str, Any]]


def stubbed(**services: list[Answer]) -> Callable[[str], Any]:
    """What makes the clients of these services, each with its answers in turn."""
    clients = {}
    for service, answers in services.items():
        name = service.replace("_", "-")
        client = boto3.client(name, "eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
        stub = Stubber(client)
        for answer in answers:
            if isinstance(answer, Refusal):
                stub.add_client_error(answer.call, answer.code, answer.message)
            else:
                stub.add_response(*answer)
        stub.activate()
        clients[name] = client
    return clients.__getitem__
