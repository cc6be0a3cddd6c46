"""Drives the functions' handlers with the events that API Gateway sends (HTTP API, payload version 2.0)."""

import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
REQUEST_ID = "JKJaXmPLvHcESHA="


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler of its invocation."""

    aws_request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def event(
    method: str,
    path: str,
    body: object = None,
    *,
    user: str | None = "alice",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    """``body``: bytes come base64, as binary ones do; text as it is; anything else as JSON."""
    authorizer = {"authorizer": {"jwt": {"claims": {"sub": user, "iss": "https://issuer"}, "scopes": None}}}
    sent: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"content-type": "application/json", "host": "veil.test", **(headers or {})},
        "requestContext": {
            "accountId": "123456789012",
            "requestId": REQUEST_ID,
            "stage": "$default",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            **(authorizer if user is not None else {}),
        },
        "isBase64Encoded": isinstance(body, bytes),
    }
    if query:
        sent["queryStringParameters"] = query
    if body is not None:
        text = body if isinstance(body, str) else json.dumps(body) if not isinstance(body, bytes) else ""
        sent["body"] = b64encode(body).decode() if isinstance(body, bytes) else text
    return sent


def answer(result: dict[str, Any]) -> Answer:
    """What API Gateway makes of a handler's result; every answer has the request's id."""
    headers = {name.lower(): value for name, value in result["headers"].items()}
    for name, values in result.get("multiValueHeaders", {}).items():
        headers[name.lower()] = ", ".join(values)
    assert headers["x-request-id"] == REQUEST_ID
    assert not result.get("isBase64Encoded")
    return Answer(result["statusCode"], headers, result.get("body") or "")


PROBLEM_KEYS = {"type", "title", "status", "detail", "code", "request_id"}


def is_problem(answer: Answer, status: int, code: str, extra: set[str] | None = None) -> None:
    """Assert that it is this problem (RFC 9457) and all that one has; ``extra`` members stand beside its own."""
    assert (answer.status, answer.json.get("code")) == (status, code), answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json
    assert set(problem) == PROBLEM_KEYS | (extra or set()), problem
    assert (problem["status"], problem["request_id"]) == (status, REQUEST_ID)
    assert all(isinstance(problem[name], str) and problem[name] for name in PROBLEM_KEYS - {"status"})
