"""AWS, Replicate and Redis as the benchmarks meet them: they answer at once, and do what they are asked.

Run as a child that inherits its socket: ``python -m proofs.bench.services SOCKET``. DynamoDB is the simulation's, which
passes the contract that fake, moto and local cloud pass; ``GET /_calls`` tells the calls since it was last asked.
"""

import asyncio
import json
import socket
import sys
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from time import time
from typing import Any

import uvicorn
from PIL import Image

from local.simulated.dynamodb import DynamoDb
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, answered
from proofs.chaos.simulation.services import Upstash, secret_value

OUTPUT_BYTES = 2 * 2**20


class Services:
    """The one app behind every URL."""

    def __init__(self) -> None:
        self.dynamodb = DynamoDb(time)
        self.upstash = Upstash(time)
        self.calls: list[str] = []
        self._ids = count()
        self._output = portrait(OUTPUT_BYTES)

    def answer(self, sent: Sent) -> Answer:
        """Answer one request, and remember what it was."""
        path = sent.url
        if path == "/_calls":
            told, self.calls = self.calls, []
            return _json(200, told)
        self.calls.append(f"{sent.service} {sent.operation}")
        if sent.service == "dynamodb":
            return answered(self.dynamodb, sent)
        if sent.service == "secretsmanager":
            return secret_value(sent)
        if path == "/upstash":
            return self.upstash(sent)
        if path.startswith("/v1/"):
            return _json(201, self._prediction())
        return Answer(200, {"content-type": "image/jpeg", "etag": '"1"'}, self._output if sent.method == "GET" else b"")

    def _prediction(self) -> dict[str, Any]:
        made = f"p{next(self._ids):025d}"
        return {"id": made, "model": "black-forest-labs/flux-1.1-pro", "version": "hidden", "status": "starting",
                "input": {}, "output": None, "error": None, "logs": "", "created_at": datetime.now(UTC).isoformat(),
                "urls": {"get": f"https://api.replicate.com/v1/predictions/{made}"}}  # fmt: skip

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The ASGI entry."""
        body, more = bytearray(), True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = self.answer(_sent(scope, bytes(body)))
        headers = {**answer.headers, "content-length": str(len(answer.body))}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": answer.body})


def portrait(size: int) -> bytes:
    """A JPEG of about this many bytes: noise, which does not shrink."""
    side = int((size / 0.86) ** 0.5)  # of a byte a pixel, at this quality
    data = BytesIO()
    Image.effect_noise((side, side), 90).save(data, "JPEG", quality=92)
    return data.getvalue()


def _sent(scope: Any, body: bytes) -> Sent:
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    target, path = headers.get("x-amz-target", ""), scope["path"]
    service, _, operation = target.partition(".")
    service = "dynamodb" if service.startswith("DynamoDB") else service
    return Sent(service or path.split("/")[1], operation or scope["method"], scope["method"], path, headers, body)


def _json(status: int, document: object) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(document).encode())


if __name__ == "__main__":
    config = uvicorn.Config(Services(), lifespan="off", access_log=False, log_level="warning")
    asyncio.run(uvicorn.Server(config).serve([socket.socket(fileno=int(sys.argv[1]))]))
