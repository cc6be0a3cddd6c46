"""AWS, Replicate and Redis as the benchmarks meet them: they answer at once, and do what they are asked.

Run as a child that inherits its socket: ``python -m proofs.bench.services SOCKET``. DynamoDB is the simulation's, which
passes the contract that fake, moto and local cloud pass; ``GET /_calls`` answers the calls since the last time, by
name, the requests to DynamoDB among them, and the predictions with their webhooks.
"""

import asyncio
import socket
import sys
from itertools import count
from time import time
from typing import Any

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.photos.make import encode
from local.simulated.dynamodb import DynamoDb
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, answered
from local.stand_ins.predictions import Prediction
from proofs.chaos.simulation.replicate import API
from proofs.chaos.simulation.services import Upstash, json_answer, secret_value

SIDE = 1560  # pixels of an output: 2 MB, since noise does not compress
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


class Services:
    """All services behind one URL."""

    def __init__(self) -> None:
        self.dynamodb = DynamoDb(time)
        self.upstash = Upstash(time)
        self.calls: list[str] = []
        self.requests: list[Any] = []
        self.predictions: list[dict[str, str]] = []
        self._ids = count()
        self._output = encode(Image.effect_noise((SIDE, SIDE), 90), "JPEG", quality=92)

    async def handle(self, request: Request) -> Response:
        answer = self.answer(_sent(request, await request.body()))
        return Response(answer.body, answer.status, dict(answer.headers))

    def answer(self, sent: Sent) -> Answer:
        """Answer one request, and remember what it was."""
        path = sent.url
        if path == "/_calls":
            taken = {"calls": self.calls, "dynamodb": self.requests, "predictions": self.predictions}
            self.calls, self.requests, self.predictions = [], [], []
            return json_answer(200, taken)
        self.calls.append(f"{sent.service} {sent.operation}")
        if sent.service == "dynamodb":
            self.requests.append(sent.json)
            return answered(self.dynamodb, sent)
        if sent.service == "secretsmanager":
            return secret_value(sent)
        if path == "/upstash":
            return self.upstash(sent)
        if path.startswith("/v1/"):
            model, inputs = path.removeprefix("/v1/models/").removesuffix("/predictions"), sent.json["input"]
            prediction = Prediction(model, inputs, None, frozenset(), id=f"p{next(self._ids):025d}")
            self.predictions.append({"prediction": prediction.id, "webhook": sent.json["webhook"]})
            return json_answer(201, prediction.body(API))
        return Answer(200, {"content-type": "image/jpeg", "etag": '"1"'}, self._output if sent.method == "GET" else b"")


def _sent(request: Request, body: bytes) -> Sent:
    target, path = request.headers.get("x-amz-target", ""), request.url.path
    service, _, operation = target.partition(".")
    service = "dynamodb" if service.startswith("DynamoDB") else service or path.split("/")[1]
    return Sent(service, operation or request.method, request.method, path, dict(request.headers), body)


if __name__ == "__main__":
    app = Starlette(routes=[Route("/{path:path}", Services().handle, methods=METHODS)])
    config = uvicorn.Config(app, lifespan="off", access_log=False, log_level="warning")
    asyncio.run(uvicorn.Server(config).serve([socket.socket(fileno=int(sys.argv[1]))]))
