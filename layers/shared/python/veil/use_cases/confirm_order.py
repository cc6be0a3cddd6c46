"""`POST /orders/{id}/confirm`: charge what the customer authenticated, and give the credits.

One round trip to the provider, and at the most five to AWS: read, claim, pay, hand over that others are told, and a
secret when the function is new.
"""

from dataclasses import dataclass

from veil.domain.errors import OrderConflict, OrderExpired, OrderNotFound, PaymentDeclined
from veil.domain.ids import is_id
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.payment_ports import Orders, Payments
from veil.domain.payments import PaymentForeign, PaymentGone, PaymentRefused, PaymentUnsettled
from veil.domain.ports import Clock
from veil.use_cases.settle_order import SettleOrder


@dataclass(frozen=True)
class ConfirmOrder:
    orders: Orders
    payments: Payments
    settle: SettleOrder
    clock: Clock

    def __call__(self, user: str, order_id: str, payment_key: str, amount: int) -> tuple[Order, bool]:
        """The order: paid, or still confirming where the outcome is not known yet; and whether it was paid just now.
        Doing it again is harmless.

        Raises `OrderNotFound`, `OrderConflict`, `OrderExpired` and `PaymentDeclined`.
        """
        order = self.orders.get(user, order_id) if is_id(order_id) else None
        if order is None or order.kind is not OrderKind.PACK:
            raise OrderNotFound
        if amount != order.amount:
            raise OrderConflict
        if order.status is OrderStatus.CREATED:
            claimed = order.claimed(payment_key, self.clock())
            if self.orders.save(claimed):
                order = _answer(self.confirm(claimed))
                return order, order.granted
            order = self.settle.reread(order)
        if order.payment_key is None:
            raise OrderExpired
        if order.payment_key != payment_key:
            raise OrderConflict
        return _answer(self._settled(order) if order.status is OrderStatus.CONFIRMING else order), False

    def confirm(self, order: Order) -> Order:
        """Ask the provider to charge it; the order as it stands afterwards."""
        try:
            payment = self.payments.confirm(order)
            return self.settle.apply(order, payment)
        except PaymentRefused as refused:
            return self.settle.end(order, OrderStatus.FAILED, refused.decline)
        except PaymentGone:
            return self.settle.end(order, OrderStatus.EXPIRED)
        except PaymentForeign:
            return self.settle.end(order, OrderStatus.FAILED)
        except PaymentUnsettled as error:
            self.settle.unsettled(order, error)
            if error.answered and self.orders.save(order.tried_again()):
                return order.tried_again()
            return order

    def _settled(self, order: Order) -> Order:
        """A repeated request: whatever became of the first one, the provider knows."""
        try:
            return self.settle(order)
        except PaymentForeign:
            return self.settle.end(order, OrderStatus.FAILED)
        except PaymentUnsettled as error:
            self.settle.unsettled(order, error)
            return order


def _answer(order: Order) -> Order:
    if order.status is OrderStatus.EXPIRED:
        raise OrderExpired
    if order.status is OrderStatus.FAILED:
        raise PaymentDeclined(order.decline) if order.decline else OrderConflict
    return order
