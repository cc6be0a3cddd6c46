"""Outputs: only from listed origins, without credentials, bounded, and only whole images.

What is hostile in them is `tests/hostile/test_outputs.py`.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from typing import Any

import httpx
import pytest

from local.photos.make import encode, noise, png_chunk
from tests.fakes.secrets import FakeSecret
from tests.support import wire as wires
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.containers.label import labelled
from veil.adapters.providers import output_fetcher as outputs
from veil.adapters.providers.output_fetcher import HttpOutputFetcher, picture_in
from veil.domain.generation import StoredOutput
from veil.domain.predictions import BadOutput, OutputUnavailable

PRODUCTION = ("https://*.replicate.delivery", "https://replicate.delivery")
JPEG = encode(noise(), "JPEG")
LABELLED = labelled(JPEG, "image/jpeg")


@pytest.fixture
def fetcher(wire: Wire) -> Iterator[HttpOutputFetcher]:
    source = HttpOutputFetcher([wire.url], 1_000_000)
    yield source
    if source._client:
        source._client.close()


def test_an_output(wire: Wire, fetcher: HttpOutputFetcher) -> None:
    wire.answer(Reply(200, JPEG, {"content-type": "text/plain"}))
    data, output = fetcher.fetch(f"{wire.url}/czjl/a.jpg?x=1")
    assert data == LABELLED
    assert output == StoredOutput(len(data), sha256(data).hexdigest(), 320, 300, "image/jpeg")
    assert fetcher.fetch(f"{wire.url}/czjl/a.jpg?x=1") == (data, output)  # by a second callback
    asked, _ = wire.asked
    assert asked.path == "/czjl/a.jpg?x=1"
    assert {"authorization", "cookie", "referer"}.isdisjoint(asked.headers)
    assert asked.headers["accept-encoding"] == "identity"


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
    HttpOutputFetcher(PRODUCTION, 1)._require_listed(url)


def test_origins_with_ports_and_in_upper_case() -> None:
    source = HttpOutputFetcher(["http://LocalHost:8787", "https://Example.com:443"], 1)
    for url in ("http://localhost:8787/x", "https://example.com/x", "https://example.com:443/x"):
        source._require_listed(url)
    for url in ("http://localhost/x", "http://localhost:87871/x", "https://localhost:8787/x", "http://example.com/x"):
        with pytest.raises(BadOutput):
            source._require_listed(url)


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
    ],
    ids=lambda reply: f"{reply.status} {reply.hang} {reply.reset} {reply.headers}",
)
def test_what_may_be_there_later(
    wire: Wire, fetcher: HttpOutputFetcher, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    monkeypatch.setattr(outputs, "TIMEOUT", httpx.Timeout(0.2))
    wire.answer(reply)
    with pytest.raises(OutputUnavailable):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert len(wire.asked) == 1


@pytest.fixture
def own(wire: Wire) -> Iterator[HttpOutputFetcher]:
    """``wire`` is an origin of our own, that wants a token; it is reached below a path."""
    source = HttpOutputFetcher([], 1_000_000, {f"{wire.url}/deployment/7": FakeSecret("old")})
    yield source
    if source._client:
        source._client.close()


def test_the_token_goes_to_its_origin_alone(wire: Wire, own: HttpOutputFetcher) -> None:
    wire.answer(Reply(200, JPEG))
    assert own.fetch(f"{wire.url}/a.jpg")[0] == LABELLED
    assert wire.asked[0].headers["authorization"] == "Bearer old"
    with wires.serving() as other:
        other.answer(Reply(200, JPEG))
        with pytest.raises(BadOutput):
            own.fetch(f"{other.url}/a.jpg")
        assert other.asked == []
        listed = HttpOutputFetcher([other.url], 1_000_000, {wire.url: FakeSecret("old")})
        assert listed.fetch(f"{other.url}/a.jpg")[0] == LABELLED
        assert "authorization" not in other.asked[0].headers
        assert listed._client
        listed._client.close()


def test_where_it_says_that_the_bytes_are_the_token_does_not_go(wire: Wire) -> None:
    with wires.serving() as storage:
        own = HttpOutputFetcher([storage.url], 1_000_000, {wire.url: FakeSecret("old")})
        moved = Reply(302, b"", {"location": f"{storage.url}/signed?x=1"})
        wire.answer(moved)
        storage.answer(Reply(200, JPEG))
        assert own.fetch(f"{wire.url}/a")[0] == LABELLED
        assert storage.asked[0].path == "/signed?x=1"
        assert "authorization" not in storage.asked[0].headers
        storage.answer(moved)
        with pytest.raises(BadOutput):  # once
            own.fetch(f"{wire.url}/a")
        assert own._client
        own._client.close()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/a.jpg", "http://169.254.169.254/", "//evil.test/a", "", "x:", "http://["]
)
def test_it_cannot_send_us_anywhere(wire: Wire, own: HttpOutputFetcher, elsewhere: str) -> None:
    wire.answer(Reply(302, b"", {"location": elsewhere}))
    with pytest.raises(BadOutput):
        own.fetch(f"{wire.url}/a")
    assert len(wire.asked) <= 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted(wire: Wire, status: int) -> None:
    """It may be tomorrow; a newer one is tried at once."""
    secret = FakeSecret("old")
    own = HttpOutputFetcher([], 1_000_000, {wire.url: secret})
    wire.answer(Reply(status))
    with pytest.raises(OutputUnavailable):
        own.fetch(f"{wire.url}/a")
    secret.put("new")
    wire.answer(Reply(status), Reply(200, JPEG))
    assert own.fetch(f"{wire.url}/a")[0] == LABELLED
    assert wire.asked[-1].headers["authorization"] == "Bearer new"
    assert own._client
    own._client.close()


def test_nobody_there() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    source = HttpOutputFetcher([url], 1000)
    with pytest.raises(OutputUnavailable):
        source.fetch(f"{url}/a.jpg")
    assert source._client
    source._client.close()


def test_one_that_trickles_is_given_up(wire: Wire, fetcher: HttpOutputFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece in time, and all of them for ever: a limit for each is none for the whole. The clock goes on by four
    seconds whenever it is looked at.
    """
    assert (outputs.TIMEOUT.read, outputs.TOTAL_SECONDS) == (5, 10)
    monkeypatch.setattr(outputs, "monotonic", count(step=4).__next__)
    wire.answer(Reply(200, bytes(300_000), chunks=3))
    with pytest.raises(OutputUnavailable, match="too slow"):
        fetcher.fetch(f"{wire.url}/a.jpg")


