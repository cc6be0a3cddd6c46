"""Upstash's REST protocol in front of a real Valkey server.

Source: https://upstash.com/docs/redis/features/restapi
"""

import asyncio
import base64
import hashlib
import json
import re
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
from local.stand_ins.valkey import Connection, Reply, ServerError, Status

_MAX_REQUEST_BYTES = 10 * 1024 * 1024
_BLOCKING = {"BLMOVE", "BLMPOP", "BLPOP", "BRPOP", "BRPOPLPUSH", "BZMPOP", "BZPOPMAX", "BZPOPMIN", "WAIT"}
_OF_A_CONNECTION = {
    "AUTH",
    "CLIENT",
    "DISCARD",
    "EXEC",
    "HELLO",
    "MULTI",
    "QUIT",
    "RESET",
    "SELECT",
    "UNWATCH",
    "WATCH",
}
_STREAMING = {"MONITOR", "PSUBSCRIBE", "SSUBSCRIBE", "SUBSCRIBE"}
_SHEBANG = re.compile(rb"^#!lua[^\n]*\n")
type Command = list[bytes]


class BadRequestError(Exception):
    """What Upstash answers with 400 before Redis sees it."""


class Upstash:
    """The REST endpoint: one command, a pipeline, or a transaction."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._token, self._control = config.upstash_token, control
        self._shas: dict[bytes, bytes] = {}  # sha1 of a script as sent → sha1 of it as loaded
        paths = ("/upstash", "/upstash/{path:path}")  # clients post to the bare URL: no redirect to a slash
        self.routes = [Route(path, self._handle, methods=["GET", "HEAD", "POST", "PUT"]) for path in paths]

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
        given = request.headers.get("authorization", "").removeprefix("Bearer ") or request.query_params.get(
            "_token", ""
        )
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            return JSONResponse({"error": "WRONGPASS invalid or missing auth token"}, 401)
        try:
            body = await self._answer(request)
            answer = JSONResponse(body, headers={"upstash-sync-token": secrets.token_hex(8)})
        except (BadRequestError, ServerError) as error:
            answer = JSONResponse({"error": str(error)}, 400, headers={"upstash-sync-token": secrets.token_hex(8)})
        return await drop_connection(request) if fault.drop_after_apply else answer

    async def _answer(self, request: Request) -> Any:
        raw = await request.body()
        if len(raw) > _MAX_REQUEST_BYTES:
            raise BadRequestError("ERR max request size exceeded. Limit: 10485760 bytes")
        path, encode = _path(request), request.headers.get("upstash-encoding") == "base64"
        async with self._valkey.connection() as connection:
            if path in {"pipeline", "multi-exec"}:
                commands = [_command(item) for item in _json_list(raw)]
                self._control.counters["upstash.commands"] += len(commands)
                if path == "multi-exec":
                    return await self._transaction(connection, commands, encode)
                return [_item(await self._run(connection, command), encode) for command in commands]
            command = _path_command(request, raw) if path else _command(_json_list(raw))
            self._control.counters["upstash.commands"] += 1
            reply = await self._run(connection, command)
        if isinstance(reply, ServerError):
            raise reply
        return {"result": _plain(reply, encode)}

    async def _transaction(self, connection: Connection, commands: list[Command], encode: bool) -> Any:
        await connection.call(b"MULTI")
        queued = [await self._run(connection, command) for command in commands]
        refused = next((reply for reply in queued if isinstance(reply, ServerError)), None)
        if refused is not None:
            await connection.call(b"DISCARD")
            raise refused
        results = await connection.call(b"EXEC")
        if isinstance(results, ServerError):
            raise results
        return [_item(reply, encode) for reply in results] if isinstance(results, list) else None

    async def _run(self, connection: Connection, command: Command) -> Reply:
        """Run one command, with Upstash's own script flags taken off: no other server knows them."""
        name = command[0].upper()
        if name.decode(errors="replace") in _BLOCKING | _OF_A_CONNECTION | _STREAMING:
            return ServerError(f"ERR Command is not available: '{name.decode()}'. See https://upstash.com/docs/redis")
        if name in {b"EVAL", b"EVAL_RO"} and len(command) > 1:
            command = [name, _stripped(command[1]), *command[2:]]
        elif name in {b"EVALSHA", b"EVALSHA_RO"} and len(command) > 1:
            command = [name, self._sha(command[1]), *command[2:]]
        elif name == b"SCRIPT" and len(command) > 2 and command[1].upper() == b"EXISTS":
            command = [*command[:2], *map(self._sha, command[2:])]
        elif name == b"SCRIPT" and len(command) > 2 and command[1].upper() == b"LOAD":
            return await self._load(connection, command[2])
        return await connection.call(*command)

    async def _load(self, connection: Connection, script: bytes) -> Reply:
        reply = await connection.call(b"SCRIPT", b"LOAD", _stripped(script))
        if not isinstance(reply, bytes):
            return reply
        sha = hashlib.sha1(script, usedforsecurity=False).hexdigest().encode()
        self._shas[sha] = reply
        return sha

    def _sha(self, sha: bytes) -> bytes:
        return self._shas.get(sha.lower(), sha)


def _stripped(script: bytes) -> bytes:
    return _SHEBANG.sub(b"\n", script)  # the newline keeps the line numbers of errors


def _json_list(raw: bytes) -> list[Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, list):
        raise BadRequestError("ERR failed to parse command")
    return body


def _command(item: object) -> Command:
    if not isinstance(item, list) or not item:
        raise BadRequestError("ERR empty command")
    return [_argument(part) for part in item]


def _argument(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bool | int | float):
        return json.dumps(value).encode()
    raise BadRequestError("ERR failed to parse command")


def _path(request: Request) -> str:
    path: str = request.path_params.get("path", "")
    return path.strip("/")


def _path_command(request: Request, raw: bytes) -> Command:
    """``/set/foo/bar?EX=100``; a POST's body is the last argument before the query."""
    parts = [part.encode() for part in _path(request).split("/")]
    options = [text.encode() for pair in request.query_params.multi_items() if pair[0] != "_token" for text in pair]
    return [*parts, *([raw] if raw else []), *(part for part in options if part)]


def _plain(reply: Reply, encode: bool) -> Any:
    if isinstance(reply, list):
        return [_plain(part, encode) for part in reply]
    if reply == "OK" and isinstance(reply, Status):
        return "OK"
    if isinstance(reply, ServerError):
        return {"error": str(reply)}
    if isinstance(reply, Status | bytes):
        raw = reply.encode() if isinstance(reply, str) else reply
        return base64.b64encode(raw).decode() if encode else raw.decode(errors="replace")
    return reply


def _item(reply: Reply, encode: bool) -> dict[str, Any]:
    return {"error": str(reply)} if isinstance(reply, ServerError) else {"result": _plain(reply, encode)}
