"""Upstash's REST protocol in front of a real Valkey server: one command a request, which is all that Veil sends.

Source: https://upstash.com/docs/redis/features/restapi
"""

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.stand_ins import valkey
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control, drop_connection
from local.stand_ins.faults import UpstashFault, take
from local.stand_ins.valkey import Reply, ServerError, Status


class BadRequestError(Exception):
    """What Upstash answers with 400 before Redis sees it."""


class Upstash:
    """The REST endpoint, for a command as a JSON list."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._token, self._control = config.upstash_token, control
        paths = ("/upstash", "/upstash/")  # clients post to the bare URL: no redirect to a slash
        self.routes = [Route(path, self._handle, methods=["POST"]) for path in paths]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with valkey.server() as self._valkey:
            yield

    async def _handle(self, request: Request) -> Response:
        fault = take(self._control.faults.upstash) or UpstashFault()
        await asyncio.sleep(fault.hang)
        if fault.html:
            return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", fault.status or 502)
        if fault.status:
            return JSONResponse({"error": "ERR max requests limit exceeded. Limit: 500000"}, fault.status)
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            return JSONResponse({"error": "WRONGPASS invalid or missing auth token"}, 401)
        try:
            body, status = await self._answer(request), 200
        except (BadRequestError, ServerError) as error:
            body, status = {"error": str(error)}, 400
        answer = JSONResponse(body, status, headers={"upstash-sync-token": secrets.token_hex(8)})
        return await drop_connection(request) if fault.drop_after_apply else answer

    async def _answer(self, request: Request) -> dict[str, Any]:
        command = _command(await request.body())
        self._control.counters["upstash.commands"] += 1
        async with self._valkey.connection() as connection:
            reply = await connection.call(*command)
        if isinstance(reply, ServerError):
            raise reply
        return {"result": _plain(reply, encode=request.headers.get("upstash-encoding") == "base64")}


def _command(raw: bytes) -> list[bytes]:
    try:
        parts = json.loads(raw)
    except ValueError:
        parts = None
    if not isinstance(parts, list):
        raise BadRequestError("ERR failed to parse command")
    if not parts:
        raise BadRequestError("ERR empty command")
    return [_argument(part) for part in parts]


def _argument(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool | int | float):
        return json.dumps(value).encode()
    raise BadRequestError("ERR failed to parse command")


def _plain(reply: Reply, *, encode: bool) -> Any:
    if isinstance(reply, list):
        return [_plain(part, encode=encode) for part in reply]
    if reply == "OK" and isinstance(reply, Status):
        return "OK"
    if isinstance(reply, Status | bytes):
        raw = reply.encode() if isinstance(reply, str) else reply
        return base64.b64encode(raw).decode() if encode else raw.decode(errors="replace")
    return {"error": str(reply)} if isinstance(reply, ServerError) else reply
