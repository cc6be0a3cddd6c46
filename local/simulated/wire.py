"""Where the process ends and the network begins: each request of botocore, httpx and requests goes to ``exchange``
instead, which answers it, fails it, or ends the process.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any
from unittest.mock import patch

import botocore.endpoint
import httpx
import requests
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse, HeadersDict

from local.simulated.dynamodb import AwsError
from local.simulated.s3 import Answer
from veil.adapters.aws import client as aws


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


def answered(service: Callable[[str, Any], Any], sent: Sent) -> Answer:
    """What a service that takes an operation and its request makes of one."""
    try:
        return aws_json(service(sent.operation, sent.json))
    except AwsError as error:
        return aws_error(error)


_exchanges: list[Exchange] = []  # the last one is that of the world that is
_clients: dict[tuple[str, bool], Any] = {}  # of all worlds: to make one takes longer than to simulate a generation
_make_client = aws.new_client


def _client(service: str, **options: Any) -> Any:
    """A client whose requests are exchanged; one with an own way to sign is for presigned URLs, and sends nothing."""
    presigner = options["config"].signature_version is not None
    if (service, presigner) not in _clients:
        made = _clients[service, presigner] = _make_client(service, **options)
        if not presigner:
            divert(made, service, lambda sent: _exchanges[-1](sent))  # noqa: PLW0108 - another one in each world
    return _clients[service, presigner]


def divert(client: Any, service: str, exchange: Exchange) -> None:
    """Let a client of botocore's send nothing from now on, but ask ``exchange``."""
    client.meta.events.register("before-send.*", partial(_from_botocore, service, exchange))
    client.meta.events.register("choose-signer.*", lambda **_: UNSIGNED)  # a sixth of each call


@contextmanager
def replaced(exchange: Exchange, sleep: Callable[[float], None]) -> Iterator[None]:
    """While the block runs, nothing leaves the process; ``sleep`` is what botocore waits with between its tries."""
    with ExitStack() as stack:
        _exchanges.append(exchange)
        stack.callback(_exchanges.pop)
        aws.client.cache_clear()
        stack.callback(aws.client.cache_clear)
        stack.enter_context(patch.object(aws, "new_client", _client))
        waiting = type("Time", (), {"sleep": staticmethod(sleep), "time": staticmethod(botocore.endpoint.time.time)})
        stack.enter_context(patch.object(botocore.endpoint, "time", waiting))
        stack.enter_context(patch.object(httpx.HTTPTransport, "handle_request", _from_httpx))
        # A tenth of a second for each client that a cold start makes, and nobody is there to be verified.
        unverified = cache(lambda **_: SSLContext(PROTOCOL_TLS_CLIENT))
        stack.enter_context(patch("httpx._transports.default.create_ssl_context", unverified))
        stack.enter_context(patch.object(requests.adapters.HTTPAdapter, "send", _from_requests))
        yield


def _from_botocore(service: str, exchange: Exchange, request: Any, event_name: str, **_: Any) -> AWSResponse:
    answer = exchange(_of_botocore(service, event_name.rpartition(".")[2], request))
    raw = io.BytesIO(answer.body)
    raw.stream = lambda *_, **__: iter([answer.body])  # type: ignore[attr-defined]
    return AWSResponse(request.url, answer.status, HeadersDict(answer.headers), raw)


def _of_botocore(service: str, operation: str, request: Any) -> Sent:
    body = request.body or b""
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else body.read()
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()}
    return Sent(service, operation, request.method, request.url, headers, data)


def _from_httpx(_: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
    answer = _exchanges[-1](_sent(request.url, request.method, request.headers, request.read()))
    return httpx.Response(answer.status, headers=dict(answer.headers), stream=httpx.ByteStream(answer.body))


def _from_requests(_: Any, request: requests.PreparedRequest, **__: Any) -> requests.Response:
    body = request.body if isinstance(request.body, bytes) else b""
    answer = _exchanges[-1](_sent(httpx.URL(request.url or ""), request.method or "", request.headers, body))
    response = requests.Response()
    response.status_code, response.url, response.request = answer.status, request.url or "", request
    response.headers.update(answer.headers)
    response.raw = io.BytesIO(answer.body)
    response._content = answer.body
    return response


def _sent(url: httpx.URL, method: str, headers: Mapping[str, Any], body: bytes) -> Sent:
    return Sent(url.host, url.path, method, str(url), {name: str(value) for name, value in headers.items()}, body)
