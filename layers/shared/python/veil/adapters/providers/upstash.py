"""The rate limit in Upstash Redis: one atomic script; when Redis does not answer in time, another limiter's turn."""

from collections.abc import Callable

import httpx
from upstash_redis import Redis
from upstash_redis.errors import UpstashError

from veil.adapters.credentials import call_with_fresh_credential
from veil.domain.errors import RateLimited
from veil.domain.ports import RateLimiter, StorageUnavailable, Telemetry

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
        telemetry: Telemetry,
        renew: Callable[[], None] = lambda: None,
    ) -> None:
        """``renew`` is told that Redis refused the client's command, which it does when it does not know its token;
        the refusal has no code to tell it by.
        """
        self._redis = redis
        self._name = name
        self._limit = limit
        self._window = window
        self._otherwise = otherwise
        self._meter = telemetry
        self._renew = renew

    def check(self, user: str, now: float) -> None:
        try:
            hits, seconds_left = self._count(user)
        except (httpx.HTTPError, UpstashError, StorageUnavailable, *NO_ANSWER) as error:
            self._meter.log("redis did not answer", why=type(error).__name__)
            self._otherwise.check(user, now)
            return
        if hits > self._limit:
            raise RateLimited(retry_after=max(1, seconds_left))

    def _count(self, user: str) -> tuple[int, int]:
        """The user's hits in this window, this one included, and the seconds that are left of it."""

        def ask(redis: Redis) -> tuple[int, int]:
            hits, left = redis.eval(SCRIPT, keys=[f"veil:rate:{self._name}:{user}"], args=[str(self._window)])
            return int(hits), int(left)

        return call_with_fresh_credential(
            self._redis, self._renew, ask, unknown=lambda error: isinstance(error, UpstashError)
        )


def upstash(url: str, token: str) -> Redis:
    """A client without its traps: it has no timeout of its own, and sends again what may have been done."""
    redis = Redis(url.rstrip("/"), token, rest_retries=0, allow_telemetry=False)
    redis._http._client.timeout = httpx.Timeout(TIMEOUT_SECONDS)  # it offers no other way
    return redis
