"""The edge's door on loopback: in front of the emulator's CloudFront, what that leaves out.

The emulator serves a distribution as it is deployed: its behaviours, methods and functions, its access to the buckets,
its policies of headers. It checks no signature and keeps nothing, so this door does
(docs/decisions/local-edge.md). Run as a child that inherits its socket, with the local AWS in its environment:
``python -m local.cloud.edge CONFIG``.
"""

import asyncio
import socket
import ssl
import sys
from collections.abc import Callable
from math import inf
from pathlib import Path
from time import time

import boto3
import httpx
import uvicorn
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from local.cloud.distribution import Behaviour, Distribution
from local.cloud.edge_cache import Cache, Kept
from local.cloud.forwarding import Headers, end_to_end, outgoing, streamed, target_of
from local.cloud.ports import HOST
from local.cloud.signed_urls import Refused, SignedUrl

KEYS_SECONDS = 5  # a key is trusted for so long without another look; on AWS, too, a rotation takes a while
LOOK_SECONDS = 1  # between two looks at the invalidations
PAST_THE_CACHE = frozenset(
    {"range", "if-range", "if-none-match", "if-match", "if-modified-since", "if-unmodified-since"}
)
ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{}</Code><Message>{}</Message></Error>'


class EdgeConfig(BaseModel):
    """``upstream``: the local AWS; ``origin``: this door's own, as people reach it, which the signatures are for."""

    upstream: str
    domain: str
    distribution_id: str
    origin: str
    authority: Path
    socket: int


class Edge:
    """The app. ``clock`` answers seconds since 1970."""

    def __init__(
        self, http: httpx.AsyncClient, distribution: Distribution, config: EdgeConfig, clock: Callable[[], float] = time
    ) -> None:
        self._http, self._distribution, self._clock = http, distribution, clock
        self._upstream, self._domain, self._origin = httpx.URL(config.upstream), config.domain, config.origin
        self._cache = Cache(clock)
        self._behaviours: list[Behaviour] = []
        self._described_at = self._looked_at = -inf
        self._invalidations: set[str] = set()
        self._describing, self._looking = asyncio.Lock(), asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refused as refused:
            response = Response(ERROR.format(refused.code, refused.message), 403, media_type="text/xml")
            response.headers["x-cache"] = "Error from cloudfront"
        except ClientDisconnect:
            return  # nobody is left to answer
        except (httpx.TransportError, BotoCoreError, ClientError) as error:
            response = PlainTextResponse(f"The local cloud did not answer: {error!r}\n", 502)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        behaviour, target = await self._behaviour(request), target_of(request.scope)
        if request.method not in behaviour.methods:  # the emulator takes all where the distribution names none
            return PlainTextResponse("This distribution is not configured to allow this method.\n", 403)
        if behaviour.keys is not None:
            target = await self._admitted(request)
        cacheable = request.method in {"GET", "HEAD"} and behaviour.times.most > 0
        if not cacheable or PAST_THE_CACHE & set(request.headers.keys()):
            return streamed(await self._asked(request, target))
        await self._look_at_invalidations()
        if kept := self._cache.get(target.decode("latin-1")):
            return self._again(kept, request.method)
        return await self._fetched(request, target, behaviour)

    async def _fetched(self, request: Request, target: bytes, behaviour: Behaviour) -> Response:
        seen = len(self._invalidations)
        answer = await self._asked(request, target)
        seconds = behaviour.times.of(answer.headers.get("cache-control", ""))
        if request.method != "GET" or answer.status_code != 200 or seconds <= 0:
            return streamed(answer)
        headers, body = end_to_end(answer.headers.raw), b"".join([chunk async for chunk in answer.aiter_raw()])
        await answer.aclose()
        if seen == len(self._invalidations):  # else this may be what one of them was about
            self._cache.put(target.decode("latin-1"), headers, body, seconds)
        response = Response(body)
        response.raw_headers = headers
        return response

    def _again(self, kept: Kept, method: str) -> Response:
        response = Response(kept.body if method == "GET" else b"")
        age = str(int(self._clock() - kept.since)).encode()
        other = [(name, value) for name, value in kept.headers if name.lower() != b"x-cache"]
        response.raw_headers = [*other, (b"X-Cache", b"Hit from cloudfront"), (b"Age", age)]
        return response

    async def _asked(self, request: Request, target: bytes) -> httpx.Response:
        ours = {b"host": self._domain.encode(), b"x-forwarded-proto": b"https"}
        sent: Headers = [pair for pair in end_to_end(request.headers.raw) if pair[0].lower() not in ours]
        return await self._http.send(outgoing(request, self._upstream, target, [*ours.items(), *sent]), stream=True)

    async def _admitted(self, request: Request) -> bytes:
        """The target without what signs it; raises `Refused`."""
        path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
        url = SignedUrl.of(self._origin, path, query)
        keys = (await self._behaviour(request, self._clock() - KEYS_SECONDS)).keys or {}
        if url.key_id not in keys:  # one that was made since
            keys = (await self._behaviour(request, inf)).keys or {}
        if url.key_id not in keys:
            raise Refused("InvalidKey", "Unknown Key")
        url.check(keys[url.key_id], self._clock(), request.client.host if request.client else HOST)
        return (f"{path}?{url.query}" if url.query else path).encode("latin-1")

    async def _behaviour(self, request: Request, since: float = -inf) -> Behaviour:
        """The one that is for the path, as it was deployed at ``since`` or later."""
        async with self._describing:
            if not self._behaviours or self._described_at < since:
                now = self._clock()
                self._behaviours = await asyncio.to_thread(self._distribution.behaviours)
                self._described_at = now
        return next(each for each in self._behaviours if each.is_for(request.scope["path"]))

    async def _look_at_invalidations(self) -> None:
        async with self._looking:
            now = self._clock()
            if now - self._looked_at < LOOK_SECONDS:
                return
            self._looked_at = now
            for name, paths in await asyncio.to_thread(
                lambda: list(self._distribution.invalidated(self._invalidations))
            ):
                self._invalidations.add(name)
                self._cache.forget(paths)


async def serve(config: EdgeConfig) -> None:
    """Serve until a signal ends it."""
    trust = ssl.create_default_context(cafile=config.authority)
    distribution = Distribution(boto3.client("cloudfront"), config.distribution_id)
    async with httpx.AsyncClient(verify=trust, trust_env=False, limits=httpx.Limits(max_connections=None)) as http:
        edge = Edge(http, distribution, config)
        # No access log: an image's URL is good for whoever reads it.
        options = uvicorn.Config(
            edge, lifespan="off", access_log=False, server_header=False, date_header=False, timeout_graceful_shutdown=1
        )
        await uvicorn.Server(options).serve([socket.socket(fileno=config.socket)])


if __name__ == "__main__":
    asyncio.run(serve(EdgeConfig.model_validate_json(sys.argv[1])))
