"""The one place where use cases meet their adapters: a module a function, each with just what it needs.

What every function has to have is made when it starts; what only some requests need (a provider's client,
Redis, Pillow) is imported when first used, since a cold start pays for each import.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from time import time
from typing import TYPE_CHECKING, Any

from veil.adapters.aws.client import client
from veil.adapters.aws.s3 import S3Photos, presigner
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.adapters.telemetry import PowertoolsTelemetry
from veil.domain.image_models import COMFY
from veil.domain.ports import PolledProvider, Secret, UserHash
from veil.observability import users
from veil.settings import (
    ComfySettings,
    EdgeCacheSettings,
    ImageUrlSettings,
    RateLimitSettings,
    Settings,
    WelcomeSettings,
)

if TYPE_CHECKING:
    from veil.adapters.aws.cloudfront import CloudFrontCache
    from veil.adapters.aws.sqs import SqsWorkQueue
    from veil.adapters.dynamodb.accounts import DynamoAccounts
    from veil.adapters.image_urls import SignedImageUrls
    from veil.adapters.providers.upstash import UpstashRateLimiter
    from veil.adapters.user_hash import HashInLogs


class Bootstrap[S: Settings]:
    """What every function has: the table, and where its metrics go."""

    @staticmethod
    def in_parallel(calls: Iterable[Callable[[], None]]) -> None:
        """`veil.domain.ports.InParallel`, in threads; the first error is raised once all have ended."""
        with ThreadPoolExecutor(max_workers=8) as pool:
            for future in [pool.submit(call) for call in calls]:
                future.result()

    @staticmethod
    def presigner(endpoint_url: str | None) -> Any:
        return presigner(endpoint_url)

    def __init__(self, settings: S) -> None:
        self.settings = settings
        self.telemetry = PowertoolsTelemetry(settings.stage)
        self.table = Table(dynamodb(), settings.table_name)
        users.hash_of = self._hash_in_logs

    @cached_property
    def user_hash(self) -> UserHash:
        from veil.adapters.aws.secrets import ManagedSecret  # noqa: PLC0415
        from veil.adapters.user_hash import PATIENCE, KeyedUserHash  # noqa: PLC0415

        return KeyedUserHash(
            ManagedSecret(self.settings.user_hash_key_secret, manager=lambda: client("secretsmanager", PATIENCE))
        )

    def hashed(self, user: str) -> str:
        """`user_hash`, which is made when it is first needed."""
        return self.user_hash(user)

    @cached_property
    def _hashes_in_logs(self) -> "HashInLogs":
        from veil.adapters.user_hash import HashInLogs  # noqa: PLC0415

        return HashInLogs(self.user_hash)

    def _hash_in_logs(self, user: str) -> str | None:
        return self._hashes_in_logs(user)

    def erased(self, user: str) -> bool:
        """Whether a user has left: one read."""
        from veil.adapters.dynamodb.accounts import DynamoAccounts  # noqa: PLC0415
        from veil.domain.ids import new_id  # noqa: PLC0415

        return DynamoAccounts(self.table, new_id).erased(user, time())

    def secret(self, name: str) -> Secret:
        """The secret of this name, which is read when it is first needed."""
        from veil.adapters.aws.secrets import ManagedSecret  # noqa: PLC0415

        return ManagedSecret(name)

    def work_queue(self, url: str) -> "SqsWorkQueue":
        """Where work is handed over; its client is made when the first is."""
        from veil.adapters.aws.sqs import SqsWorkQueue  # noqa: PLC0415

        return SqsWorkQueue(url)

    def photos(self, presign_endpoint_url: str | None = None, *, may_list: bool = False) -> S3Photos:
        """``may_list`` is what the function's row says of what it reads (`infra/function_table.py`)."""
        return S3Photos(
            lambda: client("s3"),
            lambda: self.presigner(presign_endpoint_url),
            self.settings.bucket_name,
            may_list=may_list,
        )


def image_urls[S: ImageUrlSettings](bootstrap: Bootstrap[S]) -> "SignedImageUrls":
    """Signed with the edge's key, which is read when the first image is shown."""
    from veil.adapters.aws.secrets import ManagedSecret  # noqa: PLC0415
    from veil.adapters.image_urls import SignedImageUrls  # noqa: PLC0415

    settings = bootstrap.settings
    return SignedImageUrls(settings.web_url, ManagedSecret(settings.delivery_key_secret))


def edge_cache[S: EdgeCacheSettings](bootstrap: Bootstrap[S]) -> "CloudFrontCache":
    """Of the stack's own distribution."""
    from veil.adapters.aws.cloudfront import CloudFrontCache  # noqa: PLC0415

    return CloudFrontCache(bootstrap.settings.distribution_id, bootstrap.telemetry)


def polled[S: ComfySettings](
    bootstrap: Bootstrap[S], photos: S3Photos, queue_max: int = 0
) -> Mapping[str, PolledProvider]:
    """The providers that call nobody back, by name: none where no address is chosen."""
    settings = bootstrap.settings
    if settings.comfy_url is None:
        return {}
    from veil.adapters.providers.comfy import ComfyProvider  # noqa: PLC0415

    return {COMFY: ComfyProvider(settings.comfy_url, bootstrap.secret(settings.comfy_token_secret), photos, queue_max)}


def welcoming_accounts[S: WelcomeSettings](bootstrap: Bootstrap[S]) -> "DynamoAccounts":
    """Accounts that open with their welcome, as the stage's budget allows."""
    from veil.adapters.dynamodb.accounts import DynamoAccounts, WelcomeBudget  # noqa: PLC0415
    from veil.domain.ids import new_id  # noqa: PLC0415

    per_day = bootstrap.settings.welcome_budget_credits_per_day
    budget = WelcomeBudget(bootstrap.table, per_day, bootstrap.hashed, bootstrap.telemetry)
    return DynamoAccounts(bootstrap.table, new_id, budget)


def rate_limiter[S: RateLimitSettings](bootstrap: Bootstrap[S], name: str, limit: int) -> "UpstashRateLimiter":
    """Upstash's, and DynamoDB's when that does not answer."""
    from veil.adapters.credentials import Credentialed  # noqa: PLC0415
    from veil.adapters.dynamodb.rate_counter import DynamoRateCounter  # noqa: PLC0415
    from veil.adapters.providers.upstash import UpstashRateLimiter, upstash  # noqa: PLC0415

    settings = bootstrap.settings
    window, token = settings.rate_limit_window_seconds, bootstrap.secret(settings.upstash_token_secret)
    return UpstashRateLimiter(
        Credentialed(token, lambda value: upstash(settings.upstash_url, value)),
        name=name,
        limit=limit,
        window=window,
        fallback=DynamoRateCounter(bootstrap.table, name, limit, window),
        telemetry=bootstrap.telemetry,
    )
