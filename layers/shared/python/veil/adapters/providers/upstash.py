"""The rate limit in Upstash Redis: one atomic script. When Redis does not answer in time, a fallback counts."""

import httpx
from upstash_redis import Redis
from upstash_redis.errors import UpstashError

from veil.adapters.credentials import Credentialed
from veil.domain.errors import RateLimited
from veil.domain.ports import RateLimiter, StorageUnavailable, Telemetry

TIMEOUT_SECONDS = 0.5
NO_ANSWER = (AttributeError, LookupError, TypeError, ValueError)  # the client's errors on what is no Redis answer

# Count and expiry in one step: a crash between two commands would leave a counter that never ends. One that has no
# expiry all the same, whoever made it, gets one.
COUNT = """
local hits = redis.call('INCR', KEYS[1])
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('TTL', KEYS[1])}
"""
GIVE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or 0) > 0 then redis.call('DECR', KEYS[1]) end
return {0, 0}
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
        answer = self._run(COUNT, user)
        if answer is None:
            self._fallback.check(user, now)
            return
        hits, seconds_left = answer
        if hits > self._limit:
            raise RateLimited(retry_after=max(1, seconds_left))

    def give_back(self, user: str, now: float) -> None:
        if self._run(GIVE_BACK, user) is None:
            self._fallback.give_back(user, now)

    def _run(self, script: str, user: str) -> tuple[int, int] | None:
        """What a script answers: the user's hits in this window, and the seconds that are left of it. None when Redis
        did not answer.
        """
        try:
            return self._ask(script, user)
        except (httpx.HTTPError, UpstashError, StorageUnavailable, *NO_ANSWER) as error:
            self._meter.count("RateLimiterFallbacks")
            self._meter.log("redis did not answer", why=type(error).__name__)
            return None

    def _ask(self, script: str, user: str) -> tuple[int, int]:

        def ask(redis: Redis) -> tuple[int, int]:
            hits, left = redis.eval(script, keys=[f"veil:rate:{self._name}:{user}"], args=[str(self._window)])
            return int(hits), int(left)

        # Redis refuses any command so, and a token that it does not know: the refusal has no code to tell it by.
        return self._redis.call(ask, refused=lambda error: isinstance(error, UpstashError))


def upstash(url: str, token: str) -> Redis:
    """A client with a timeout and without retries, as a command whose answer was lost may have been done."""
    redis = Redis(url.rstrip("/"), token, rest_retries=0, allow_telemetry=False)
    redis._http._client.timeout = httpx.Timeout(TIMEOUT_SECONDS)  # it offers no other way
    return redis
