"""A loopback server that answers as it is told, and remembers what it was asked."""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

HANG_SECONDS = 20  # at the most: a hanging answer ends with the test
STRAY = (  # what a developer's shell may have, and a test must not see
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL",
    "AWS_PROFILE",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "REQUESTS_CA_BUNDLE",
    "http_proxy",
    "https_proxy",
)


@dataclass(frozen=True)
class Reply:
    """One answer: ``body`` as it is or as JSON; ``hang`` sends nothing, ``reset`` closes without a word, and
    ``chunks`` sends the body so often, without a length.
    """

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    reset: bool = False
    chunks: int = 1

    @property
    def data(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """A request as it came; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """Replies in turn, the last one for ever. ``hung_up``: a client closed its connection before an answer's end."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply()]
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self.hung_up = threading.Event()
        self.url = ""

    def answer(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def next(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def _handler(wire: Wire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            wire.asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
            reply = wire.next()
            if reply.hang:
                wire.released.wait(HANG_SECONDS)
            elif reply.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            else:
                self._send(reply)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the library's names

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in {"content-type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                for _ in range(reply.chunks):
                    self.wfile.write(reply.data)
            except ConnectionError:
                wire.hung_up.set()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[Wire]:
    """On a port of its own, unless one is given."""
    wire = Wire()
    with ThreadingHTTPServer(("127.0.0.1", port), _handler(wire)) as server:
        wire.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
        server.socket = tls.wrap_socket(server.socket, server_side=True) if tls else server.socket
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield wire
        finally:
            wire.released.set()
            server.shutdown()
            thread.join()


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without the machine's own proxies and certificates."""
    for name in STRAY:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with serving() as running:
        yield running
