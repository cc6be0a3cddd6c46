"""The rate limit in Upstash Redis: one atomic script. When Redis does not answer in time, a fallback counts."""

import httpx
from upstash_redis import Redis
from upstash_redis.errors import UpstashError

from veil.adapters.credentials import Credentialed
from veil.domain.errors import RateLimited
from veil.domain.ports import RateLimiter, StorageUnavailable, Telemetry

TIMEOUT_SECONDS = 0.5
NO_ANSWER = (AttributeError, LookupError, TypeError, ValueError)  # the client's errors on what is no Redis answer

# Count and expiry in one step: a crash between two commands would leave a counter that never ends.
SCRIPT = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('TTL', KEYS[1])}
"""


class UpstashRateLimiter(RateLimiter):
    """``limit`` requests in ``window`` seconds, from a user's first on.

    A request whose answer was lost has counted; ``fallback`` counts it once more. Nothing is ever sent again.
    """

    def __init__(
        self,
        redis: Credentialed[Redis],
        *,
        name: str,
        limit: int,
        window: int,
        fallback: RateLimiter,
        telemetry: Telemetry,
    ) -> None:
        self._redis = redis
        self._name = name
        self._limit = limit
        self._window = window
        self._fallback = fallback
        self._meter = telemetry

    def check(self, user: str, now: float) -> None:
        try:
            hits, seconds_left = self._count(user)
        except (httpx.HTTPError, UpstashError, StorageUnavailable, *NO_ANSWER) as error:
            self._meter.log("redis did not answer", why=type(error).__name__)
            self._fallback.check(user, now)
            return
        if hits > self._limit:
            raise RateLimited(retry_after=max(1, seconds_left))

    def _count(self, user: str) -> tuple[int, int]:
        """The user's hits in this window, this one included, and the seconds that are left of it."""

        def ask(redis: Redis) -> tuple[int, int]:
            hits, left = redis.eval(SCRIPT, keys=[f"veil:rate:{self._name}:{user}"], args=[str(self._window)])
            return int(hits), int(left)

        # Redis refuses any command so, and a token that it does not know: the refusal has no code to tell it by.
        return self._redis.call(ask, refused=lambda error: isinstance(error, UpstashError))


def upstash(url: str, token: str) -> Redis:
    """A client with a timeout and without retries, as a command whose answer was lost may have been done."""
    redis = Redis(url.rstrip("/"), token, rest_retries=0, allow_telemetry=False)
    redis._http._client.timeout = httpx.Timeout(TIMEOUT_SECONDS)  # it offers no other way
    return redis
