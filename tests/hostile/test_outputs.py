"""A prediction's output: a URL that the provider names and we fetch, and whatever answers there.

The allow-list is one of names: scheme, host and port, whole. What a name *leads to* is not looked at, because looking
and connecting are two questions to DNS, and the second may be answered otherwise. So a listed name that resolves to a
private address (DNS rebinding, or a hijacked zone) is asked; what keeps it from being an SSRF is TLS: production lists
`https` origins only, and what answers has to prove that it is that name, to authorities that the environment cannot
add to. It is sent one bare GET without a token, a cookie or a redirect, and what it says is kept only if it is an
image. Not defended: whoever holds a certificate of `replicate.delivery` and can reach our network; and the local cloud,
which lists plain HTTP on loopback on purpose.
"""

import gzip
import json
import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
import trustme
from PIL import Image

from local.photos.make import encode, noise
from tests.contract.backends import in_memory
from tests.hostile.attack import Attack
from tests.hostile.people import JPEG, Client
from tests.support.wire import HANG_SECONDS, Reply, Wire, serving
from veil.adapters.providers.output_fetcher import HttpOutputFetcher
from veil.domain.output_checks import check_size
from veil.domain.predictions import BadOutput, OutputUnavailable
from veil.settings import WebhookSettings

pytestmark = pytest.mark.usefixtures("plain_environment")

PRODUCTION: list[str] = WebhookSettings.model_fields["output_origins"].default
CAP = 1_000_000  # bytes

