"""What the functions share that start and settle predictions."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.aws.s3 import S3Photos
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.generations import DynamoGenerations
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.bootstrap import Bootstrap, renewed
from veil.domain.deadlines import Policy
from veil.domain.ids import new_id
from veil.settings import PredictionSettings
from veil.use_cases.refund import Refund
from veil.use_cases.start import StartQueued

if TYPE_CHECKING:
    from veil.adapters.providers.replicate import ReplicateModel
    from veil.adapters.tokens import SealedTokens

PHOTO_URL_MARGIN_SECONDS = 300  # a prediction may fetch its photo until the moment Replicate gives it up


def in_parallel(calls: Iterable[Callable[[], None]]) -> None:
    """Run all of them at once, in threads; the first error is raised once all have ended."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        for future in [pool.submit(call) for call in calls]:
            future.result()


class PredictingBootstrap[S: PredictionSettings](Bootstrap[S]):
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
    def policy(self) -> Policy:
        settings = self.settings
        return Policy(settings.max_attempts, settings.prediction_timeout_seconds, settings.due_seconds)

    @cached_property
    def result_photos(self) -> S3Photos:
        return self.photos(self.settings.presign_endpoint_url)

    @cached_property
    def model(self) -> "ReplicateModel":
        from veil.adapters.providers.replicate import ReplicateModel, replicate_client  # noqa: PLC0415

        url, timeout = self.settings.replicate_url, self.settings.prediction_timeout_seconds
        token = self.secret(self.settings.replicate_token_secret)
        return ReplicateModel(renewed(lambda value: replicate_client(url, value, timeout), token), token.renew)

    @cached_property
    def tokens(self) -> "SealedTokens":
        from veil.adapters.tokens import SealedTokens  # noqa: PLC0415

        return SealedTokens(self.secret(self.settings.webhook_token_key_secret))

    @cached_property
    def start(self) -> StartQueued:
        return StartQueued(
            ledger=self.ledger,
            photos=self.result_photos,
            model=self.model,
            tokens=self.tokens,
            refund=self.refund,
            in_parallel=in_parallel,
            clock=time,
            telemetry=self.telemetry,
            webhook_url=self.settings.webhook_url,
            photo_url_seconds=self.settings.prediction_timeout_seconds + PHOTO_URL_MARGIN_SECONDS,
        )

    @cached_property
    def refund(self) -> Refund:
        return Refund(self.ledger, time, self.telemetry)
