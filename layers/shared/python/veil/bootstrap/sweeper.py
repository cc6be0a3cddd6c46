"""The `sweeper` function."""

from functools import cached_property
from time import time

from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.bootstrap.predicting import side_by_side
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
            side_by_side=side_by_side,
            clock=time,
            meter=self.meter,
        )
