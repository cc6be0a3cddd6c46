"""Outputs: only from listed origins, without credentials, bounded, and only whole images."""

from collections.abc import Iterator
from hashlib import sha256
from time import monotonic

import httpx
import pytest
from PIL import Image

from local.chaos.photos.make import encode, noise
from tests.adapters.wire import Reply, Wire, closed_port
from veil.adapters import outputs
from veil.adapters.outputs import HttpOutputs, describe
from veil.domain.generation import StoredOutput
from veil.domain.predictions import BadOutput, OutputUnavailable

PRODUCTION = ("https://*.replicate.delivery", "https://replicate.delivery")
JPEG = encode(noise(), "JPEG")


@pytest.fixture
def fetcher(wire: Wire) -> Iterator[HttpOutputs]:
    source = HttpOutputs([wire.url], 1_000_000)
    yield source
    if source._client:
        source._client.close()


def test_an_output(wire: Wire, fetcher: HttpOutputs) -> None:
    wire.answer(Reply(200, JPEG, {"content-type": "text/plain"}))
    data, output = fetcher.fetch(f"{wire.url}/czjl/a.jpg?x=1")
    assert data == JPEG
    assert output == StoredOutput(len(JPEG), sha256(JPEG).hexdigest(), 320, 300, "image/jpeg")
    [asked] = wire.asked
    assert asked.path == "/czjl/a.jpg?x=1"
    assert {"authorization", "cookie", "referer"}.isdisjoint(asked.headers)


def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", refuse)


@pytest.mark.parametrize(
    "url",
    [
        "http://replicate.delivery/a.jpg",
        "https://replicate.delivery.evil.example/a.jpg",
        "https://evilreplicate.delivery/a.jpg",
        "https://evil.example/https://replicate.delivery/a.jpg",
        "https://evil.example?.replicate.delivery/",
        "https://evil.example#.replicate.delivery",
        "https://evil.example\\.replicate.delivery/",
        "https://evil.example%2f.replicate.delivery/",
        "https://evil.example%00.replicate.delivery/",
        "https://user@replicate.delivery/a.jpg",
        "https://user:secret@replicate.delivery/a.jpg",
        "https://@replicate.delivery/a.jpg",
        "https://replicate.delivery@evil.example/a.jpg",
        "https://replicate.delivery:8443/a.jpg",
        "https://replicate.delivery:0/a.jpg",
        "https://replicate.delivery:x/a.jpg",
        "https://replicate.delivery:99999/a.jpg",
        "https://*.replicate.delivery/a.jpg",
        "https://.replicate.delivery/a.jpg",
        "https://a..replicate.delivery/a.jpg",
        "https://replicate.delivery./a.jpg",
        "https://replicate。delivery/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "https://[::1/a.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "https://localhost/a.jpg",
        "file:///etc/passwd",
        "ftp://replicate.delivery/a.jpg",
        "gopher://replicate.delivery/",
        "data:image/jpeg;base64,/9j/",
        "javascript:alert(1)",
        "//replicate.delivery/a.jpg",
        "replicate.delivery/a.jpg",
        "https:/replicate.delivery/a.jpg",
        "https://",
        "",
        "\0",
        "https://replicate.delivery/\n",
        "https://replicate.delivery/" + "a" * 100_000,
    ],
    ids=lambda url: ascii(url[:60]),
)
def test_an_origin_that_is_not_listed(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    _nobody(monkeypatch)
    with pytest.raises(BadOutput):
        HttpOutputs(PRODUCTION, 1_000_000).fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://replicate.delivery/a.jpg",
        "https://pbxt.replicate.delivery/a.jpg",
        "https://a.b-1.replicate.delivery/a.jpg",
        "HTTPS://Replicate.DELIVERY/a.jpg",
        "https://replicate.delivery:443/a.jpg",
        "https://replicate.delivery?a",
    ],
)
def test_an_origin_that_is_listed(url: str) -> None:
    HttpOutputs(PRODUCTION, 1)._require_listed(url)