def test_one_at_the_cap_passes(wire: Wire) -> None:
    wire.answer(Reply(200, JPEG))
    for cap, fits in ((len(JPEG), True), (len(JPEG) - 1, False)):
        source = HttpOutputFetcher([wire.url], cap)
        if fits:
            assert source.fetch(f"{wire.url}/a")[0] == LABELLED
        else:
            with pytest.raises(BadOutput):
                source.fetch(f"{wire.url}/a")
        assert source._client
        source._client.close()


KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
TAILS = {
    "nothing": b"",
    "zeros": bytes(7),
    "text": b"trailer" * 99,
    "an end": b"\xff\xd9",
    "another picture": JPEG,
    "a chunk": png_chunk(b"tEXt", b"a\0b"),
}


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_bytes_say_counts_and_what_follows_does_not(kind: str, tail: str) -> None:
    data = encode(noise(300, 400), kind)
    picture, output = picture_in(data + TAILS[tail])
    assert picture == labelled(data, KINDS[kind])
    assert output == StoredOutput(len(picture), sha256(picture).hexdigest(), 300, 400, KINDS[kind])


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"restart_marker_rows": 1}, {"exif": b"Exif\0\0x"}], ids=str
)
def test_other_ways_to_write_a_jpeg(options: dict[str, Any]) -> None:
    data = encode(noise(300, 400), "JPEG", **options)
    assert picture_in(data + b"trailer")[0] == labelled(data, "image/jpeg")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("kind", KINDS)
def test_half_an_image_is_half(kind: str, share: float) -> None:
    data = encode(noise(300, 400), kind)
    with pytest.raises(BadOutput):
        picture_in(data[: int(len(data) * share)])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_png_is_half_however_neatly_it_ends(share: float) -> None:
    data = encode(noise(300, 400), "PNG")
    at = data.index(b"IDAT") - 4
    packed = data[at + 8 : at + 8 + int.from_bytes(data[at : at + 4])]
    with pytest.raises(BadOutput):
        picture_in(data[:at] + png_chunk(b"IDAT", packed[: int(len(packed) * share)]) + data[-12:])


def test_a_progressive_jpeg_without_its_last_scan_is_half() -> None:
    data = encode(noise(300, 400), "JPEG", progressive=True)
    with pytest.raises(BadOutput):
        picture_in(data[: data.rindex(b"\xff\xda")] + b"\xff\xd9")
