"""The edge's door before a CloudFront that a test writes: who is let in, what is kept, what goes on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from local.cloud.distribution import CacheTimes, Distribution
from local.cloud.edge import KEYS_SECONDS, LOOK_SECONDS, Edge, EdgeConfig
from local.cloud.edge_cache import Cache
from tests.local.test_signed_urls import ANOTHER, EC, NOW, ORIGIN, PATH, pem, signed

CONFIG = EdgeConfig(
    upstream="https://127.0.0.1:1",
    domain="d1.cloudfront.net",
    distribution_id="E1",
    origin=ORIGIN,
    authority=Path("nowhere"),
    socket=0,
)
DISABLED, PAGES, IMAGES = "disabled", "pages", "images"
TIMES = {DISABLED: (0, 0, 0), PAGES: (0, 3600, 86400), IMAGES: (0, 60, 60)}


class CloudFront:
    """Its API, of one distribution: three behaviours, a key group, a list of invalidations."""

    def __init__(self) -> None:
        self.keys = {"K1": EC}
        self.invalidations: list[list[str]] = []
        self.calls: list[str] = []

    def get_distribution_config(self, Id: str) -> Any:  # noqa: N803  boto3's names
        assert Id == "E1"
        self.calls.append("config")
        images = {"TrustedKeyGroups": {"Enabled": True, "Items": ["G1"]}, "ResponseHeadersPolicyId": "hides"}
        behaviours = [
            {
                "PathPattern": "/api/*",
                "CachePolicyId": DISABLED,
                "TrustedKeyGroups": {"Enabled": False},
                "AllowedMethods": {"Items": ["GET", "HEAD", "POST", "DELETE"]},
            },
            {"PathPattern": "/results/*", "CachePolicyId": IMAGES, **images},
        ]
        config = {"CacheBehaviors": {"Items": behaviours}, "DefaultCacheBehavior": {"CachePolicyId": PAGES}}
        return {"DistributionConfig": config}

    def get_cache_policy(self, Id: str) -> Any:  # noqa: N803
        times = dict(zip(("MinTTL", "DefaultTTL", "MaxTTL"), TIMES[Id], strict=True))
        return {"CachePolicy": {"CachePolicyConfig": times}}

    def get_response_headers_policy(self, Id: str) -> Any:  # noqa: N803
        assert Id == "hides"
        header = {"Header": "Cache-Control", "Value": "private, max-age=60", "Override": True}
        return {"ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig": {"CustomHeadersConfig": {"Items": [header]}}}}

    def get_key_group(self, Id: str) -> Any:  # noqa: N803
        assert Id == "G1"
        return {"KeyGroup": {"KeyGroupConfig": {"Items": list(self.keys)}}}

    def get_public_key(self, Id: str) -> Any:  # noqa: N803
        return {"PublicKey": {"Id": Id, "PublicKeyConfig": {"EncodedKey": pem(self.keys[Id])}}}

    def list_invalidations(self, **_: str) -> Any:
        self.calls.append("list")
        return {"InvalidationList": {"Items": [{"Id": str(number)} for number in range(len(self.invalidations))]}}

    def get_invalidation(self, Id: str, **_: str) -> Any:  # noqa: N803
        return {"Invalidation": {"InvalidationBatch": {"Paths": {"Items": self.invalidations[int(Id)]}}}}


class Body(httpx.AsyncByteStream):
    """Arrives in pieces, as one from a network does."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[:1]
        yield self._body[1:]


def reply(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, headers={"content-length": str(len(body)), **(headers or {})}, stream=Body(body))


@dataclass
class World:
    """The door and all around it; ``asked``: what came to the emulator; ``answer``: how that answers."""

    cloudfront: CloudFront = field(default_factory=CloudFront)
    now: float = NOW
    asked: list[httpx.Request] = field(default_factory=list)
    answer: Callable[[httpx.Request], httpx.Response] = lambda _: reply(b"one")

    async def arrived(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request)
        return self.answer(request)

    def run(self, *steps: "Step") -> list[httpx.Response]:
        """Requests and what comes between them, one after another."""
        return asyncio.run(self._run(steps))

    async def _run(self, steps: tuple["Step", ...]) -> list[httpx.Response]:
        upstream = httpx.AsyncClient(transport=httpx.MockTransport(self.arrived))
        edge = Edge(upstream, Distribution(self.cloudfront, "E1"), CONFIG, lambda: self.now)
        answers = []
        async with upstream, httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url=ORIGIN) as viewer:
            for step in steps:
                if callable(step):
                    step()
                else:
                    method, target, headers = (*step, {})[:3] if isinstance(step, tuple) else ("GET", step, {})
                    answers.append(await viewer.request(method, target, headers=headers))
        return answers

    def later(self, seconds: float) -> Callable[[], None]:
        def pass_by() -> None:
            self.now += seconds

        return pass_by

    def says(self, body: bytes, **headers: str) -> Callable[[], None]:
        def change() -> None:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            self.answer = lambda _: reply(body, headers=told)

        return change

    def invalidate(self, *paths: str) -> Callable[[], None]:
        return lambda: self.cloudfront.invalidations.append(list(paths))