def test_origins_with_ports_and_in_upper_case() -> None:
    source = HttpOutputs(["http://LocalHost:8787", "https://Example.com:443"], 1)
    for url in ("http://localhost:8787/x", "https://example.com/x", "https://example.com:443/x"):
        source._require_listed(url)
    for url in ("http://localhost/x", "http://localhost:87871/x", "https://localhost:8787/x", "http://example.com/x"):
        with pytest.raises(BadOutput):
            source._require_listed(url)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(wire: Wire, fetcher: HttpOutputs, status: int) -> None:
    wire.answer(Reply(status, b"", {"location": f"{wire.url}/elsewhere"}), Reply(200, JPEG))
    with pytest.raises(BadOutput):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert len(wire.asked) == 1


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410])
def test_a_status_that_will_not_get_better(wire: Wire, fetcher: HttpOutputs, status: int) -> None:
    wire.answer(Reply(status, JPEG if status != 204 else b""))
    with pytest.raises(BadOutput):
        fetcher.fetch(f"{wire.url}/a.jpg")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429, b"", {"Retry-After": "60"}),
        Reply(500),
        Reply(502),
        Reply(503),
        Reply(reset=True),
        Reply(hang=True),
        Reply(200, JPEG[:5000], {"content-length": str(len(JPEG))}),
        Reply(200, b"not gzip", {"content-encoding": "gzip"}),
    ],
    ids=lambda reply: f"{reply.status} {reply.hang} {reply.reset} {reply.headers}",
)
def test_what_may_be_there_later(
    wire: Wire, fetcher: HttpOutputs, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    monkeypatch.setattr(outputs, "TIMEOUT", httpx.Timeout(0.2))
    wire.answer(reply)
    with pytest.raises(OutputUnavailable):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert len(wire.asked) == 1


def test_nobody_there() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    source = HttpOutputs([url], 1000)
    with pytest.raises(OutputUnavailable):
        source.fetch(f"{url}/a.jpg")
    assert source._client
    source._client.close()


def test_one_that_trickles_is_given_up(wire: Wire, fetcher: HttpOutputs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece in time, and all of them for ever: a limit for each is none for the whole."""
    monkeypatch.setattr(outputs, "TOTAL_SECONDS", 0.2)
    wire.answer(Reply(200, JPEG, trickle=True))
    started = monotonic()
    with pytest.raises(OutputUnavailable):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert monotonic() - started < 2


def test_the_size_is_capped_while_it_streams(wire: Wire, fetcher: HttpOutputs) -> None:
    wire.answer(Reply(200, b"\xff\xd8\xff" + b"\0" * 99_997, chunks=2_000))
    started = monotonic()
    with pytest.raises(BadOutput, match="too large"):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert monotonic() - started < 2  # 200 MB were on offer


def test_one_at_the_cap_passes(wire: Wire) -> None:
    wire.answer(Reply(200, JPEG))
    for cap, fits in ((len(JPEG), True), (len(JPEG) - 1, False)):
        source = HttpOutputs([wire.url], cap)
        if fits:
            assert source.fetch(f"{wire.url}/a")[0] == JPEG
        else:
            with pytest.raises(BadOutput):
                source.fetch(f"{wire.url}/a")
        assert source._client
        source._client.close()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Not here</body></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encode(noise(), "GIF"),
        encode(noise(), "BMP"),
        encode(noise(), "AVIF"),
        JPEG[: len(JPEG) // 2],
        JPEG[:-2],
        encode(noise(), "PNG")[:-20],
        encode(noise(), "WEBP")[:-20],
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82",
        encode(Image.new("1", (10_001, 10)), "PNG"),
    ],
    ids=["empty", "html", "svg", "gif", "bmp", "avif", "half jpeg", "jpeg", "png", "webp", "no jpeg", "no png", "wide"],
)
def test_no_whole_image(wire: Wire, fetcher: HttpOutputs, data: bytes) -> None:
    wire.answer(Reply(200, data, {"content-type": "image/jpeg"}))
    with pytest.raises(BadOutput):
        fetcher.fetch(f"{wire.url}/a.jpg")


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_what_the_bytes_say_counts(kind: str, mime: str) -> None:
    data = encode(noise(300, 400), kind)
    assert describe(data) == StoredOutput(len(data), sha256(data).hexdigest(), 300, 400, mime)
