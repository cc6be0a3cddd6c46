"""Toss calls: it does not sign what it says of payments, so a secret in the path says who calls, and what is said is
only ever used to find the order. The payment is read, as it would be without a call.
"""

import json
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from veil.domain.erasure_ports import RetainedOrders
from veil.domain.errors import TokenNotFound
from veil.domain.ids import is_id
from veil.domain.orders import Order
from veil.domain.payment_ports import Orders, Payments
from veil.domain.payments import Payment, PaymentForeign
from veil.domain.ports import Clock, Secret, Telemetry, WorkItem, WorkKind, WorkQueue
from veil.use_cases.settle_order import SettleOrder


@dataclass(frozen=True)
class ReceivePaymentWebhook:
    secret: Secret
    orders: Orders
    retained: RetainedOrders
    payments: Payments
    settle: SettleOrder
    queue: WorkQueue
    clock: Clock
    telemetry: Telemetry

    def __call__(self, secret: str, body: bytes) -> None:
        """Raises `TokenNotFound` for a stranger; `PaymentUnsettled`, `StorageUnavailable` when it must come again."""
        given = secret.encode(errors="replace")
        if not any(compare_digest(given, value.encode()) for value in self.secret.honoured()):
            self.telemetry.count("CallbacksRefused")
            self.telemetry.log("callback refused: a stranger's, or our secret is wrong", secret=self.secret.name)
            raise TokenNotFound
        order_id = _order_id(body)
        if order_id is None:
            self.telemetry.log("payment webhook ignored")
            return
        user = self.orders.owner(order_id)
        order = self.orders.get(user, order_id) if user else None
        if order is None:
            self._without_order(order_id)
        elif order.kind in self.settle.payments:
            self._settle(order)
        else:
            self._bring_forward(order)

    def _settle(self, order: Order) -> None:
        try:
            after = self.settle(order)
        except PaymentForeign:
            return  # the order was claimed with another's payment: its own end comes by the list
        self.telemetry.log("payment webhook", **order.log_ids, status=after.status)

    def _bring_forward(self, order: Order) -> None:
        """The charger alone has the key to ask about it."""
        now = round(self.clock(), 3)
        if order.due_at is None or order.due_at > now:
            self.orders.save(order.due(now))
        self.queue.send(WorkItem(WorkKind.ORDER, order.user, order.id, now))

    def _without_order(self, order_id: str) -> None:
        """Money that was taken for nothing that we know: an order that a backup lost, or another shop with our keys."""
        payment = self.payments.by_order(order_id)
        if payment and payment.charged and not self._retained(order_id, payment):
            self.telemetry.count("PaymentsWithoutOrder")
            self.telemetry.log("a payment without an order", order_id=order_id)

    def _retained(self, order_id: str, payment: Payment) -> bool:
        """Whether the law keeps this order of somebody who has left: what goes back of it is noted there."""
        retained = self.retained.retained(order_id)
        if retained is None:
            return False
        back = sum(cancel.amount for cancel in payment.cancels)
        if back > retained.refunded_amount:
            self.retained.money_went_back(retained, back)
            self.telemetry.log("money of one who has left went back", order_id=order_id)
        return True


def _order_id(body: bytes) -> str | None:
    """The id of the order that a message is about, if it can be one of ours."""
    try:
        message: Any = json.loads(body)
        data = message.get("data", message)
        order_id = data.get("orderId")
    except (ValueError, AttributeError, RecursionError):
        return None
    return order_id if isinstance(order_id, str) and is_id(order_id) else None
