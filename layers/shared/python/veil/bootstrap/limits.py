"""The rate limit: Upstash's, and DynamoDB's when that does not answer."""

from veil.adapters.dynamodb.rate_counter import DynamoRateCounter
from veil.bootstrap import Bootstrap, renewed
from veil.domain.ports import RateLimiter
from veil.settings import RateLimitSettings


def rate_limiter[S: RateLimitSettings](bootstrap: Bootstrap[S], name: str, limit: int) -> RateLimiter:
    from veil.adapters.providers.upstash import UpstashRateLimiter, upstash  # noqa: PLC0415

    settings, token = bootstrap.settings, bootstrap.secret(bootstrap.settings.upstash_token_secret)
    window = settings.rate_limit_window_seconds
    otherwise = DynamoRateCounter(bootstrap.table, name, limit, window)
    redis = renewed(lambda value: upstash(settings.upstash_url, value), token)
    return UpstashRateLimiter(
        redis,
        name=name,
        limit=limit,
        window=window,
        otherwise=otherwise,
        telemetry=bootstrap.telemetry,
        renew=token.renew,
    )
