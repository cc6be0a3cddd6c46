"""The rate limit in Upstash Redis: one atomic script; when Redis does not answer in time, another limiter's turn."""

from collections.abc import Callable

import httpx
from upstash_redis import Redis
from upstash_redis.errors import UpstashError

from veil.domain.errors import RateLimited
from veil.domain.ports import Meter, RateLimiter

TIMEOUT_SECONDS = 0.5
NO_ANSWER = (AttributeError, LookupError, TypeError, ValueError)  # how the client fails on what Redis never says

# Count and expiry in one step: a crash between two commands would leave a counter that never ends.
SCRIPT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('TTL', KEYS[1])}
"""


class UpstashRateLimiter:
    """`veil.domain.ports.RateLimiter`: ``limit`` in ``window`` seconds, from a user's first on.

    An answer that was lost has counted; it is counted once more by ``otherwise``. Nothing is ever sent again.
    """

    def __init__(
        self,
        redis: Callable[[], Redis],
        *,
        name: str,
        limit: int,
        window: int,
        otherwise: RateLimiter,
        meter: Meter,
    ) -> None:
        self._redis = redis
        self._name = name
        self._limit = limit
        self._window = window
        self._otherwise = otherwise
        self._meter = meter

    def check(self, user: str, now: float) -> None:
        try:
            answer = self._redis().eval(SCRIPT, keys=[f"veil:rate:{self._name}:{user}"], args=[str(self._window)])
            hits, seconds_left = map(int, answer)
        except (httpx.HTTPError, UpstashError, *NO_ANSWER) as error:
            self._meter.note("redis did not answer", why=type(error).__name__)
            self._otherwise.check(user, now)
            return
        if hits > self._limit:
            raise RateLimited(retry_after=max(1, seconds_left))


def upstash(url: str, token: str) -> Redis:
    """A client without its traps: it has no timeout of its own, and sends again what may have been done."""
    redis = Redis(url.rstrip("/"), token, rest_retries=0, allow_telemetry=False)
    redis._http._client.timeout = httpx.Timeout(TIMEOUT_SECONDS)  # it offers no other way
    return redis
