"""Requests that no client library would send, byte by byte, to the deployed local cloud with a good token.

API Gateway itself refuses more than 10 kB of headers and 10 MB of body. The local one reads an encoded slash as a
slash and `get` as GET, which opens to its user what is theirs.
"""

import json
import socket
from urllib.parse import urlsplit

import pytest

from operations.client import VeilClient
from tests.e2e.world import World, subject

pytestmark = pytest.mark.cloud

SOME_ID = "01JDCK5T7Q8Z9A1B2C3D4E5F6G"
TARGETS = [
    "//credits",
    "/credits/",
    "/CREDITS",
    "/credits;x",
    "/credits%00",
    "/credits%0a",
    "/credits%20",
    "/credits//entries",
    "/x/../credits",
    "/%2e%2e/credits",
    "/generations/..",
    "/generations/%2e%2e",
    "/generations/%ff",
    "/generations/%ed%a0%80",
    "/generations/%00",
    f"/generations/{SOME_ID}/",
    f"/generations/{SOME_ID}%2fselection",
    f"/generations/..%2f{SOME_ID}",
    "/uploads/%ff",
    "/uploads/" + "%00" * 100,
    "/generations?cursor=%ff",
    "/generations?cursor=%00",
    "/generations?cursor=%ed%a0%80",
    "/generations?limit=%ff",
    "/generations?limit=1&limit=2",
    "/webhooks/replicate/%ff",
    "/webhooks/replicate/..%2f..%2fcredits",
    "/" + "a" * 8_000,
    "/" + "%2e%2e%2f" * 500,
    "/_aws/lambda",
    "/2015-03-31/functions",
]


class Door:
    """The API's address, and a token for it."""

    def __init__(self, client: VeilClient) -> None:
        self._url = urlsplit(str(client.api.base_url))
        self._token = client.api.headers["authorization"]

    def send(self, target: str, method: str = "GET", headers: bytes = b"", body: bytes = b"") -> tuple[int, bytes]:
        start = f"{method} {target} HTTP/1.1\r\nhost: {self._url.netloc}\r\nauthorization: {self._token}\r\n"
        request = start.encode() + headers + b"connection: close\r\n\r\n" + body
        assert self._url.hostname
        with socket.create_connection((self._url.hostname, self._url.port or 80), timeout=30) as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        head, _, text = answer.partition(b"\r\n\r\n")
        assert b"set-cookie" not in head.lower()
        return int(head.split(b" ")[1]), text


@pytest.fixture
def door(alice: VeilClient) -> Door:
    alice.get("/credits")
    return Door(alice)


def _is_refused(answer: tuple[int, bytes]) -> None:
    status, text = answer
    assert 400 <= status < 500, text
    assert b"Traceback" not in text
    assert b"available" not in text


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:40])
def test_a_path_that_is_none(door: Door, alice: VeilClient, world: World, target: str) -> None:
    before = world.sorts(subject(alice))
    _is_refused(door.send(target))
    assert world.sorts(subject(alice)) == before


def test_a_path_that_is_one(door: Door) -> None:
    """The other side of that table."""
    status, text = door.send("/credits")
    assert (status, json.loads(text)) == (200, {"available": 8, "held": 0, "owed": 0})


def test_head_is_get_without_its_body(door: Door) -> None:
    assert door.send("/credits", "HEAD") == (200, b"")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND", "PUT", "DELETE"])
def test_a_method_that_is_none(door: Door, method: str) -> None:
    _is_refused(door.send("/credits", method))


@pytest.mark.parametrize(
    "line",
    [b"accept-language: a\0b\r\n", b"accept-language: a\rset-cookie: x=1\r\n", b"no colon\r\n", b" folded: x\r\n"],
    ids=ascii,
)
def test_a_header_that_is_none(door: Door, line: bytes) -> None:
    _is_refused(door.send("/credits", headers=line))


@pytest.mark.parametrize("size", [1_000_000, 5_000_000])
@pytest.mark.parametrize("target", ["/uploads", f"/webhooks/replicate/{'x' * 200}"])
def test_a_body_of_megabytes(door: Door, target: str, size: int) -> None:
    _is_refused(door.send(target, "POST", f"content-length: {size}\r\n".encode(), b"x" * size))
