"""What stands before the functions: whom a request is for, what a client gets of its answer, and the bucket."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from local.simulated.s3 import S3
from operations.visit import Ask
from veil.api.routes import FALLBACK, ROUTES

OVER = httpx.Response(401, json={"message": "Unauthorized"})  # of a token whose day is over


def function_of(method: str, path: str) -> str:
    """The function behind a route, as the gateway has it."""
    for route in ROUTES:
        template = re.sub(r"\{[^}]+\}", "[^/]+", route.path)
        if route.method == method and re.fullmatch(template, path):
            return route.function
    return FALLBACK


def answer_of(result: Any) -> httpx.Response | None:
    """A function's result as a client gets it; None where the function gave none."""
    if not isinstance(result, dict):
        return None
    return httpx.Response(result["statusCode"], headers=result.get("headers"), text=result.get("body") or "")


def put(bucket: S3, ask: Ask) -> httpx.Response:
    """Send a photo to the bucket, which S3 does not lose."""
    headers = {name.lower(): value for name, value in ask.headers.items()}
    key = unquote(urlsplit(ask.url).path).lstrip("/")
    answer = bucket.put(key, headers, ask.content or b"")
    return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)
