"""HTTP carried on to another server with its bytes as they came: what the local cloud's doors share."""

from collections.abc import AsyncIterator

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Scope

HOP_BY_HOP = frozenset(  # RFC 9110, 7.6.1: they concern one connection, not the message
    b"connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding "
    b"upgrade".split()
)
TIMEOUT = httpx.Timeout(60, connect=5)  # past the 30 s that API Gateway gives an integration

type Headers = list[tuple[bytes, bytes]]


def outgoing(request: Request, origin: httpx.URL, target: bytes, headers: Headers | None = None) -> httpx.Request:
    """``request`` for ``target`` at ``origin``; ``headers`` in the place of its own that go from end to end."""
    has_body = not {"content-length", "transfer-encoding"}.isdisjoint(request.headers)
    return httpx.Request(  # made by hand: the client's own builder would add headers of its own
        request.method,
        origin,
        headers=end_to_end(request.headers.raw) if headers is None else headers,
        content=request.stream() if has_body else None,
        extensions={"target": target, "timeout": TIMEOUT.as_dict()},  # a URL would be normalized; a target is not
    )


def streamed(answer: httpx.Response) -> Response:
    """What came back, as it comes."""
    response = StreamingResponse(_body(answer), answer.status_code)
    response.raw_headers = end_to_end(answer.headers.raw)
    return response


def target_of(scope: Scope) -> bytes:
    """Path and query as they were sent."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return path + (b"?" + query if query else b"")


def end_to_end(headers: Headers) -> Headers:
    """Those that concern the message, and not one connection."""
    listed = b",".join(value for name, value in headers if name.lower() == b"connection")
    dropped = HOP_BY_HOP | {name.strip().lower() for name in listed.split(b",")}
    return [(name, value) for name, value in headers if name.lower() not in dropped]


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
