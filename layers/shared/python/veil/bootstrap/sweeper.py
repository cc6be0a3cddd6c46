"""The `sweeper` function."""

from functools import cached_property
from time import time

from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.bootstrap.predicting import in_parallel
from veil.bootstrap.settling import SettlingBootstrap
from veil.settings import SweeperSettings
from veil.use_cases.sweep import Sweep


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
            in_parallel=in_parallel,
            clock=time,
            telemetry=self.telemetry,
        )
