"""The one place where use cases meet their adapters: a class a function, each with just what it needs.

What every function has to have is made when it starts; what only some requests need (Replicate's client,
Redis, Pillow) is imported when first used, since a cold start pays for each import.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.aws import client
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.generations import DynamoGenerations, DynamoWorkList
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.adapters.dynamodb.rate_counter import DynamoRateCounter
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.adapters.dynamodb.uploads import DynamoUploads
from veil.adapters.s3 import S3Photos, presigner
from veil.adapters.seals import Cursors, SealedTokens
from veil.domain.ids import new_id
from veil.domain.life import Policy
from veil.domain.ports import RateLimiter
from veil.observability import PowertoolsMeter
from veil.settings import (
    GallerySettings,
    GenerationsSettings,
    InspectSettings,
    Predicting,
    RateLimiting,
    Settings,
    Settling,
    SweeperSettings,
    UploadsSettings,
    WebhookSettings,
)
from veil.use_cases.credits import Credits
from veil.use_cases.gallery import Gallery
from veil.use_cases.generate import Generate, Offer
from veil.use_cases.inspect import InspectPhoto
from veil.use_cases.receive_webhook import ReceiveWebhook
from veil.use_cases.refund import Refund
from veil.use_cases.settle import Settle
from veil.use_cases.start import StartQueued
from veil.use_cases.sweep import Sweep
from veil.use_cases.uploads import CreateUpload, GetUpload

if TYPE_CHECKING:
    from veil.adapters.replicate import ReplicateModel

PHOTO_URL_MARGIN_SECONDS = 300  # a prediction may fetch its photo until the moment Replicate gives it up


def side_by_side(calls: Iterable[Callable[[], None]]) -> None:
    """Run all of them at once, in threads; the first error is raised once all have ended."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        for future in [pool.submit(call) for call in calls]:
            future.result()


class Bootstrap[S: Settings]:
    """What every function has: the table, and where its metrics go."""

    def __init__(self, settings: S) -> None:
        self.settings = settings
        self.meter = PowertoolsMeter(settings.stage)
        self.table = Table(dynamodb(), settings.table_name)

    @cached_property
    def _read_secret(self) -> Callable[[str], str]:
        from veil.adapters.secrets import secret_reader  # noqa: PLC0415

        return secret_reader()

    def secret(self, name: str) -> Callable[[], str]:
        """The secret's value, whenever it is asked for: a rotated one is in use within minutes."""
        return lambda: self._read_secret(name)

    @cached_property
    def accounts(self) -> DynamoAccounts:
        return DynamoAccounts(self.table, new_id)

    @cached_property
    def ledger(self) -> DynamoLedger:
        return DynamoLedger(self.table, self.accounts)

    @cached_property
    def generations(self) -> DynamoGenerations:
        return DynamoGenerations(self.table)

    @cached_property
    def uploads(self) -> DynamoUploads:
        return DynamoUploads(self.table)

    def photos(self, presign_endpoint_url: str | None) -> S3Photos:
        return S3Photos(client("s3"), presigner(presign_endpoint_url), self.settings.bucket_name)


def _rate_limiter[S: RateLimiting](bootstrap: Bootstrap[S], name: str, limit: int) -> RateLimiter:
    from veil.adapters.upstash import UpstashRateLimiter, upstash  # noqa: PLC0415

    settings, token = bootstrap.settings, bootstrap.secret(bootstrap.settings.upstash_token_secret)
    window = settings.rate_limit_window_seconds
    otherwise = DynamoRateCounter(bootstrap.table, name, limit, window)
    redis = _renewed(lambda value: upstash(settings.upstash_url, value), token)
    return UpstashRateLimiter(redis, name=name, limit=limit, window=window, otherwise=otherwise, meter=bootstrap.meter)


def _renewed[T](make: Callable[[str], T], secret: Callable[[], str]) -> Callable[[], T]:
    """The client made with a secret's present value: made anew only when that has changed."""
    made: dict[str, T] = {}

    def current() -> T:
        value = secret()
        if value not in made:
            made.clear()
            made[value] = make(value)
        return made[value]

    return current


class UploadsBootstrap(Bootstrap[UploadsSettings]):
    @cached_property
    def create_upload(self) -> CreateUpload:
        return CreateUpload(
            uploads=self.uploads,
            photos=self.photos(self.settings.presign_endpoint_url),
            limiter=_rate_limiter(self, "uploads", self.settings.upload_rate_limit_max),
            clock=time,
            new_id=new_id,
        )

    @cached_property
    def get_upload(self) -> GetUpload:
        return GetUpload(self.uploads, time)


