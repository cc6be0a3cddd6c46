"""Two plain-HTTP doors on loopback to the local cloud, so that a browser or curl needs no certificate.

The API's door forwards to the deployed HTTP API under its path form, with the target's bytes as they came, and
throttles as API Gateway does, by what the stage says. S3's door is a tunnel into TLS: presigned URLs are signed for the
host that the client sends, so no byte may change.
Run as a child that inherits both sockets: ``python -m local.cloud.front_door CONFIG``.
"""

import asyncio
import socket
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
import uvicorn
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from local.cloud.forwarding import outgoing, streamed, target_of
from local.cloud.ports import HOST
from local.cloud.throttle import Limits, Throttle

CHUNK = 64 * 1024
# A burst would otherwise cold-start a function's process for each of its requests, more than a laptop can do in time.
CONCURRENT_REQUESTS = 8
CONCURRENT_WEBHOOKS = 8  # apart, as the deployed API's throttles are: portraits arrive, however busy the apps are


class FrontDoorConfig(BaseModel):
    """Where the doors lead, the local cloud's port and the API there, and the inherited sockets' numbers."""

    upstream_port: int
    presigned_port: int | None = None  # where presigned requests go instead
    api_id: str
    authority: Path
    api_socket: int
    s3_socket: int
    limits: Limits = Limits()


def create_api_door(client: httpx.AsyncClient, api_url: str, throttle: Throttle) -> ASGIApp:
    """The app that forwards every request to what is below ``api_url``, a URL without a trailing slash."""
    base = httpx.URL(api_url)
    slots, webhook_slots = asyncio.Semaphore(CONCURRENT_REQUESTS), asyncio.Semaphore(CONCURRENT_WEBHOOKS)

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if not throttle.admits(scope["method"], scope["path"]):
            await _too_many()(scope, receive, send)
            return
        try:
            async with webhook_slots if scope["path"].startswith("/webhooks/") else slots:
                answer = await client.send(outgoing(request, base, base.raw_path + target_of(scope)), stream=True)
        except ClientDisconnect:
            return  # nobody is left to answer
        except httpx.TransportError as error:
            response: Response = JSONResponse({"message": f"The local cloud did not answer: {error!r}"}, 502)
        else:
            response = streamed(answer)
        await response(scope, receive, send)

    return door


def _too_many() -> Response:
    """API Gateway's own words; it does not say when to come again."""
    return JSONResponse({"message": "Too Many Requests"}, 429, {"apigw-requestid": uuid4().hex[:16]})


async def open_tunnel(listener: socket.socket, port: int, trust: ssl.SSLContext) -> asyncio.Server:
    """Carry the bytes of every connection to ``listener`` over TLS to ``port`` of this machine, and back."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(HOST, port, ssl=trust)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    return await asyncio.start_server(carry, sock=listener)


async def serve(config: FrontDoorConfig) -> None:
    """Serve both doors until a signal ends it."""
    trust = ssl.create_default_context(cafile=config.authority)
    api_url = f"https://{HOST}:{config.upstream_port}/_aws/execute-api/{config.api_id}/$default"
    tunnel = await open_tunnel(
        socket.socket(fileno=config.s3_socket), config.presigned_port or config.upstream_port, trust
    )
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(verify=trust, trust_env=False, limits=limits) as client:
        door = create_api_door(client, api_url, Throttle(config.limits))
        # No access log: a webhook's path carries its token.
        options = uvicorn.Config(
            door, lifespan="off", access_log=False, server_header=False, date_header=False, timeout_graceful_shutdown=1
        )
        try:
            await uvicorn.Server(options).serve([socket.socket(fileno=config.api_socket)])
        finally:
            tunnel.close()
            tunnel.close_clients()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end; then close the other side, since TLS knows no half-closed connection."""
    with suppress(OSError):  # either side may leave at any time
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(serve(FrontDoorConfig.model_validate_json(sys.argv[1])))
