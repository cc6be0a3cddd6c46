"""Settle one order by what the provider says of its payment. Whoever has to do with an order comes here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.declines import Decline
from veil.domain.ids import PATTERN
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import Order, OrderKind, OrderStatus, difference
from veil.domain.payment_ports import Orders, Payments
from veil.domain.payments import Cancel, Payment, PaymentForeign, PaymentStatus, PaymentUnsettled
from veil.domain.ports import Clock, InvariantBroken, StorageUnavailable, Telemetry, WorkItem, WorkQueue
from veil.use_cases.hand_over import hand_over_soon

TRIES = 8
MARK = re.compile(rf"\[({PATTERN.pattern})\]")


@dataclass(frozen=True)
class SettleOrder:
    """Money that was taken wins: from whatever status, it ends in exactly one grant, or with a person. ``events`` is
    where it is handed over that an order was paid; None leaves that to the sweep.
    """

    orders: Orders
    payments: Mapping[OrderKind, Payments]
    events: WorkQueue | None
    clock: Clock
    telemetry: Telemetry

    def __call__(self, order: Order) -> Order:
        """The order as it stands afterwards. Raises `PaymentUnsettled`, and `PaymentForeign` for one that was claimed
        with another order's payment.
        """
        payment = self.read(order)
        return self.apply(order, payment) if payment else order

    def read(self, order: Order) -> Payment | None:
        """What the provider says; raises as `__call__`."""
        payments = self.payments[order.kind]
        payment = payments.by_key(order.payment_key) if order.payment_key else payments.by_order(order.id)
        if payment is None or payment.order_id == order.id:
            return payment
        if order.payment_key and order.kind is OrderKind.PACK:  # the client named it; of all else we asked for our own
            raise PaymentForeign(payment.order_id)
        raise PaymentUnsettled("an answer about another order", answered=True, ours=True)

    def apply(self, order: Order, payment: Payment) -> Order:
        """Do all that the payment asks for, one arrow after another; an arrow that another took is looked at anew."""
        if payment.order_id != order.id:
            raise PaymentUnsettled("an answer about another order", answered=True, ours=True)
        for _ in range(TRIES):
            after = self._step(order, payment)
            if after is None:
                return order
            order = after
        raise StorageUnavailable("the order changes too fast")

    def reread(self, order: Order) -> Order:
        stands = self.orders.get(order.user, order.id)
        if stands is None:
            raise InvariantBroken(f"order {order.id} is gone")
        return stands

    def end(self, order: Order, status: OrderStatus, decline: Decline | None = None) -> Order:
        """The order ends unpaid; what another made of it meanwhile stands."""
        ended = order.ended(status, self.clock(), decline)
        if not self.orders.save(ended):
            return self.reread(order)
        self.telemetry.log("order ended", **order.log_ids, status=status, decline=decline)
        return ended

    def unsettled(self, order: Order, error: PaymentUnsettled) -> None:
        """Nothing is known: it stays on the list. Where our keys or our request are wrong, a person has to look."""
        self.telemetry.log("payment not settled now", **order.log_ids, why=str(error))
        if error.ours:
            self.telemetry.count("PaymentProviderRefused")

    def _step(self, order: Order, payment: Payment) -> Order | None:
        """The order after one arrow, taken by us or by another; None where there is nothing left to do."""
        if payment.charged and not order.granted:
            return self._take(order, payment)
        if order.granted:
            unbooked = (cancel for cancel in payment.cancels if cancel.transaction_key not in order.cancels)
            cancel = next(unbooked, None)
            return self._book(order, cancel) if cancel else None
        if order.status is OrderStatus.CONFIRMING and payment.status is PaymentStatus.ABORTED:
            return self.end(order, OrderStatus.FAILED, Decline.CARD_COMPANY_REFUSED)
        if order.status is OrderStatus.CONFIRMING and payment.status is PaymentStatus.EXPIRED:
            return self.end(order, OrderStatus.EXPIRED)
        return None

    def _take(self, order: Order, payment: Payment) -> Order | None:
        """Money was taken: give the credits, unless it is not this order's."""
        wrong = difference(order, payment, self.payments[order.kind].merchant)
        if order.payment_key not in (None, payment.key):
            wrong = "another payment than the claimed one"
        if wrong:
            return None if order.status is OrderStatus.REVIEW else self._review(order, wrong)
        now = self.clock()
        paid = order.paid(payment, now)
        if not self.orders.pay(paid, now):
            return self.reread(order)
        self.telemetry.count("OrdersPaid")
        self.telemetry.count("MoneyIn", order.amount)
        self.telemetry.log("order paid", **order.log_ids, credits=order.credits)
        if self.events is not None:
            hand_over_soon(self.events, self.telemetry, WorkItem.of_event(order.event_id, now), order.log_ids)
        return paid

    def _review(self, order: Order, wrong: str) -> Order:
        review = order.for_review()
        if not self.orders.save(review):
            return self.reread(order)
        self.telemetry.count("OrdersInReview")
        self.telemetry.log("money was taken that is not this order's", **order.log_ids, why=wrong)
        return review

    def _book(self, order: Order, cancel: Cancel) -> Order:
        """Book money that went back: as the refund that its reason names, or as another's doing."""
        if refund := self._refund_of(order, cancel):
            after = order.refunded(refund, cancel.transaction_key)
            if not self.orders.finish_refund(after, refund.done(cancel.transaction_key)):
                return self.reread(order)
            self.telemetry.count("MoneyRefunded", cancel.amount)
            self.telemetry.log("money went back", **refund.log_ids)
            return after
        customer = self.orders.customer(order.user)
        if customer is None:
            raise InvariantBroken(f"order {order.id} is of no account")
        after = order.cancelled_outside([cancel])
        if not self.orders.take_back(order, after, customer, self.clock()):
            return self.reread(order)
        self.telemetry.count("MoneyTakenBack", cancel.amount)
        taken = after.refunded_credits - order.refunded_credits
        owed = max(0, taken - customer.available)
        if owed:
            self.telemetry.count("CreditsOwed", owed)
        self.telemetry.log("money was taken back by another", **order.log_ids, credits=taken, owed=owed)
        return after

    def _refund_of(self, order: Order, cancel: Cancel) -> OrderRefund | None:
        """Our refund under way that this cancel is."""
        found = MARK.search(cancel.reason)
        refund = self.orders.refund(order.user, found[1]) if found else None
        if refund is None or order.status is not OrderStatus.REFUNDING:
            return None
        asked = (refund.order_id, refund.status, refund.amount) == (order.id, RefundStatus.ASKED, cancel.amount)
        return refund if asked else None
