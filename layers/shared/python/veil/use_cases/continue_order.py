"""Continue an order that is due: settle what was confirmed, give up what was not, and look after what was paid."""

from dataclasses import dataclass

from veil.domain.orders import (
    CONFIRM_AGAIN_SECONDS,
    CONFIRM_GIVEN_UP_SECONDS,
    PAYABLE_SECONDS,
    SETTLE_SECONDS,
    Order,
    OrderKind,
    OrderStatus,
    next_look,
)
from veil.domain.payment_ports import Orders
from veil.domain.payments import PaymentForeign, PaymentUnsettled
from veil.domain.ports import Clock, Telemetry, WorkItem, WorkList
from veil.use_cases.confirm_order import ConfirmOrder
from veil.use_cases.settle_order import SettleOrder

LONGEST_SECONDS = 300  # between two looks at an order whose outcome is not known


@dataclass(frozen=True)
class ContinueOrder:
    work: WorkList
    orders: Orders
    settle: SettleOrder
    confirm: ConfirmOrder
    clock: Clock
    telemetry: Telemetry

    def __call__(self, item: WorkItem) -> bool:
        """False where another charger was first, or it is no longer due."""
        order = self.orders.get(item.user, item.id)
        if order is None or not self.work.move(item, self._next_due(order)):
            return False
        order = self.settle.reread(order)
        if order.status is OrderStatus.CONFIRMING and order.claimed_at is not None:
            self.telemetry.seconds("UnsettledOrderSeconds", self.clock() - order.claimed_at)
        try:
            self._go_on(order)
        except PaymentForeign:
            self._give_up(order, OrderStatus.FAILED)
        except PaymentUnsettled as error:
            self.settle.unsettled(order, error)
        return True

    def _next_due(self, order: Order) -> float:
        """When to look again if this time comes to nothing: soon at first."""
        now = self.clock()
        if order.status is OrderStatus.CONFIRMING:
            return now + min(LONGEST_SECONDS, max(SETTLE_SECONDS, (now - (order.claimed_at or now)) / 2))
        return now + LONGEST_SECONDS

    def _go_on(self, order: Order) -> None:
        now = self.clock()
        order = self.settle(order)
        if order.status is OrderStatus.CONFIRMING and order.kind is OrderKind.PACK:
            age = now - (order.claimed_at or now)
            if age < CONFIRM_AGAIN_SECONDS:
                self.confirm.confirm(order)
            elif age >= CONFIRM_GIVEN_UP_SECONDS:
                self.settle.end(order, OrderStatus.EXPIRED)
        elif order.status is OrderStatus.CREATED:
            if now >= order.created_at + PAYABLE_SECONDS:
                self.settle.end(order, OrderStatus.EXPIRED)
        else:
            self._close(order)

    def _close(self, order: Order) -> None:
        """Nothing is open: a paid one is looked at again in days, any other never. What changes it meanwhile, wins."""
        look = next_look(order.paid_at, self.clock()) if order.granted and order.paid_at is not None else None
        if order.status is not OrderStatus.CONFIRMING:
            self.orders.save(order.due(look))

    def _give_up(self, order: Order, status: OrderStatus) -> None:
        if order.status is OrderStatus.CONFIRMING:
            self.settle.end(order, status)
        else:
            self._close(order)
