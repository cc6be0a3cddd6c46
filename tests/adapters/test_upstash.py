"""The rate limit: through the real client, against a real Valkey behind the stand-in, and against servers that fail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.stand_ins import ProvidersConfig
from local.stand_ins import serving as serving_providers
from tests.fakes.secrets import FakeSecret
from tests.support.wire import Reply, Wire, closed_port
from veil.adapters.credentials import Credentialed
from veil.adapters.providers.upstash import UpstashRateLimiter, upstash
from veil.domain.errors import RateLimited
from veil.domain.ports import RateLimiter, StorageUnavailable, Telemetry


@dataclass
class Fallback(RateLimiter):
    """The limiter whose turn it is when Redis does not answer; ``full`` when its own limit is reached."""

    full: bool = False
    asked: list[tuple[str, float]] = field(default_factory=list)

    def check(self, user: str, now: float) -> None:
        self.asked.append((user, now))
        if self.full:
            raise RateLimited(retry_after=7)

    def give_back(self, user: str, now: float) -> None:
        self.asked.append((f"{user}, back", now))


@dataclass
class Lines(Telemetry):
    """A telemetry that keeps what it is told."""

    lines: list[str] = field(default_factory=list)

    def count(self, name: str, value: float = 1) -> None: ...

    def seconds(self, name: str, value: float) -> None: ...

    def log(self, message: str, *, user: str | None = None, **ids: object) -> None:
        self.lines.append(f"{message} {ids}")


class Limit:
    """A limiter of 3 in 600 s, and what stands behind it; a name of its own, since Valkey remembers."""

    def __init__(self, url: str, token: str = "token", window: int = 600) -> None:
        self.redis = upstash(url, token)
        self.fallback, self.telemetry, self.name = Fallback(), Lines(), uuid4().hex
        self.limiter = UpstashRateLimiter(
            Credentialed(FakeSecret(token), lambda _: self.redis),
            name=self.name,
            limit=3,
            window=window,
            fallback=self.fallback,
            telemetry=self.telemetry,
        )

    def check(self, user: str = "alice") -> None:
        self.limiter.check(user, 1_000.0)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    config = ProvidersConfig(
        base_url=f"http://127.0.0.1:{closed_port()}",
        replicate_token="r8",
        webhook_signing_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        azure_key="azure",
        upstash_token="token",
    )
    with serving_providers(config):
        yield f"{config.base_url}/upstash"


@pytest.fixture
def make() -> Iterator[Any]:
    made: list[Limit] = []

    def limit(*args: Any, **kwargs: Any) -> Limit:
        made.append(Limit(*args, **kwargs))
        return made[-1]

    yield limit
    for each in made:
        each.redis.close()


def test_so_many_and_no_more(make: Any, redis_url: str) -> None:
    limit = make(redis_url)
    for _ in range(3):
        limit.check()
    for _ in range(2):
        with pytest.raises(RateLimited) as limited:
            limit.check()
        assert limited.value.retry_after is not None
        assert 300 < limited.value.retry_after <= 600
    limit.check("bob")
    assert limit.fallback.asked == []


def test_the_window_begins_with_the_first_and_is_not_prolonged(make: Any, redis_url: str) -> None:
    limit = make(redis_url)
    key = f"veil:rate:{limit.name}:alice"
    limit.check()
    limit.redis.expire(key, 50)
    limit.check()
    assert 0 < limit.redis.ttl(key) <= 50
    limit.redis.delete(key)  # as when it has expired
    limit.check()
    assert 300 < limit.redis.ttl(key) <= 600


def test_a_counter_without_an_expiry_gets_one(make: Any, redis_url: str) -> None:
    limit = make(redis_url)
    key = f"veil:rate:{limit.name}:alice"
    limit.redis.set(key, "2")
    limit.check()
    assert 300 < limit.redis.ttl(key) <= 600


def test_what_is_given_back_has_room_again(make: Any, redis_url: str) -> None:
    limit = make(redis_url)
    for _ in range(3):
        limit.check()
    limit.limiter.give_back("alice", 1_000.0)
    limit.check()
    with pytest.raises(RateLimited):
        limit.check()
    assert limit.fallback.asked == []


def test_a_window_that_is_over_takes_nothing_back(make: Any, redis_url: str) -> None:
    """Nor does it leave a counter that never ends, or one below zero."""
    limit = make(redis_url)
    key = f"veil:rate:{limit.name}:alice"
    limit.limiter.give_back("alice", 1_000.0)
    assert limit.redis.exists(key) == 0
    limit.redis.set(key, "0")
    limit.limiter.give_back("alice", 1_000.0)
    assert limit.redis.get(key) == "0"


def test_without_redis_the_fallback_takes_it_back(make: Any) -> None:
    limit = make(f"http://127.0.0.1:{closed_port()}")
    limit.limiter.give_back("alice", 1_000.0)
    assert limit.fallback.asked == [("alice, back", 1_000.0)]


@pytest.mark.parametrize("user", ["", "a b", "한글|사용자", "x" * 2_000, '"\\\n', "veil:rate:*"])
def test_any_user(make: Any, redis_url: str, user: str) -> None:
    limit = make(redis_url)
    limit.check(user)
    assert limit.redis.get(f"veil:rate:{limit.name}:{user}") == "1"


def test_a_url_with_a_slash(make: Any, redis_url: str) -> None:
    limit = make(redis_url + "/")
    limit.check()
    assert limit.fallback.asked == []


def test_a_wrong_token(make: Any, redis_url: str) -> None:
    limit = make(redis_url, "wrong")
    limit.check()
    assert limit.fallback.asked == [("alice", 1_000.0)]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(502, b"<html>Bad Gateway</html>", {"content-type": "text/html"}),
        Reply(401, {"error": "WRONGPASS invalid or missing auth token"}),
        Reply(400, {"error": "ERR max requests limit exceeded"}),
        Reply(200, b""),
        Reply(200, b"\xff\xfe\xfd"),
        Reply(200, {"result": None}),
        Reply(200, {"result": "T0s="}),
        Reply(200, {"result": ["YQ==", 1]}),
        Reply(200, {"result": ["%%%", 1]}),
        Reply(200, {"result": [1]}),
        Reply(200, {"result": [1, 2, 3]}),
        Reply(200, {"result": [None, None]}),
        Reply(200, {"result": 1.5}),
        Reply(200, {"message": "not found"}),
        Reply(200, [{"result": [1, 600]}]),
        Reply(200, "OK"),
        Reply(302, b"", {"location": "https://example.com"}),
        Reply(reset=True),
    ],
    ids=lambda reply: f"{reply.status} {reply.data[:50]!r}",
)
def test_what_redis_never_says_is_no_answer(wire: Wire, make: Any, reply: Reply) -> None:
    wire.answer(reply)
    limit = make(wire.url)
    limit.check()
    assert limit.fallback.asked == [("alice", 1_000.0)]
    assert len(wire.asked) == 1  # nothing is sent twice: it may have counted
    assert len(limit.telemetry.lines) == 1
    assert "alice" not in limit.telemetry.lines[0]


def test_the_limit_holds_all_the_same(wire: Wire, make: Any) -> None:
    wire.answer(Reply(502, b"<html>"))
    limit = make(wire.url)
    limit.fallback.full = True
    with pytest.raises(RateLimited) as limited:
        limit.check()
    assert limited.value.retry_after == 7


def test_half_a_second_is_all_that_it_gets(wire: Wire, make: Any) -> None:
    wire.answer(Reply(hang=True))
    limit = make(wire.url)
    assert limit.redis._http._client.timeout == httpx.Timeout(0.5)
    limit.check()
    assert limit.telemetry.lines == ["redis did not answer {'why': 'ReadTimeout'}"]
    assert limit.fallback.asked == [("alice", 1_000.0)]
    assert len(wire.asked) == 1


def test_nobody_there(make: Any) -> None:
    limit = make(f"http://127.0.0.1:{closed_port()}")
    limit.check()
    assert limit.fallback.asked == [("alice", 1_000.0)]


def test_it_sends_one_command_and_no_telemetry(wire: Wire, make: Any) -> None:
    wire.answer(Reply(200, {"result": [1, 600]}))
    limit = make(wire.url)
    limit.check()
    [asked] = wire.asked
    assert asked.json[0] == "EVAL"
    assert asked.json[2:] == [1, f"veil:rate:{limit.name}:alice", "600"]
    assert asked.headers["authorization"] == "Bearer token"
    assert not any(name.startswith("upstash-telemetry") for name in asked.headers)


def test_when_its_token_cannot_be_read(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(_: str) -> Any:
        raise StorageUnavailable("secrets")

    limit = make(f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setattr(limit.limiter, "_redis", Credentialed(FakeSecret("token"), unreadable))
    limit.check()
    assert limit.fallback.asked == [("alice", 1_000.0)]
    assert limit.telemetry.lines == ["redis did not answer {'why': 'StorageUnavailable'}"]
