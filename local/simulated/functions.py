"""The functions as Lambda runs them: cold starts when needed, warm instances again; and what goes in and comes out."""

import importlib.util
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Self
from urllib.parse import urlencode

from infra.function_table import FUNCTIONS
from local.processes import ROOT
from local.simulated.environment import MONEY_QUEUE_URL, QUEUE_URL, REGION

REQUEST_ID = "JKJaXmPLvHcESHA="  # of every event here
TIMEOUTS = {name: spec.timeout_seconds for name, spec in FUNCTIONS.items()}


def cold(function: str) -> ModuleType:
    """A function's handler module as at a cold start: anew, in the environment that there is."""
    path = ROOT / "functions" / function / "handler.py"
    spec = importlib.util.spec_from_file_location(f"cold_{function}", path)
    assert spec and spec.loader  # noqa: S101, PT018 - it is a file
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Warm:
    """Functions that wait for their next event."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[ModuleType]] = {name: [] for name in FUNCTIONS}

    def take(self, function: str) -> ModuleType:
        waiting = self._waiting[function]
        return waiting.pop() if waiting else cold(function)

    def give_back(self, function: str, module: ModuleType) -> None:
        self._waiting[function].append(module)


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler about its invocation; ``remaining`` is the time that it has left, in milliseconds."""

    remaining: Callable[[], float] = lambda: 29_000
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.remaining())


@dataclass(frozen=True)
class Answer:
    """What API Gateway makes of a handler's result; header names are in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @classmethod
    def of(cls, result: dict[str, Any]) -> Self:
        several = {name: ", ".join(values) for name, values in result.get("multiValueHeaders", {}).items()}
        headers = {name.lower(): value for name, value in {**result["headers"], **several}.items()}
        return cls(result["statusCode"], headers, result.get("body") or "")

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def http_event(
    method: str,
    path: str,
    body: object = None,
    *,
    user: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    claims: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What API Gateway sends (HTTP API, payload version 2.0); ``user`` is the token's subject, beside other ``claims``.

    ``body``: bytes are sent as base64, as API Gateway does with binary ones; text as it is; anything else as JSON.
    """
    jwt = {"jwt": {"claims": {"sub": user, "iss": "https://issuer", **(claims or {})}, "scopes": None}}
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    about: dict[str, Any] = {"accountId": "123456789012", "requestId": REQUEST_ID, "stage": "$default", "http": http}
    if user is not None:
        about["authorizer"] = jwt
    sent: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": "application/json", "host": "veil.test", **(headers or {})},
        "requestContext": about,
        "isBase64Encoded": isinstance(body, bytes),
    }
    if query:
        sent["queryStringParameters"] = query
    if isinstance(body, bytes):
        sent["body"] = b64encode(body).decode()
    elif body is not None:
        sent["body"] = body if isinstance(body, str) else json.dumps(body)
    return sent


def queue_event(key: str, receives: int) -> dict[str, Any]:
    """A message of the queue that tells of an object."""
    notice = f'{{"Records": [{{"s3": {{"object": {{"key": "{key}"}}}}}}]}}'
    return _queued(QUEUE_URL, key, notice, receives)


def message_event(body: str, receives: int, queue_url: str = MONEY_QUEUE_URL) -> dict[str, Any]:
    """A message of the queue to the charger, or of another one."""
    return _queued(queue_url, "message", body, receives)


def _queued(queue_url: str, handle: str, body: str, receives: int) -> dict[str, Any]:
    record = {
        "messageId": f"message of {handle}",
        "receiptHandle": handle,
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{queue_url.rpartition('/')[2]}",
        "awsRegion": REGION,
    }
    return {"Records": [record]}
