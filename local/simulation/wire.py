"""Where the process ends and the network begins: each request of botocore, httpx and requests goes to ``exchange``
instead, which answers it, fails it, or ends the process.
"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

import botocore.endpoint
import httpx
import requests
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse, HeadersDict

from local.simulation.dynamodb import AwsError
from local.simulation.s3 import Answer
from veil.adapters import aws

SERVICES = ("dynamodb", "s3", "secretsmanager", "sqs")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it goes out: to an AWS ``service`` its operation, to any other host the method and path."""

    service: str
    operation: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


type Exchange = Callable[[Sent], Answer]


def aws_json(document: Any) -> Answer:
    """An answer of AWS's JSON protocol."""
    return Answer(200, {"content-type": "application/x-amz-json-1.0"}, json.dumps(document).encode())


def aws_error(error: AwsError) -> Answer:
    body = {"__type": f"com.amazonaws#{error.code}", "message": error.message, **error.members}
    return Answer(error.status, {"content-type": "application/x-amz-json-1.0"}, json.dumps(body).encode())


@contextmanager
def replaced(exchange: Exchange, sleep: Callable[[float], None]) -> Iterator[None]:
    """While the block runs, nothing leaves the process; ``sleep`` is what botocore waits with between its tries."""

    def to_aws(service: str, request: Any, event_name: str, **_: Any) -> AWSResponse:
        answer = exchange(_of_botocore(service, event_name.rpartition(".")[2], request))
        raw = io.BytesIO(answer.body)
        raw.stream = lambda *_, **__: iter([answer.body])  # type: ignore[attr-defined]
        return AWSResponse(request.url, answer.status, HeadersDict(answer.headers), raw)

    def by_httpx(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        answer = exchange(_of_httpx(request))
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)

    def by_requests(_: Any, request: requests.PreparedRequest, **__: Any) -> requests.Response:
        return _to_requests(request, exchange(_of_requests(request)))

    with ExitStack() as stack:
        aws.client.cache_clear()
        stack.callback(aws.client.cache_clear)
        for service in SERVICES:
            events = aws.client(service).meta.events
            events.register("before-send.*", partial(to_aws, service))
            events.register("choose-signer.*", lambda **_: UNSIGNED)  # a sixth of each call, and nobody looks
        waiting = type("Time", (), {"sleep": staticmethod(sleep), "time": staticmethod(botocore.endpoint.time.time)})
        stack.enter_context(patch.object(botocore.endpoint, "time", waiting))
        stack.enter_context(patch.object(httpx.HTTPTransport, "handle_request", by_httpx))
        stack.enter_context(patch.object(requests.adapters.HTTPAdapter, "send", by_requests))
        yield


def _of_botocore(service: str, operation: str, request: Any) -> Sent:
    body = request.body or b""
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    return Sent(service, operation, request.method, request.url, headers, data)


def _of_httpx(request: httpx.Request) -> Sent:
    host, path = request.url.host, request.url.path
    return Sent(host, path, request.method, str(request.url), dict(request.headers), request.read())


def _of_requests(request: requests.PreparedRequest) -> Sent:
    url = httpx.URL(request.url or "")
    body = request.body if isinstance(request.body, bytes) else b""
    headers = {name: str(value) for name, value in request.headers.items()}
    return Sent(url.host, url.path, request.method or "", str(url), headers, body)


def _to_requests(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response.request = answer.status, request.url or "", request
    response.headers.update(answer.headers)
    response.raw = io.BytesIO(answer.body)
    response._content = answer.body
    return response
