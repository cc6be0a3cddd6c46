"""What the functions share that deal with money."""

from collections.abc import Mapping
from functools import cached_property
from time import time
from typing import TYPE_CHECKING

from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.bootstrap import Bootstrap
from veil.domain.ids import new_id
from veil.domain.orders import OrderKind
from veil.domain.payment_ports import Payments, Sealer, Subscriptions
from veil.domain.ports import WorkQueue
from veil.domain.products import Catalogue
from veil.settings.payments import TossSettings

if TYPE_CHECKING:
    from veil.adapters.providers.toss import Toss
    from veil.use_cases.confirm_order import ConfirmOrder
    from veil.use_cases.settle_order import SettleOrder


class MoneyBootstrap[S: TossSettings](Bootstrap[S]):
    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.priced(self.settings.prices)

    @cached_property
    def accounts(self) -> DynamoAccounts:
        return DynamoAccounts(self.table, new_id)

    @cached_property
    def orders(self) -> DynamoOrders:
        return DynamoOrders(self.table, self.accounts)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        from veil.adapters.dynamodb.subscriptions import DynamoSubscriptions  # noqa: PLC0415

        return DynamoSubscriptions(self.table, self.accounts)

    @cached_property
    def queue(self) -> WorkQueue:
        """Where what has to do with money is handed to the charger."""
        return self.work_queue(self.settings.money_queue_url)

    @cached_property
    def sealer(self) -> Sealer:
        from veil.adapters.aws.kms import KmsSealer  # noqa: PLC0415

        return KmsSealer(self.settings.money_key_arn)

    def toss(self, key_secret: str, merchant: str | None) -> "Toss":
        """One of our two accounts at Toss."""
        from veil.adapters.credentials import Credentialed  # noqa: PLC0415
        from veil.adapters.providers.toss import Toss, toss_client  # noqa: PLC0415

        url, key = self.settings.toss_url, self.secret(key_secret)
        return Toss(Credentialed(key, lambda value: toss_client(url, value)), merchant)

    @cached_property
    def packs(self) -> "Toss":
        return self.toss(self.settings.toss_payments_key_secret, self.settings.toss_merchant)

    @property
    def payments(self) -> Mapping[OrderKind, Payments]:
        """Whom this function may ask about an order, by its kind."""
        return {OrderKind.PACK: self.packs}

    @cached_property
    def settle(self) -> "SettleOrder":
        from veil.use_cases.settle_order import SettleOrder  # noqa: PLC0415

        return SettleOrder(
            self.orders, self.payments, self.work_queue(self.settings.notify_queue_url), time, self.telemetry
        )

    @cached_property
    def confirm(self) -> "ConfirmOrder":
        from veil.use_cases.confirm_order import ConfirmOrder  # noqa: PLC0415

        return ConfirmOrder(self.orders, self.packs, self.settle, time)
