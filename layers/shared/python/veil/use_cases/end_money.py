"""Bring the money of who has left to rest: the plan ends and its keys are deleted, what is on its way is waited for,
and what the law keeps is moved to where it has no name. Credits that are left are forfeited.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from veil.domain.erasure import RetainedOrder, at_rest, is_retained
from veil.domain.erasure_ports import Erasures
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import SETTLE_SECONDS, Order, OrderStatus
from veil.domain.payment_ports import Orders, Subscriptions
from veil.domain.ports import Clock, NewId, Telemetry

GIVEN_BACK = "paid after leaving"


@dataclass(frozen=True)
class EndMoney:
    """``new_retained_id`` makes the id of a record that is nobody's."""

    orders: Orders
    subscriptions: Subscriptions
    erasures: Erasures
    clock: Clock
    new_id: NewId
    new_retained_id: Callable[[], str]
    telemetry: Telemetry

    def __call__(self, user: str, erased_at: float) -> bool:
        """Whether nothing is on its way any more, and no order stands with its user."""
        ended = self._end_plan(user)
        refunds: dict[str, list[OrderRefund]] = defaultdict(list)
        for refund in self.erasures.refunds(user):
            refunds[refund.order_id].append(refund)
        orders = [self._brought_on(order, refunds[order.id], erased_at) for order in self.orders.all(user)]
        if not ended or not all(map(at_rest, orders)):
            return False
        return all(self._moved(order, refunds[order.id]) for order in orders)

    def _moved(self, order: Order, refunds: Sequence[OrderRefund]) -> bool:
        """False where it has just changed."""
        if is_retained(order):
            return self.erasures.retain(order, self._retained(order, refunds))
        return self.erasures.drop(order)

    def _end_plan(self, user: str) -> bool:
        """Whether there is none, or nothing of it is left; the charger does what has to do with its card."""
        plan = self.subscriptions.get(user)
        if plan is None or plan.at_rest:
            return True
        after = plan.left(self.clock())
        if after is not plan and self.subscriptions.save(after):
            self.telemetry.log("plan ended", subscription_id=plan.id)
            return after.at_rest
        return False

    def _brought_on(self, order: Order, refunds: Sequence[OrderRefund], erased_at: float) -> Order:
        """An order that was placed and not claimed ends, so that nothing is charged for it any more. One that was
        claimed is the charger's to settle. What was paid after the user had left buys nothing: it goes back, unless
        that was tried and refused.
        """
        if order.status is OrderStatus.CREATED:
            ended = order.ended(OrderStatus.EXPIRED, self.clock())
            return ended if self.orders.save(ended) else order
        late = order.status is OrderStatus.PAID and (order.claimed_at or order.created_at) >= erased_at
        if late and order.left and not any(refund.reason == GIVEN_BACK for refund in refunds):
            return self._given_back(order)
        return order

    def _given_back(self, order: Order) -> Order:
        now = self.clock()
        refund = OrderRefund(
            user=order.user,
            id=self.new_id(now),
            order_id=order.id,
            credits=order.left,
            amount=order.balance,
            created_at=now,
            due_at=now + SETTLE_SECONDS,
            reason=GIVEN_BACK,
        )
        after = order.withdrawn(now)
        if not self.orders.withdraw(after, refund, now):
            return order
        self.telemetry.log("money goes back to who has left", order_id=order.id, refund_id=refund.id)
        return after

    def _retained(self, order: Order, refunds: Iterable[OrderRefund]) -> RetainedOrder:
        return RetainedOrder(
            id=self.new_retained_id(),
            order_id=order.id,
            kind=order.kind,
            status=order.status,
            credits=order.credits,
            amount=order.amount,
            created_at=order.created_at,
            paid_at=order.paid_at,
            refunded_credits=order.refunded_credits,
            refunded_amount=order.refunded_amount,
            refunds={one.id: one.amount for one in refunds if one.status is RefundStatus.DONE},
        )
