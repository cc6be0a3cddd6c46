"""Wires the sweeper function."""

from functools import cached_property
from time import time

from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.bootstrap import edge_cache
from veil.bootstrap.images import SettleBootstrap
from veil.domain.ports import WorkKind
from veil.settings import SweeperSettings
from veil.use_cases.continue_deletion import ContinueDeletion
from veil.use_cases.continue_generation import ContinueGeneration
from veil.use_cases.hand_over import HandOver
from veil.use_cases.sweep import Sweep

MONEY = (WorkKind.ORDER, WorkKind.REFUND, WorkKind.SUBSCRIPTION, WorkKind.CREDITS)


class SweeperBootstrap(SettleBootstrap[SweeperSettings]):
    @cached_property
    def sweep(self) -> Sweep:
        return Sweep(
            work=self.work,
            continues={
                WorkKind.GENERATION: self.continue_generation,
                WorkKind.DELETED: ContinueDeletion(self.work, self.bucket, edge_cache(self), self.policy, time),
                **dict.fromkeys(MONEY, self.hand_over(self.settings.money_queue_url)),
                WorkKind.ERASURE: self.hand_over(self.settings.eraser_queue_url),
                WorkKind.EVENT: self.tell,
            },
            in_parallel=self.in_parallel,
            clock=time,
            telemetry=self.telemetry,
        )

    def hand_over(self, queue_url: str) -> HandOver:
        return HandOver(self.work, self.work_queue(queue_url), time)

    @cached_property
    def tell(self) -> HandOver:
        return self.hand_over(self.settings.notify_queue_url)

    @cached_property
    def work(self) -> DynamoWorkList:
        return DynamoWorkList(self.table)

    @cached_property
    def continue_generation(self) -> ContinueGeneration:
        return ContinueGeneration(
            work=self.work,
            photos=self.bucket,
            ask=self.ask,
            start=self.start,
            refund=self.refund,
            cancel=self.cancel,
            forget=self.forget,
            tell=self.tell,
            policy=self.policy,
            clock=time,
        )
