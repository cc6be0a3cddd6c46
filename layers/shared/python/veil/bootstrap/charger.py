"""Wires the charger function."""

from collections.abc import Mapping
from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.bootstrap.money import MoneyBootstrap
from veil.domain.ids import new_id
from veil.domain.orders import OrderKind
from veil.domain.payment_ports import Payments
from veil.domain.ports import WorkKind
from veil.settings import ChargerSettings
from veil.use_cases.continue_debt import ContinueDebt
from veil.use_cases.continue_order import ContinueOrder
from veil.use_cases.continue_refund import ContinueRefund
from veil.use_cases.continue_subscription import ContinueSubscription
from veil.use_cases.sweep import Continue

if TYPE_CHECKING:
    from veil.adapters.providers.toss import Toss


class ChargerBootstrap(MoneyBootstrap[ChargerSettings]):
    @cached_property
    def billing(self) -> "Toss":
        return self.toss(self.settings.toss_billing_key_secret, self.settings.toss_billing_merchant)

    @property
    def payments(self) -> Mapping[OrderKind, Payments]:
        return {OrderKind.PACK: self.packs, OrderKind.RENEWAL: self.billing}

    @cached_property
    def work(self) -> DynamoWorkList:
        return DynamoWorkList(self.table)

    @cached_property
    def continues(self) -> Mapping[WorkKind, Continue]:
        """What goes on with each kind of work."""
        work, orders, telemetry = self.work, self.orders, self.telemetry
        return {
            WorkKind.ORDER: ContinueOrder(work, orders, self.settle, self.confirm, time, telemetry),
            WorkKind.REFUND: ContinueRefund(work, orders, self.payments, self.settle, time, telemetry),
            WorkKind.SUBSCRIPTION: self.continue_subscription,
            WorkKind.CREDITS: ContinueDebt(work, orders, time, telemetry),
        }

    @cached_property
    def continue_subscription(self) -> ContinueSubscription:
        return ContinueSubscription(
            work=self.work,
            subscriptions=self.subscriptions,
            orders=self.orders,
            billing=self.billing,
            settle=self.settle,
            sealer=self.sealer,
            queue=self.queue,
            catalogue=self.catalogue,
            clock=time,
            new_id=new_id,
            telemetry=self.telemetry,
        )
