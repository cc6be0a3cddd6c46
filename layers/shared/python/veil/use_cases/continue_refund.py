"""Continue a refund that is due: read the payment, give the money back, and give the credits again where that is
refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import SETTLE_SECONDS, Order, OrderKind
from veil.domain.payment_ports import Orders, Payments
from veil.domain.payments import BalanceDiffers, CancelRefused, Payment, PaymentForeign, PaymentUnsettled
from veil.domain.ports import Clock, InvariantBroken, Telemetry, WorkItem, WorkList
from veil.use_cases.settle_order import SettleOrder

LONGEST_SECONDS = 300


@dataclass(frozen=True)
class ContinueRefund:
    work: WorkList
    orders: Orders
    payments: Mapping[OrderKind, Payments]
    settle: SettleOrder
    clock: Clock
    telemetry: Telemetry

    def __call__(self, item: WorkItem) -> bool:
        """False where another charger was first, or it is no longer due."""
        refund = self._asked(item.user, item.id)
        if refund is None or not self.work.move(item, self._next_due(refund)):
            return False
        order = self._order_of(refund)
        self.telemetry.seconds("UnsettledOrderSeconds", self.clock() - refund.created_at)
        try:
            self._go_on(order, refund)
        except (PaymentUnsettled, PaymentForeign) as error:
            ours = isinstance(error, PaymentForeign) or error.ours
            self.settle.unsettled(order, PaymentUnsettled(str(error), ours=ours))
        return True

    def _next_due(self, refund: OrderRefund) -> float:
        now = self.clock()
        return now + min(LONGEST_SECONDS, max(SETTLE_SECONDS, (now - refund.created_at) / 2))

    def _asked(self, user: str, refund_id: str) -> OrderRefund | None:
        refund = self.orders.refund(user, refund_id)
        return refund if refund and refund.status is RefundStatus.ASKED else None

    def _order_of(self, refund: OrderRefund) -> Order:
        order = self.orders.get(refund.user, refund.order_id)
        if order is None:
            raise InvariantBroken(f"refund {refund.id} is of no order")
        return order

    def _go_on(self, order: Order, refund: OrderRefund) -> None:
        """Invariant: a cancel is never sent without a read before it, so none is sent twice."""
        payment = self._read(order)
        asked = self._asked(refund.user, refund.id)
        if asked is None:  # the read found it done
            return
        if payment.balance < asked.amount:  # another took it back meanwhile
            self._refuse(asked, "less is left than was to go back")
            return
        try:
            answer = self.payments[order.kind].cancel(payment, asked)
            self.settle.apply(self._order_of(asked), answer)
        except CancelRefused as refused:
            self._read(self._order_of(asked))
            self._refuse(asked, str(refused))
        except BalanceDiffers:
            self.orders.save_refund(asked.tried_again())
        except PaymentUnsettled as error:
            if error.answered:
                self.orders.save_refund(asked.tried_again())
            raise

    def _read(self, order: Order) -> Payment:
        payment = self.settle.read(order)
        if payment is None:
            raise PaymentUnsettled("a paid order whose payment is not there", ours=True)
        self.settle.apply(order, payment)
        return payment

    def _refuse(self, refund: OrderRefund, why: str) -> None:
        """The credits are the user's again; what another changed meanwhile is looked at anew when it is due. The order
        is read first: one whose refund is still asked for afterwards was refunding.
        """
        order, asked = self._order_of(refund), self._asked(refund.user, refund.id)
        if asked and self.orders.restore(order.refund_refused(), asked.refused(), self.clock()):
            self.telemetry.count("MoneyRefundsRefused")
            self.telemetry.log("the money can't go back; the credits are given again", **asked.log_ids, why=why)
