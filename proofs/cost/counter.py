"""A proxy between the functions and AWS that counts what passes: calls, bytes, DynamoDB's request units.

Run as a child: ``python -m proofs.cost.counter PORT UPSTREAM CERTIFICATE KEY``, with root's credentials in its
environment. A request is forwarded as it was signed. DynamoDB's requests pass one at a time, so that the items before
and after a write, which the counter reads itself, are that write's own: races lost for an item are not seen here.
``/_counter`` answers the calls so far: GET shows them, DELETE shows and forgets them.
"""

import asyncio
import json
import os
import ssl
from dataclasses import asdict, replace
from typing import Any

import aiohttp
import boto3
from aiohttp import web
from yarl import URL

from local.cloud.detour import main
from proofs.cost.counts import Call, recognize
from proofs.cost.units import Item, Key, TableShape, Units, consumed, writes

COUNTER = "/_counter"
MAX_BYTES = 64 * 1024 * 1024
NOT_FORWARDED = {"content-length", "transfer-encoding", "connection"}
REFUSED = {"ValidationException", "AccessDeniedException", "ResourceNotFoundException"}  # before anything is read


class Counter:
    """Forwards to ``upstream``; remembers every call."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._calls: list[Call] = []
        self._one_at_a_time = asyncio.Lock()
        self._tables: dict[str, TableShape] = {}
        self._dynamodb = boto3.client("dynamodb", endpoint_url=upstream)

    async def handle(self, request: web.Request) -> web.Response:
        if request.path == COUNTER:
            calls, self._calls = self._calls, [] if request.method == "DELETE" else self._calls
            return web.json_response([asdict(call) for call in calls])
        body = await request.read()
        try:
            call = recognize(request.method, request.path, request.query_string, request.headers)
        except ValueError:  # a health check, or a request that AWS will refuse: free of charge
            return await self._forward(request, body)
        if call.service == "dynamodb":
            async with self._one_at_a_time:
                answer, units = await self._dynamodb_call(request, call, body)
        else:
            answer, units = await self._forward(request, body), Units()
        counted = replace(call, bytes_in=len(body), bytes_out=len(_bytes(answer)))
        self._calls.append(replace(counted, read_units=units.read, write_units=units.write))
        return answer

    async def _dynamodb_call(self, request: web.Request, call: Call, body: bytes) -> tuple[web.Response, Units]:
        asked = json.loads(body)
        name = asked["TableName"] if "TableName" in asked else _table_of(asked)
        shape = await self._shape(name)
        keys = [key for key, _ in writes(call.operation, asked, shape)]
        before = [await self._item(name, key) for key in keys]
        answer = await self._forward(request, body)
        answered = json.loads(_bytes(answer) or b"{}")
        if answer.status != 200 and answered.get("__type", "").rpartition("#")[2] in REFUSED:
            return answer, Units()
        after = [await self._item(name, key) for key in keys]
        return answer, consumed(call.operation, asked, before, after, answered, table=shape)

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        url = URL(f"{self._upstream}{request.raw_path}", encoded=True)
        session = request.app[SESSION]
        sent = session.request(request.method, url, data=body, headers=_kept(request.headers), allow_redirects=False)
        async with sent as answer:
            headers = _kept(answer.headers)
            if request.method == "HEAD":  # the length is all that it says
                headers["Content-Length"] = answer.headers.get("Content-Length", "0")
            return web.Response(status=answer.status, body=await answer.read(), headers=headers)

    async def _shape(self, table: str) -> TableShape:
        if table not in self._tables:
            described = await asyncio.to_thread(self._dynamodb.describe_table, TableName=table)
            self._tables[table] = TableShape.described(described["Table"])
        return self._tables[table]

    async def _item(self, table: str, key: Key) -> Item | None:
        found = await asyncio.to_thread(self._dynamodb.get_item, TableName=table, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")
        return item


SESSION = web.AppKey("session", aiohttp.ClientSession)


def create_counter(upstream: str) -> web.Application:
    """The server that forwards to ``upstream``, counting."""
    app = web.Application(client_max_size=MAX_BYTES)
    app.router.add_route("*", "/{path:.*}", Counter(upstream).handle)
    app.cleanup_ctx.append(_session)
    return app


async def _session(app: web.Application) -> Any:
    trust = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))
    connector = aiohttp.TCPConnector(ssl=trust)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        app[SESSION] = session
        yield


def _kept(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in NOT_FORWARDED}


def _bytes(answer: web.Response) -> bytes:
    return answer.body if isinstance(answer.body, bytes) else b""


def _table_of(asked: dict[str, Any]) -> str:
    """The one table of a request that may name many."""
    if "RequestItems" in asked:
        return str(next(iter(asked["RequestItems"])))
    return str(next(iter(asked["TransactItems"][0].values()))["TableName"])


if __name__ == "__main__":
    main(create_counter)