type Step = str | tuple[str, str] | tuple[str, str, dict[str, str]] | Callable[[], None]


@pytest.fixture
def world() -> World:
    return World()


def targets(world: World) -> list[bytes]:
    return [request.extensions["target"] for request in world.asked]


def test_a_signed_image_goes_on_without_what_signs_it(world: World) -> None:
    (answer,) = world.run(("GET", signed(path=f"{PATH}?download=1&x=%2F"), {"x-one": "1"}))
    assert (answer.status_code, answer.content) == (200, b"one")
    assert targets(world) == [f"{PATH}?download=1&x=%2F".encode()]
    (asked,) = world.asked
    assert (asked.headers["host"], asked.headers["x-forwarded-proto"]) == ("d1.cloudfront.net", "https")
    assert asked.headers["x-one"] == "1"
    assert str(asked.url).startswith("https://127.0.0.1:1")


@pytest.mark.parametrize("path", [PATH, PATH.replace("results", "%72esults"), PATH.replace("/ada", "//ada")])
def test_nothing_reaches_cloudfront_unsigned(world: World, path: str) -> None:
    (answer,) = world.run(path)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/xml")
    missing = (
        "<Error><Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>"
    )
    assert answer.text.endswith(missing)
    assert world.asked == []


def test_what_is_signed_wrongly_is_refused_though_it_is_kept(world: World) -> None:
    good, other, over = signed(), signed(ANOTHER), signed(seconds=30)
    unknown = good.replace("Key-Pair-Id=K1", "Key-Pair-Id=K9")
    answers = world.run(good, other, good.replace("/0.jpg", "/1.jpg"), unknown, PATH, world.later(31), over, good)
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 403, 403, 200]
    assert "<Code>InvalidKey</Code><Message>Unknown Key</Message>" in answers[3].text
    assert targets(world) == [PATH.encode()]


def test_a_key_that_was_made_since_is_found_at_once(world: World) -> None:
    rotated = ec.generate_private_key(ec.SECP256R1())
    new = signed(rotated).replace("Key-Pair-Id=K1", "Key-Pair-Id=K2")
    answers = world.run(signed(), lambda: world.cloudfront.keys.update(K2=rotated), new)
    assert [answer.status_code for answer in answers] == [200, 200]


def test_a_key_that_was_taken_away_is_trusted_for_a_moment_and_no_longer(world: World) -> None:
    answers = world.run(signed(), world.cloudfront.keys.clear, signed(), world.later(KEYS_SECONDS + 1), signed())
    assert [answer.status_code for answer in answers] == [200, 200, 403]


def test_an_image_is_kept_for_a_minute_by_whoever_asks(world: World) -> None:
    first, again = signed(), signed(seconds=800)
    answers = world.run(
        first, world.says(b"two"), again, ("HEAD", first), world.later(59), first, world.later(2), first
    )
    assert [answer.content for answer in answers] == [b"one", b"one", b"", b"one", b"two"]
    hits = [answer.headers.get("x-cache") for answer in answers]
    assert hits == [None, *["Hit from cloudfront"] * 3, None]
    assert answers[3].headers["age"] == "59"
    assert answers[2].headers["content-length"] == "3"
    assert len(world.asked) == 2


def test_each_query_of_its_own_is_kept_apart(world: World) -> None:
    world.run(signed(), signed(path=f"{PATH}?download=1"), signed())
    assert targets(world) == [PATH.encode(), f"{PATH}?download=1".encode()]


@pytest.mark.parametrize("paths", [["/other", "/results/ada|1/01J/*"], ["/results/ada%7C1/01J/0.jpg"], ["/*"]])
def test_an_invalidation_drops_what_is_kept(world: World, paths: list[str]) -> None:
    gone: Step = world.says(b"gone")
    answers = world.run(signed(), gone, world.invalidate(*paths), world.later(LOOK_SECONDS), signed())
    assert [answer.content for answer in answers] == [b"one", b"gone"]


