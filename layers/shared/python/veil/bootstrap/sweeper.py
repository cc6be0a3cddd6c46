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
                **dict.fromkeys(MONEY, self.hand_over),
                WorkKind.ERASURE: self.hand_over_erasures,
            },
            in_parallel=self.in_parallel,
            clock=time,
            telemetry=self.telemetry,
        )

    @cached_property
    def hand_over(self) -> HandOver:
        from veil.adapters.aws.sqs import SqsMoneyQueue  # noqa: PLC0415

        return HandOver(self.work, SqsMoneyQueue(self.settings.money_queue_url), time)

    @cached_property
    def hand_over_erasures(self) -> HandOver:
        from veil.adapters.aws.sqs import SqsWorkQueue  # noqa: PLC0415

        return HandOver(self.work, SqsWorkQueue(self.settings.eraser_queue_url), time)

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
            policy=self.policy,
            clock=time,
        )
