"""What the functions share that settle images."""

from functools import cached_property
from time import time

from veil.bootstrap.predicting import PredictingBootstrap
from veil.settings import SettlementSettings
from veil.use_cases.settle import Settle


class SettlingBootstrap[S: SettlementSettings](PredictingBootstrap[S]):
    @cached_property
    def settle(self) -> Settle:
        from veil.adapters.providers.output_fetcher import HttpOutputFetcher  # noqa: PLC0415

        return Settle(
            ledger=self.ledger,
            photos=self.result_photos,
            outputs=HttpOutputFetcher(self.settings.output_origins, self.settings.max_output_bytes),
            start=self.start,
            refund=self.refund,
            policy=self.policy,
            clock=time,
            telemetry=self.telemetry,
        )