@pytest.mark.parametrize("path", ["/results/ada%7C1/01J/1.jpg", "/results/ada%7C1/01K/*", "/results/ada%7C1"])
def test_an_invalidation_of_something_else_drops_nothing(world: World, path: str) -> None:
    answers = world.run(signed(), world.says(b"gone"), world.invalidate(path), world.later(LOOK_SECONDS), signed())
    assert [answer.content for answer in answers] == [b"one", b"one"]


def test_invalidations_are_looked_at_once_a_second_at_most(world: World) -> None:
    world.run(signed(), signed(), signed(), world.later(LOOK_SECONDS), signed(), "/api/health", "/api/health")
    assert world.cloudfront.calls.count("list") == 2


def test_what_was_on_its_way_when_it_was_invalidated_is_not_kept(world: World) -> None:
    async def both() -> list[bytes]:
        slow, quick = asyncio.Event(), asyncio.Event()

        async def arrived(request: httpx.Request) -> httpx.Response:
            if not slow.is_set():
                slow.set()
                await quick.wait()
                return reply(b"old")
            return reply(b"new")

        upstream = httpx.AsyncClient(transport=httpx.MockTransport(arrived))
        edge = Edge(upstream, Distribution(world.cloudfront, "E1"), CONFIG, lambda: world.now)
        async with upstream, httpx.AsyncClient(transport=httpx.ASGITransport(edge), base_url=ORIGIN) as viewer:
            first = asyncio.create_task(viewer.get(signed()))
            await slow.wait()
            world.invalidate("/results/*")()
            world.now += LOOK_SECONDS
            await viewer.get("/another")  # which makes the door look
            quick.set()
            return [(await first).content, (await viewer.get(signed())).content]

    assert asyncio.run(both()) == [b"old", b"new"]


def test_pages_are_kept_as_their_origin_says(world: World) -> None:
    kept = world.says(b"asset", cache_control="public, max-age=31536000, immutable")
    fresh = world.says(b"page", cache_control="no-cache")
    world.run(kept, "/assets/a.js", "/assets/a.js", fresh, "/index.html", "/index.html", "/", "/")
    assert targets(world) == [b"/assets/a.js", b"/index.html", b"/index.html", b"/", b"/"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_the_api_is_asked_every_time(world: World, method: str) -> None:
    world.run((method, "/api/x%2Fy?a=b+c"), (method, "/api/x%2Fy?a=b+c"))
    assert targets(world) == [b"/api/x%2Fy?a=b+c"] * 2
    assert [request.method for request in world.asked] == [method] * 2


def test_a_method_that_a_behaviour_does_not_allow(world: World) -> None:
    answers = world.run(("PUT", signed()), ("POST", "/index.html"), ("PUT", "/api/x"), ("POST", "/api/x"))
    assert [answer.status_code for answer in answers] == [403, 403, 403, 200]
    assert targets(world) == [b"/api/x"]


@pytest.mark.parametrize("name", ["range", "if-none-match", "if-modified-since"])
def test_a_part_or_a_condition_goes_past_what_is_kept(world: World, name: str) -> None:
    world.run(signed(), ("GET", signed(), {name: "x"}), ("GET", signed(), {name: "x"}), signed())
    assert len(world.asked) == 3
    assert world.asked[1].headers[name] == "x"


def test_an_error_is_passed_on_and_not_kept(world: World) -> None:
    world.answer = lambda _: reply(b"<Error/>", 403)
    denied, _, there = world.run(signed(), signed(), world.says(b"now"), signed())
    assert (denied.status_code, denied.content) == (403, b"<Error/>")
    assert (there.status_code, there.content) == (200, b"now")


def test_an_emulator_that_is_gone_is_a_bad_gateway(world: World) -> None:
    def gone(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    world.answer = gone
    (answer,) = world.run("/index.html")
    assert answer.status_code == 502


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("", 60), ("max-age=30", 30), ("max-age=90", 80), ("max-age=1", 10), ("max-age=30, s-maxage=20", 20),
        ("no-cache", 10), ("private, max-age=30", 10), ("no-store", 10), ("max-age=x", 60),
    ],
)  # fmt: skip
def test_how_long_is_cloudfronts_rule(cache_control: str, seconds: float) -> None:
    assert CacheTimes(10, 60, 80).of(cache_control) == seconds
    assert CacheTimes(10, 60, 80, overridden=True).of(cache_control) == 60


def test_what_was_asked_for_the_longest_time_ago_makes_room() -> None:
    cache = Cache(lambda: 0, most=10)
    for name in "ab":
        cache.put(name, [], b"12345", 1)
    assert cache.get("a")
    cache.put("c", [], b"12345", 1)
    assert [name for name in "abc" if cache.get(name)] == ["a", "c"]
    cache.put("d", [], b"12345678901", 1)
    assert not any(map(cache.get, "abcd"))