URLS = {
    "plain HTTP": "http://replicate.delivery/a.jpg",
    "another host": "https://evil.example/a.jpg",
    "ours as its subdomain": "https://replicate.delivery.evil.example/a.jpg",
    "ours as its ending": "https://evilreplicate.delivery/a.jpg",
    "ours with a hyphen": "https://evil-replicate.delivery/a.jpg",
    "ours in its path": "https://evil.example/https://replicate.delivery/a.jpg",
    "ours in its query": "https://evil.example?.replicate.delivery/",
    "ours in its fragment": "https://evil.example#.replicate.delivery",
    "ours behind a backslash": "https://evil.example\\.replicate.delivery/",
    "ours before a backslash": "https://replicate.delivery\\@evil.example/",
    "ours behind %2f": "https://evil.example%2f.replicate.delivery/",
    "ours behind %00": "https://evil.example%00.replicate.delivery/",
    "ours behind a semicolon": "https://evil.example;.replicate.delivery/",
    "a user": "https://user@replicate.delivery/a.jpg",
    "credentials": "https://user:secret@replicate.delivery/a.jpg",
    "empty credentials": "https://@replicate.delivery/a.jpg",
    "empty user and password": "https://:@replicate.delivery/a.jpg",
    "ours as the user": "https://replicate.delivery@evil.example/a.jpg",
    "ours as the password": "https://x:replicate.delivery@evil.example/a.jpg",
    "two at signs": "https://replicate.delivery@evil.example@replicate.delivery/a.jpg",
    "another port": "https://replicate.delivery:8443/a.jpg",
    "port nought": "https://replicate.delivery:0/a.jpg",
    "HTTP's port": "https://replicate.delivery:80/a.jpg",
    "a port that is none": "https://replicate.delivery:x/a.jpg",
    "a port past the last": "https://replicate.delivery:99999/a.jpg",
    "a port in Arabic digits": "https://replicate.delivery:٤٤٣/a.jpg",
    "the pattern itself": "https://*.replicate.delivery/a.jpg",
    "an empty label": "https://.replicate.delivery/a.jpg",
    "an empty label within": "https://a..replicate.delivery/a.jpg",
    "an underscore": "https://a_b.replicate.delivery/a.jpg",
    "a trailing dot": "https://replicate.delivery./a.jpg",
    "an ideographic full stop": "https://replicate。delivery/a.jpg",
    "a Cyrillic letter": "https://rерlicate.delivery/a.jpg",
    "punycode of it": "https://xn--rlicate-5nfc.delivery/a.jpg",
    "full-width letters": "https://ｒｅｐｌｉｃａｔｅ.delivery/a.jpg",
    "a full-width solidus": "https://evil.example／.replicate.delivery/",
    "a soft hyphen": "https://replicate\xad.delivery/a.jpg",
    "a zero-width space": "https://replicate\u200b.delivery/a.jpg",
    "loopback": "https://127.0.0.1/a.jpg",
    "loopback by name": "https://localhost/a.jpg",
    "loopback, IPv6": "https://[::1]/a.jpg",
    "loopback, IPv4 in IPv6": "https://[::ffff:127.0.0.1]/a.jpg",
    "loopback, decimal": "https://2130706433/a.jpg",
    "loopback, octal": "https://0177.0.0.1/a.jpg",
    "loopback, hexadecimal": "https://0x7f.0.0.1/a.jpg",
    "loopback, short": "https://127.1/a.jpg",
    "any address": "https://0.0.0.0/a.jpg",
    "a private address": "https://10.0.0.1/a.jpg",
    "Lambda's own interface": "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "the instance's metadata": "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "metadata, IPv6": "http://[fd00:ec2::254]/latest/meta-data/",
    "a container's credentials": "http://169.254.170.2/v2/credentials",
    "a scope": "https://[fe80::1%25eth0]/a.jpg",
    "half an address": "https://[::1/a.jpg",
    "a file": "file:///etc/passwd",
    "a file of ours": "file://replicate.delivery/proc/self/environ",
    "data": "data:image/jpeg;base64,/9j/",
    "FTP": "ftp://replicate.delivery/a.jpg",
    "gopher": "gopher://replicate.delivery:70/_GET%20/",
    "a script": "javascript:alert(1)",
    "S3": "s3://replicate.delivery/a.jpg",
    "a web socket": "wss://replicate.delivery/a.jpg",
    "a unix socket": "https+unix://replicate.delivery/a.jpg",
    "no scheme": "//replicate.delivery/a.jpg",
    "no scheme and no slashes": "replicate.delivery/a.jpg",
    "one slash": "https:/replicate.delivery/a.jpg",
    "three slashes": "https:///replicate.delivery/a.jpg",
    "a space before": " https://evil.example/a.jpg",
    "a space within": "https://replicate.delivery /a.jpg",
    "a tab in the scheme": "ht\ttps://evil.example/a.jpg",
    "a tab in the host": "https://evil.example\t.replicate.delivery.example/",
    "a line end in the host": "https://replicate.delivery\n.evil.example/",
    "a line end behind": "https://replicate.delivery/\n",
    "a request of its own": "https://replicate.delivery/a HTTP/1.1\r\nhost: evil.example\r\n\r\n",
    "NUL": "\0",
    "half a surrogate pair": "https://\ud800.replicate.delivery/a.jpg",
    "nothing but a scheme": "https://",
    "nothing": "",
    "100 kB of path": "https://replicate.delivery/" + "a" * 100_000,
    "100 kB of host": f"https://{'a' * 100_000}.replicate.delivery/",
    "50,000 labels": f"https://{'a.' * 50_000}replicate.delivery/",
}


@pytest.mark.parametrize("case", URLS)
def test_a_url_that_is_not_fetched(socket_disabled: None, case: str) -> None:
    """No connection is made, and no name is asked for: either would end the test."""
    source = HttpOutputFetcher(PRODUCTION, CAP)
    with pytest.raises(BadOutput):
        source.fetch(URLS[case])


