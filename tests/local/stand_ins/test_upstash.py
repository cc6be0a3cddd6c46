"""The Upstash bridge through Upstash's own client, with a real Valkey server behind it."""

import base64
from collections.abc import Callable, Iterator
from json import JSONDecodeError

import httpx
import pytest
from upstash_redis import Redis
from upstash_redis.errors import UpstashError

from local.stand_ins import ProvidersConfig

COUNT = "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return n"


@pytest.fixture
def redis(config: ProvidersConfig) -> Iterator[Redis]:
    with Redis(url=f"{config.base_url}/upstash", token="upstash-token", rest_retries=0) as redis:
        redis.flushdb()
        yield redis


def test_strings_numbers_and_nothing(redis: Redis) -> None:
    assert redis.set("ключ", "값 ✓", ex=100) is True
    assert redis.get("ключ") == "값 ✓"
    assert redis.get("absent") is None
    assert redis.incrby("n", 5) == 5
    assert redis.hset("h", values={"a": "1", "b": "2"}) == 2
    assert redis.hgetall("h") == {"a": "1", "b": "2"}
    redis.set("ok", "OK")
    assert redis.get("ok") == "OK"


def test_lua_counts_and_expires_at_once(redis: Redis) -> None:
    assert [redis.eval(COUNT, keys=["user"], args=["60000"]) for _ in range(3)] == [1, 2, 3]
    assert 0 < redis.pttl("user") <= 60000


def test_lua_types(redis: Redis) -> None:
    assert redis.eval("return {1, 3.99, 'x', true, false, {ok = 'fine'}}") == [1, 3, "x", 1, None, "fine"]


def test_errors_are_the_servers_full_text(redis: Redis) -> None:
    redis.set("text", "x")
    with pytest.raises(UpstashError, match="ERR value is not an integer or out of range"):
        redis.incr("text")
    with pytest.raises(UpstashError, match="unknown command"):
        redis.execute(["NOSUCH"])


def test_base64_spares_the_literal_ok(http: httpx.Client) -> None:
    headers = {"authorization": "Bearer upstash-token", "upstash-encoding": "base64"}
    assert http.post("/upstash", json=["SET", "k", "v"], headers=headers).json() == {"result": "OK"}
    answer = http.post("/upstash/", json=["GET", "k"], headers=headers)
    assert base64.b64decode(answer.json()["result"]) == b"v"
    assert answer.headers["upstash-sync-token"]


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'["GET", null]', b'["GET", ["x"]]'])
def test_what_is_no_command_is_refused(http: httpx.Client, body: bytes) -> None:
    answer = http.post("/upstash", content=body, headers={"authorization": "Bearer upstash-token"})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("ERR")


def test_a_wrong_token_is_refused(http: httpx.Client) -> None:
    answer = http.post("/upstash", json=["PING"], headers={"authorization": "Bearer other"})
    assert (answer.status_code, answer.json()) == (401, {"error": "WRONGPASS invalid or missing auth token"})


def test_a_lost_answer_was_applied_all_the_same(redis: Redis, rule: Callable[..., None]) -> None:
    rule(upstash=[{"drop_after_apply": True}])
    with pytest.raises(httpx.RemoteProtocolError):
        redis.incr("n")
    assert redis.get("n") == "1"


def test_gateway_html_and_quota(redis: Redis, rule: Callable[..., None]) -> None:
    rule(upstash=[{"html": True}, {"status": 400}])
    with pytest.raises(JSONDecodeError):
        redis.incr("n")
    with pytest.raises(UpstashError, match="max requests limit exceeded"):
        redis.incr("n")
    assert redis.get("n") is None


def test_a_hang_outlasts_a_clients_patience(config: ProvidersConfig, rule: Callable[..., None]) -> None:
    rule(upstash=[{"hang": 10}])
    patience = httpx.Timeout(5, read=0.1)
    with httpx.Client(base_url=config.base_url, timeout=patience) as impatient, pytest.raises(httpx.ReadTimeout):
        impatient.post("/upstash", json=["PING"], headers={"authorization": "Bearer upstash-token"})