class InspectBootstrap(Bootstrap[InspectSettings]):
    @cached_property
    def inspect(self) -> InspectPhoto:
        from veil.adapters.azure_face import AzureFaceDetector, face_client  # noqa: PLC0415
        from veil.adapters.photo_reader import PillowReader  # noqa: PLC0415

        url, key = self.settings.azure_face_url, self.secret(self.settings.azure_face_key_secret)
        return InspectPhoto(
            uploads=self.uploads,
            photos=self.photos(None),
            reader=PillowReader(self.settings.max_pixels, self.settings.min_side_pixels),
            faces=AzureFaceDetector(_renewed(lambda value: face_client(url, value), key)),
            meter=self.meter,
            min_face_pixels=self.settings.min_face_pixels,
        )

    @cached_property
    def postpone(self) -> Callable[[str, int], None]:
        from veil.adapters.sqs import postpone_in  # noqa: PLC0415

        return postpone_in(self.settings.queue_url)


class PredictingBootstrap[S: Predicting](Bootstrap[S]):
    @cached_property
    def policy(self) -> Policy:
        settings = self.settings
        return Policy(settings.max_attempts, settings.prediction_timeout_seconds, settings.due_seconds)

    @cached_property
    def result_photos(self) -> S3Photos:
        return self.photos(self.settings.presign_endpoint_url)

    @cached_property
    def model(self) -> "ReplicateModel":
        from veil.adapters.replicate import ReplicateModel, replicate_client  # noqa: PLC0415

        url, timeout = self.settings.replicate_url, self.settings.prediction_timeout_seconds
        token = self.secret(self.settings.replicate_token_secret)
        return ReplicateModel(_renewed(lambda value: replicate_client(url, value, timeout), token))

    @cached_property
    def tokens(self) -> SealedTokens:
        return SealedTokens(self.secret(self.settings.webhook_token_key_secret))

    @cached_property
    def start(self) -> StartQueued:
        return StartQueued(
            ledger=self.ledger,
            photos=self.result_photos,
            model=self.model,
            tokens=self.tokens,
            refund=self.refund,
            side_by_side=side_by_side,
            clock=time,
            meter=self.meter,
            webhook_url=self.settings.webhook_url,
            photo_url_seconds=self.settings.prediction_timeout_seconds + PHOTO_URL_MARGIN_SECONDS,
        )

    @cached_property
    def refund(self) -> Refund:
        return Refund(self.ledger, time, self.meter)


class GenerationsBootstrap(PredictingBootstrap[GenerationsSettings]):
    @cached_property
    def generate(self) -> Generate:
        settings = self.settings
        return Generate(
            ledger=self.ledger,
            accounts=self.accounts,
            generations=self.generations,
            limiter=_rate_limiter(self, "generations", settings.rate_limit_max),
            start=self.start,
            policy=self.policy,
            offer=Offer(
                model=settings.model,
                images=settings.images_per_generation,
                credits_per_image=settings.credits_per_image,
                price=settings.replicate_cost_per_image,
                welcome_credits=settings.welcome_credits,
            ),
            clock=time,
            new_id=new_id,
            meter=self.meter,
        )


class SettlingBootstrap[S: Settling](PredictingBootstrap[S]):
    @cached_property
    def settle(self) -> Settle:
        from veil.adapters.outputs import HttpOutputs  # noqa: PLC0415

        return Settle(
            ledger=self.ledger,
            photos=self.result_photos,
            outputs=HttpOutputs(self.settings.output_origins, self.settings.max_output_bytes),
            start=self.start,
            refund=self.refund,
            policy=self.policy,
            clock=time,
            meter=self.meter,
        )


class WebhookBootstrap(SettlingBootstrap[WebhookSettings]):
    @cached_property
    def receive(self) -> ReceiveWebhook:
        from veil.adapters.replicate import webhook_reader  # noqa: PLC0415

        return ReceiveWebhook(
            read=webhook_reader(self.secret(self.settings.webhook_signing_secret)),
            tokens=self.tokens,
            generations=self.generations,
            settle=self.settle,
            meter=self.meter,
        )


class SweeperBootstrap(SettlingBootstrap[SweeperSettings]):
    @cached_property
    def sweep(self) -> Sweep:
        return Sweep(
            work=DynamoWorkList(self.table),
            photos=self.result_photos,
            model=self.model,
            start=self.start,
            settle=self.settle,
            refund=self.refund,
            policy=self.policy,
            side_by_side=side_by_side,
            clock=time,
            meter=self.meter,
        )


class GalleryBootstrap(Bootstrap[GallerySettings]):
    @cached_property
    def result_photos(self) -> S3Photos:
        return self.photos(self.settings.presign_endpoint_url)

    @cached_property
    def gallery(self) -> Gallery:
        return Gallery(self.generations, self.result_photos, time)

    @cached_property
    def credits(self) -> Credits:
        return Credits(self.accounts, time, self.settings.welcome_credits)

    @cached_property
    def cursors(self) -> Cursors:
        return Cursors(self.secret(self.settings.cursor_key_secret))
