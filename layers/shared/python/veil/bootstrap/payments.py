"""Wires the payments function: each of its use cases is imported when a request first needs it."""

from functools import cached_property
from time import time
from typing import TYPE_CHECKING
from uuid import uuid4

from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.bootstrap import welcoming_accounts
from veil.bootstrap.money import MoneyBootstrap
from veil.domain.ids import new_id
from veil.settings.payments import PaymentsSettings

if TYPE_CHECKING:
    from veil.adapters.tokens import Cursors
    from veil.use_cases.orders import Customers, PlaceOrder, ReadOrders
    from veil.use_cases.receive_payment_webhook import ReceivePaymentWebhook
    from veil.use_cases.refund_order import RefundOrder
    from veil.use_cases.subscriptions import Subscribe

MOST_ORDERS, WINDOW_SECONDS = 20, 600  # each order is a few writes of ours, and one question to Toss


class PaymentsBootstrap(MoneyBootstrap[PaymentsSettings]):
    @cached_property
    def accounts(self) -> DynamoAccounts:
        return welcoming_accounts(self)

    @cached_property
    def customers(self) -> "Customers":
        from veil.use_cases.orders import Customers  # noqa: PLC0415

        return Customers(self.orders, self.accounts, time, lambda: str(uuid4()), self.settings.welcome_credits)

    @cached_property
    def place(self) -> "PlaceOrder":
        from veil.adapters.dynamodb.rate_counter import DynamoRateCounter  # noqa: PLC0415
        from veil.use_cases.orders import PlaceOrder  # noqa: PLC0415

        return PlaceOrder(
            orders=self.orders,
            customers=self.customers,
            limiter=DynamoRateCounter(self.table, "orders", MOST_ORDERS, WINDOW_SECONDS),
            catalogue=self.catalogue,
            sells=self.settings.toss_client_key is not None,
            clock=time,
            new_id=new_id,
            telemetry=self.telemetry,
        )

    @cached_property
    def read(self) -> "ReadOrders":
        from veil.use_cases.orders import ReadOrders  # noqa: PLC0415

        return ReadOrders(self.orders)

    @cached_property
    def refund(self) -> "RefundOrder":
        from veil.use_cases.refund_order import RefundOrder  # noqa: PLC0415

        return RefundOrder(self.orders, self.queue, time, new_id, self.telemetry)

    @cached_property
    def subscribe(self) -> "Subscribe":
        from veil.use_cases.subscriptions import Subscribe  # noqa: PLC0415

        return Subscribe(
            subscriptions=self.subscriptions,
            customers=self.customers,
            sealer=lambda: self.sealer,
            queue=self.queue,
            catalogue=self.catalogue,
            sells=self.settings.toss_billing_client_key is not None,
            clock=time,
            new_id=new_id,
            telemetry=self.telemetry,
        )

    @cached_property
    def receive(self) -> "ReceivePaymentWebhook":
        from veil.adapters.dynamodb.erasures import DynamoRetainedOrders  # noqa: PLC0415
        from veil.use_cases.receive_payment_webhook import ReceivePaymentWebhook  # noqa: PLC0415

        return ReceivePaymentWebhook(
            secret=self.secret(self.settings.toss_webhook_key_secret),
            orders=self.orders,
            retained=DynamoRetainedOrders(self.table),
            payments=self.packs,
            settle=self.settle,
            queue=self.queue,
            clock=time,
            telemetry=self.telemetry,
        )

    @cached_property
    def cursors(self) -> "Cursors":
        from veil.adapters.tokens import Cursors  # noqa: PLC0415

        return Cursors(self.secret(self.settings.cursor_key_secret))
