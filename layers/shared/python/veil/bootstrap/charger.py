"""Wires the charger function: what goes on with each kind of work is imported when the first of its kind comes."""

from collections.abc import Mapping
from functools import cached_property
from time import time
from typing import TYPE_CHECKING, Any

from veil.adapters.aws.sqs import work_item
from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.bootstrap.money import MoneyBootstrap
from veil.domain.ids import new_id
from veil.domain.orders import OrderKind
from veil.domain.payment_ports import Payments
from veil.domain.ports import WorkKind
from veil.settings.payments import ChargerSettings
from veil.use_cases.sweep import Continue

if TYPE_CHECKING:
    from veil.adapters.providers.toss import Toss


class ChargerBootstrap(MoneyBootstrap[ChargerSettings]):
    def go_on(self, message: Mapping[str, Any]) -> None:
        """Take on what a message of the queue stands for."""
        item = work_item(message)
        match item.kind:
            case WorkKind.ORDER:
                self.continue_order(item)
            case WorkKind.REFUND:
                self.continue_refund(item)
            case WorkKind.SUBSCRIPTION:
                self.continue_subscription(item)
            case WorkKind.CREDITS:
                self.continue_debt(item)
            case _:
                raise ValueError(f"{item.kind} has nothing to do with money")

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
    def continue_order(self) -> Continue:
        from veil.use_cases.continue_order import ContinueOrder  # noqa: PLC0415

        return ContinueOrder(self.work, self.orders, self.settle, self.confirm, time, self.telemetry)

    @cached_property
    def continue_refund(self) -> Continue:
        from veil.use_cases.continue_refund import ContinueRefund  # noqa: PLC0415

        return ContinueRefund(self.work, self.orders, self.payments, self.settle, time, self.telemetry)

    @cached_property
    def continue_debt(self) -> Continue:
        from veil.use_cases.continue_debt import ContinueDebt  # noqa: PLC0415

        return ContinueDebt(self.work, self.orders, time, self.telemetry)

    @cached_property
    def continue_subscription(self) -> Continue:
        from veil.use_cases.continue_subscription import ContinueSubscription  # noqa: PLC0415

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
