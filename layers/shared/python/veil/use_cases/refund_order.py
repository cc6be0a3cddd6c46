"""`POST /orders/{id}/refund`: the credits are taken back now, the money goes back by the work list."""

from dataclasses import dataclass

from veil.domain.errors import AccountErased, NothingRefundable, OrderNotFound
from veil.domain.ids import is_id
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import SETTLE_SECONDS, Order, refundable
from veil.domain.payment_ports import Orders
from veil.domain.ports import Clock, NewId, StorageUnavailable, Telemetry, WorkItem, WorkKind, WorkQueue
from veil.use_cases.hand_over import hand_over_soon

TRIES = 4


@dataclass(frozen=True)
class RefundOrder:
    orders: Orders
    queue: WorkQueue
    clock: Clock
    new_id: NewId
    telemetry: Telemetry

    def __call__(self, user: str, order_id: str, credits_: int | None, reason: str | None = None) -> Order:
        """The order, refunding: ``credits_`` of it, or all that are unspent; ``reason`` is kept with the refund.

        Raises `OrderNotFound`, `AccountErased`, and `NothingRefundable` where so many can't be given back.
        """
        for _ in range(TRIES):
            order = self.orders.get(user, order_id) if is_id(order_id) else None
            if order is None:
                raise OrderNotFound
            refund = self._new(order, credits_, reason)
            after = order.withdrawn(refund.created_at)
            if self.orders.withdraw(after, refund, refund.created_at):
                self._hand_over(refund)
                return after
        raise StorageUnavailable("the order changes too fast")

    def _new(self, order: Order, credits_: int | None, reason: str | None) -> OrderRefund:
        customer = self.orders.customer(order.user)
        if customer and customer.erased:
            raise AccountErased
        most = refundable(order, self.orders.all(order.user), customer.available if customer else 0)
        wanted = most if credits_ is None else credits_
        amount = order.amount_of(wanted)
        if not 0 < wanted <= most or not amount:
            raise NothingRefundable(refundable=most)
        now = self.clock()
        return OrderRefund(
            user=order.user,
            id=self.new_id(now),
            order_id=order.id,
            credits=wanted,
            amount=amount,
            created_at=now,
            due_at=now + SETTLE_SECONDS,
            reason=reason,
        )

    def _hand_over(self, refund: OrderRefund) -> None:
        """Soon rather than by the next sweep; one that is lost comes with that."""
        self.telemetry.log("refund asked", **refund.log_ids, credits=refund.credits)
        item = WorkItem(WorkKind.REFUND, refund.user, refund.id, refund.due_at or 0.0)
        hand_over_soon(self.queue, self.telemetry, item, refund.log_ids)
