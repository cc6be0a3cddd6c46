"""What the functions share that start and settle images."""

from collections.abc import Mapping
from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.aws.s3 import S3Photos
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.generations import DynamoGenerations
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.bootstrap import Bootstrap, polled
from veil.domain.deadlines import Policy
from veil.domain.ids import new_id
from veil.domain.image_models import REPLICATE, ImageModelSpec, chain
from veil.domain.ports import ImageProvider, PolledProvider, WorkQueue
from veil.settings import PredictionSettings, SettlementSettings
from veil.use_cases.refund import Refund
from veil.use_cases.start import StartQueued

if TYPE_CHECKING:
    from veil.adapters.providers.output_fetcher import HttpOutputFetcher
    from veil.adapters.tokens import SealedTokens
    from veil.use_cases.ask import Ask
    from veil.use_cases.ask_later import AskLater
    from veil.use_cases.cancel import Cancel
    from veil.use_cases.check_likeness import CheckLikeness
    from veil.use_cases.forget import Forget
    from veil.use_cases.settle import Settle

PHOTO_URL_MARGIN_SECONDS = 300  # a prediction may fetch its photo until the moment its provider gives it up


class StartBootstrap[S: PredictionSettings](Bootstrap[S]):
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
    def bucket(self) -> S3Photos:
        return self.photos(self.settings.presign_endpoint_url)

    @cached_property
    def models(self) -> tuple[ImageModelSpec, ...]:
        return chain(self.settings.models, self.settings.cost_per_prediction)

    @cached_property
    def providers(self) -> Mapping[str, ImageProvider]:
        from veil.adapters.credentials import Credentialed  # noqa: PLC0415
        from veil.adapters.providers.replicate import ReplicateProvider, replicate_client  # noqa: PLC0415

        url, timeout = self.settings.replicate_url, self.settings.prediction_timeout_seconds
        token = self.secret(self.settings.replicate_token_secret)
        made = Credentialed(token, lambda value: replicate_client(url, value, timeout))
        return {REPLICATE: ReplicateProvider(made), **self.polled}

    @cached_property
    def polled(self) -> Mapping[str, PolledProvider]:
        """Those that call nobody back."""
        return polled(self, self.bucket, self.settings.comfy_queue_max)

    @cached_property
    def ask_later(self) -> "AskLater":
        from veil.adapters.aws.sqs import SqsPollQueue  # noqa: PLC0415
        from veil.use_cases.ask_later import AskLater  # noqa: PLC0415

        return AskLater(self.polled, SqsPollQueue(self.settings.poll_queue_url), self.telemetry)

    @cached_property
    def tokens(self) -> "SealedTokens":
        from veil.adapters.tokens import SealedTokens  # noqa: PLC0415

        return SealedTokens(self.secret(self.settings.webhook_token_key_secret))

    @cached_property
    def start(self) -> StartQueued:
        return StartQueued(
            ledger=self.ledger,
            photos=self.bucket,
            providers=self.providers,
            polled=self.polled,
            models=self.models,
            tokens=self.tokens,
            ask_later=self.ask_later,
            refund=self.refund,
            in_parallel=self.in_parallel,
            clock=time,
            telemetry=self.telemetry,
            webhook_url=self.settings.webhook_url,
            photo_url_seconds=self.settings.prediction_timeout_seconds + PHOTO_URL_MARGIN_SECONDS,
        )

    @cached_property
    def refund(self) -> Refund:
        return Refund(self.ledger, self.events, time, self.telemetry)

    @cached_property
    def events(self) -> WorkQueue:
        return self.work_queue(self.settings.notify_queue_url)


class SettleBootstrap[S: SettlementSettings](StartBootstrap[S]):
    @cached_property
    def policy(self) -> Policy:
        settings = self.settings
        return Policy(
            settings.max_attempts, settings.prediction_timeout_seconds, settings.due_seconds, settings.unlike_retries
        )

    @cached_property
    def check_likeness(self) -> "CheckLikeness":
        from veil.adapters.aws.rekognition import RekognitionMatcher  # noqa: PLC0415
        from veil.adapters.dynamodb.consents import DynamoConsents  # noqa: PLC0415
        from veil.use_cases.check_likeness import CheckLikeness  # noqa: PLC0415

        return CheckLikeness(
            consents=DynamoConsents(self.table),
            matcher=RekognitionMatcher(self.settings.bucket_name, self.settings.rekognition_url),
            least=self.settings.likeness_min,
            policy=self.policy,
            clock=time,
            telemetry=self.telemetry,
        )

    @cached_property
    def outputs(self) -> "HttpOutputFetcher":
        """Comfy's outputs are fetched with its token, from its origin alone."""
        from veil.adapters.providers.output_fetcher import HttpOutputFetcher  # noqa: PLC0415

        settings = self.settings
        own = {settings.comfy_url: self.secret(settings.comfy_token_secret)} if settings.comfy_url else {}
        return HttpOutputFetcher(settings.output_origins, settings.max_output_bytes, own)

    @cached_property
    def settle(self) -> "Settle":
        from veil.domain.output_checks import check_size  # noqa: PLC0415
        from veil.use_cases.settle import Settle  # noqa: PLC0415

        return Settle(
            ledger=self.ledger,
            photos=self.bucket,
            outputs=self.outputs,
            checks=(check_size, self.check_likeness),
            start=self.start,
            refund=self.refund,
            events=self.events,
            forget=self.forget,
            policy=self.policy,
            clock=time,
            telemetry=self.telemetry,
        )

    @cached_property
    def forget(self) -> "Forget":
        from veil.use_cases.forget import Forget  # noqa: PLC0415

        return Forget(self.polled, self.telemetry)

    @cached_property
    def cancel(self) -> "Cancel":
        from veil.use_cases.cancel import Cancel  # noqa: PLC0415

        return Cancel(self.providers, self.telemetry)

    @cached_property
    def ask(self) -> "Ask":
        """For those that ask of their own accord."""
        from veil.use_cases.ask import Ask  # noqa: PLC0415

        return Ask(
            ledger=self.ledger,
            providers=self.providers,
            polled=self.polled,
            settle=self.settle,
            cancel=self.cancel,
            forget=self.forget,
            policy=self.policy,
            clock=time,
            telemetry=self.telemetry,
        )
