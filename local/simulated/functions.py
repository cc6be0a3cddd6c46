"""The functions as Lambda runs them: fresh processes when needed, warm ones again, each with one event at a time."""

import importlib.util
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from infra.function_table import FUNCTIONS
from local.processes import ROOT

REGION, BUCKET = "ap-northeast-2", "veil-simulation"
SIGNING_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of the simulation's own Replicate
SECRETS = {
    "replicate-token": "r8_never_in_a_log",
    "webhook-signing-secret": SIGNING_SECRET,
    "webhook-token-key": "token-key-never-in-a-log",
    "azure-face-key": "azure-key-never-in-a-log",
    "upstash-token": "upstash-token-never-in-a-log",
    "cursor-key": "cursor-key-never-in-a-log",
}
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "simulated",
    "AWS_SECRET_ACCESS_KEY": "simulated",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "simulation",
    "POWERTOOLS_METRICS_NAMESPACE": "Veil",
    "STAGE": "simulation",
    "TABLE_NAME": "veil-simulation",
    "BUCKET_NAME": BUCKET,
    "REPLICATE_URL": "https://api.replicate.com",
    "UPSTASH_URL": "https://upstash.test",
    "QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/123456789012/veil-simulation",
    "AZURE_FACE_URL": "https://face.test",
    "WEBHOOK_URL": "https://api.veil.test",
    "MAX_OUTPUT_BYTES": "65536",
    "REPLICATE_TOKEN_SECRET": "replicate-token",
    "UPSTASH_TOKEN_SECRET": "upstash-token",
    "AZURE_FACE_KEY_SECRET": "azure-face-key",
    "WEBHOOK_SIGNING_SECRET": "webhook-signing-secret",
    "WEBHOOK_TOKEN_KEY_SECRET": "webhook-token-key",
    "CURSOR_KEY_SECRET": "cursor-key",
}
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
    """What Lambda tells a handler of its invocation."""

    remaining: Any  # () → milliseconds
    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.remaining())


def http_event(
    method: str,
    path: str,
    *,
    body: str | None = None,
    user: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What API Gateway sends (HTTP API, payload version 2.0); ``user`` is the token's subject."""
    jwt = {"authorizer": {"jwt": {"claims": {"sub": user}, "scopes": None}}} if user else {}
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        **({"queryStringParameters": query} if query else {}),
        "headers": {"host": "api.veil.test", **(headers or {})},
        "requestContext": {"requestId": "simulated", "stage": "$default", "http": http, **jwt},
        "isBase64Encoded": False,
        **({"body": body} if body is not None else {}),
    }


def queue_event(key: str, receives: int) -> dict[str, Any]:
    """A message of the queue that tells of an object."""
    notice = f'{{"Records": [{{"s3": {{"object": {{"key": "{key}"}}}}}}]}}'
    record = {
        "messageId": f"message of {key}",
        "receiptHandle": key,
        "body": notice,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:veil-simulation",
        "awsRegion": REGION,
    }
    return {"Records": [record]}
