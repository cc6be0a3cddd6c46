"""The stand-ins on a free loopback port, the real client libraries for them, and a receiver of webhooks."""

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import replicate
from PIL import Image

from local.stand_ins import ProvidersConfig, serving
from tests.local.stand_ins import small_aws
from tests.local.stand_ins.small_aws import SmallAws

PHOTO = Path(__file__).parents[3] / "local" / "photos" / "eileen-collins.jpg"


@pytest.fixture(scope="session")
def photo() -> Image.Image:
    return Image.open(PHOTO).convert("RGB")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def small() -> Iterator[SmallAws]:
    with small_aws.serving() as aws:
        yield aws


@pytest.fixture
def aws(small: SmallAws) -> Iterator[SmallAws]:
    """The AWS that Rekognition's stand-in asks, with nothing in it."""
    yield small
    for kept in (small.keys, small.allowed, small.objects, small.asked):
        kept.clear()


@pytest.fixture(scope="session")
def config(small: SmallAws) -> Iterator[ProvidersConfig]:
    """The configuration of a running server."""
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{_free_port()}",
        replicate_token="r8_test",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure-key",
        upstash_token="upstash-token",
        web_origins=["http://127.0.0.1:9999"],
        aws=small.access,
    )
    with serving(config):
        yield config


@pytest.fixture
def http(config: ProvidersConfig) -> Iterator[httpx.Client]:
    """Plain HTTP to the stand-ins; every rule is reset after the test."""
    with httpx.Client(base_url=config.base_url, trust_env=False, timeout=5) as client:
        yield client
        client.delete("/_control").raise_for_status()


@pytest.fixture
def rule(http: httpx.Client) -> Callable[..., None]:
    """Set rules: ``rule(replicate={"latency": 0})``."""

    def change(**changes: Any) -> None:
        http.post("/_control", json=changes).raise_for_status()

    return change


@pytest.fixture
def client(config: ProvidersConfig, rule: Callable[..., None]) -> Iterator[replicate.Client]:
    """Replicate's own client; predictions are as fast as they can be."""
    rule(replicate={"queue": 0, "latency": 0})
    client = replicate.Client(api_token="r8_test", base_url=f"{config.base_url}/replicate")
    yield client
    client._client.close()  # it has no close of its own


@dataclass
class Receiver:
    """Takes webhooks; answers ``statuses`` in turn, then 204. Has a photo to fetch, too."""

    url: str
    requests: queue.Queue[tuple[dict[str, str], bytes]] = field(default_factory=queue.Queue)
    statuses: list[int] = field(default_factory=list)

    @property
    def photo_url(self) -> str:
        return self.url.replace("/hook", "/photo.jpg")

    def next(self) -> tuple[dict[str, str], bytes]:
        """Headers (lower case) and body of the next webhook; raises `queue.Empty` after 3 s."""
        return self.requests.get(timeout=3)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.requests.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(received.statuses.pop(0) if received.statuses else 204)
            self.end_headers()

        def do_GET(self) -> None:
            found = self.path == "/photo.jpg"
            self.send_response(200 if found else 403)
            self.end_headers()
            self.wfile.write(PHOTO.read_bytes() if found else b"<Error><Code>AccessDenied</Code></Error>")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield received
        server.shutdown()
        thread.join()