@pytest.fixture
def impostor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Wire]:
    """What every name leads to: a server on loopback, with a certificate of the right name by an authority that the
    environment alone knows.
    """
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pbxt.replicate.delivery", "replicate.delivery").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with serving(context) as wire:
        wire.answer(Reply(200, JPEG))
        found = socket.getaddrinfo("127.0.0.1", httpx.URL(wire.url).port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        yield wire


@pytest.mark.parametrize(
    "url", ["https://pbxt.replicate.delivery/a.jpg", "https://replicate.delivery/latest/meta-data"]
)
def test_a_listed_name_that_leads_elsewhere(impostor: Wire, url: str) -> None:
    """The connection is made, and ends before a request is sent: it cannot prove its name. It may be back later."""
    source = HttpOutputFetcher(PRODUCTION, CAP)
    with pytest.raises(OutputUnavailable):
        source.fetch(url)
    assert impostor.asked == []
    assert source._client
    source._client.close()


@pytest.fixture
def fetcher(wire: Wire) -> Iterator[HttpOutputFetcher]:
    source = HttpOutputFetcher([wire.url], CAP)
    yield source
    if source._client:
        source._client.close()


REDIRECTS = [
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "file:///etc/passwd",
    "/elsewhere",
    "//evil.example/a.jpg",
    "",
]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
@pytest.mark.parametrize("location", REDIRECTS)
def test_a_redirect_is_not_followed(wire: Wire, fetcher: HttpOutputFetcher, status: int, location: str) -> None:
    wire.answer(Reply(status, b"", {"location": location, "content-length": "0"}), Reply(200, JPEG))
    with pytest.raises(BadOutput, match=str(status)):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert len(wire.asked) == 1


HTML = b"<html><script>alert(1)</script></html>"
ANSWERS = {
    "nothing": Reply(200, b""),
    "HTML that is called an image": Reply(200, HTML, {"content-type": "image/jpeg"}),
    "HTML behind a JPEG's first bytes": Reply(200, b"\xff\xd8\xff\xe0" + HTML),
    "an SVG": Reply(200, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", {"content-type": "image/png"}),
    "a GIF": Reply(200, encode(noise(), "GIF"), {"content-type": "image/jpeg"}),
    "a BMP": Reply(200, encode(noise(), "BMP"), {"content-type": "image/jpeg"}),
    "an AVIF": Reply(200, encode(noise(), "AVIF"), {"content-type": "image/jpeg"}),
    "a TIFF": Reply(200, encode(noise(), "TIFF"), {"content-type": "image/jpeg"}),
    "a ZIP": Reply(200, b"PK\x03\x04" + bytes(1_000), {"content-type": "image/jpeg"}),
    "half a JPEG": Reply(200, JPEG[: len(JPEG) // 2]),
    "a JPEG without its end": Reply(200, JPEG[:-2]),
    "a JPEG as long as was said, and cut": Reply(200, JPEG, {"content-length": str(len(JPEG) - 1)}),
    "a JPEG of nothing": Reply(200, b"\xff\xd8\xff\xd9"),
    "a PNG of nothing": Reply(200, b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"),
    "a PNG without its end": Reply(200, encode(noise(), "PNG")[:-20]),
    "a WebP without its end": Reply(200, encode(noise(), "WEBP")[:-20]),
    "30,000 pixels wide": Reply(200, encode(Image.new("1", (30_000, 10)), "PNG")),
    "30,000 pixels high, by its word alone": Reply(
        200, encode(noise(), "PNG").replace((300).to_bytes(4), (30_000).to_bytes(4), 1)
    ),
    "no pixels": Reply(200, encode(noise(), "PNG").replace((300).to_bytes(4), bytes(4), 1)),
    "more than may be": Reply(200, JPEG + bytes(CAP)),
    "gzip": Reply(200, gzip.compress(JPEG), {"content-encoding": "gzip"}),
    "an encoding that nobody knows": Reply(200, b"x" * 1_000, {"content-encoding": "snappy"}),
}


def fetch_and_check(fetcher: HttpOutputFetcher, url: str) -> None:
    data, output = fetcher.fetch(url)
    if check_size(in_memory().generation("ada", 0), data, output):
        raise BadOutput("size")


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_is_not_kept(wire: Wire, fetcher: HttpOutputFetcher, case: str) -> None:
    refuse(wire, fetcher, ANSWERS[case])


@pytest.mark.parametrize("times", [1, 2])
def test_a_bomb_is_not_unpacked(wire: Wire, fetcher: HttpOutputFetcher, times: int) -> None:
    """A JPEG of 100 MB of nothing, packed once or twice: about 100 kB, or 400 bytes."""
    data = JPEG[:100] + bytes(100_000_000) + b"\xff\xd9"
    for _ in range(times):
        data = gzip.compress(data)
    refuse(wire, fetcher, Reply(200, data, {"content-encoding": ", ".join(["gzip"] * times)}))


def refuse(wire: Wire, fetcher: HttpOutputFetcher, reply: Reply) -> None:
    """It is refused, and takes no memory: whatever it would unfold to, no more is held than may be, and a piece."""
    wire.answer(reply)
    tracemalloc.start()
    try:
        with pytest.raises(BadOutput):
            fetch_and_check(fetcher, f"{wire.url}/a.jpg")
        assert tracemalloc.get_traced_memory()[1] < 6 * CAP
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 418])
def test_a_status_that_will_not_get_better(wire: Wire, fetcher: HttpOutputFetcher, status: int) -> None:
    wire.answer(Reply(status, JPEG if status != 204 else b""))
    with pytest.raises(BadOutput):
        fetcher.fetch(f"{wire.url}/a.jpg")


def test_an_answer_without_an_end(wire: Wire, fetcher: HttpOutputFetcher) -> None:
    wire.answer(Reply(200, JPEG[:3] + bytes(99_997), chunks=2_000))
    with pytest.raises(BadOutput, match="too large"):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert wire.hung_up.wait(HANG_SECONDS)  # long before the 200 MB that were on offer


LIES = {
    "longer than it is": {"content-length": str(len(JPEG) + 1)},
    "longer than may be": {"content-length": "9" * 18},
    "no number": {"content-length": "many"},
    "less than nought": {"content-length": "-1"},
    "two lengths": {"content-length": f"{len(JPEG)}, 7"},
    "chunked, and not in chunks": {"transfer-encoding": "chunked"},
    "an encoding of the transfer that nobody knows": {"transfer-encoding": "gzip, x"},
    "a header of 200 kB": {"x-long": "x" * 200_000},
}


@pytest.mark.parametrize("case", LIES)
def test_an_answer_that_is_no_http(wire: Wire, fetcher: HttpOutputFetcher, case: str) -> None:
    """It may be a fault on the way: asked again later, and given up in time."""
    wire.answer(Reply(200, JPEG, LIES[case]))
    with pytest.raises(OutputUnavailable):
        fetcher.fetch(f"{wire.url}/a.jpg")
    assert len(wire.asked) == 1


# What may stand in the place of the output, though it is signed.
SHAPES: dict[str, Any] = {
    "null": None,
    "a number": 7,
    "true": True,
    "an object": {"url": "https://replicate.delivery/a.jpg"},
    "no URL": [],
    "an empty one": "",
    "a list of lists": [["https://replicate.delivery/a.jpg"]],
    "a list of numbers": [1, 2, 3],
    "10,000 URLs, and none of a listed host": ["https://evil.example/a.jpg"] * 10_000,
    "a file": "file:///etc/passwd",
    "a private address": "http://169.254.169.254/latest/meta-data/",
    "half a surrogate pair": "https://replicate.delivery/\ud800",
    "1 MB": "https://replicate.delivery/" + "a" * 1_000_000,
}


@pytest.fixture
def robbed(functions: dict[str, ModuleType], control: httpx.Client, queueing: None) -> Client:
    """An app of its own, since what is refused here is tried again, at our cost."""
    return Client("robbed", functions, control)


@pytest.mark.parametrize("case", SHAPES)
def test_an_output_of_an_odd_shape(attack: Attack, robbed: Client, outputs: Wire, case: str) -> None:
    """The image is started again, as after any failure; nothing is fetched, stored or captured."""
    told = robbed.callbacks(robbed.generate())
    attack.look()
    asked, objects = len(outputs.asked), attack.before["objects"]
    body = json.dumps({"id": told.ids[0], "status": "succeeded", "output": SHAPES[case]}).encode()
    path = f"/webhooks/replicate/{told.tokens[0]}"
    answer = attack.send_freely("webhook", "POST", path, body, user=None, headers=told.sign(body))
    assert answer.status == 204
    assert len(outputs.asked) == asked
    assert attack.state()["objects"] == objects
    assert robbed.call("gallery", "GET", "/credits").json == {"available": 36, "held": 4, "owed": 0}
