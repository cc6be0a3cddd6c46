"""Orders held against Toss Payments itself: what it was paid and what it gave back is what our orders say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from operations.audit.finding import Finding, Rule
from operations.audit.holdings import Holdings
from operations.dispute import is_dispute
from veil.adapters.providers.toss import TossError
from veil.domain.orders import Order, OrderKind, OrderStatus, difference
from veil.domain.payment_ports import Payments
from veil.domain.payments import Payment, PaymentUnsettled
from veil.domain.ports import Clock

TOO_MANY = 429
WAITS = (5.0, 10.0, 20.0, 40.0)  # Toss's test keys are good for 100 requests a minute
AGAIN_SECONDS = 2.0  # before what differs is read once more: it may have been on its way
UNDER_WAY = (OrderStatus.CREATED, OrderStatus.CONFIRMING, OrderStatus.REFUNDING)


@dataclass
class AgainstToss:
    """One read an order; what differs is read once more, with the order, and is a finding if that differs too.

    ``stands`` gives an order as it is now. ``read`` and ``unread`` count the orders that Toss was asked about, and
    those of which it did not tell; ``why`` is the first reason.
    """

    payments: Mapping[OrderKind, Payments]
    stands: Callable[[str, str], Order | None]
    clock: Clock
    wait: Callable[[float], None]
    say: Callable[[str], None] = print
    read: int = 0
    unread: int = 0
    why: str = ""

    def __call__(self, holdings: Holdings) -> Iterator[Finding]:
        """What differs of one user's orders."""
        for order in holdings.money.orders:
            if under_way(order, self.clock()):
                continue
            self.read += 1
            try:
                differing = self._differing(order)
            except PaymentUnsettled as error:
                self.unread += 1
                self.why = self.why or str(error)
            else:
                yield from (Finding(order.user, None, Rule.TOSS_DIFFERS, what, order.id) for what in differing)

    def _differing(self, order: Order) -> list[str]:
        merchant = self.payments[order.kind].merchant
        first = differences(order, self._ask(order), merchant)
        if not first:
            return []
        self.wait(AGAIN_SECONDS)
        now = self.stands(order.user, order.id)
        if now is None or under_way(now, self.clock()):
            return []
        again = differences(now, self._ask(now), merchant)
        return [what for what in first if what in again]

    def _ask(self, order: Order) -> Payment | None:
        """What Toss says; asked again later where it has had enough of us."""
        payments = self.payments[order.kind]
        for seconds in (*WAITS, None):
            try:
                return payments.by_key(order.payment_key) if order.payment_key else payments.by_order(order.id)
            except PaymentUnsettled as error:
                if seconds is None or not _too_many(error):
                    raise
                self.say(f"Toss asks for a pause: {seconds:.0f} s")
                self.wait(seconds)
        raise AssertionError


def under_way(order: Order, now: float) -> bool:
    """Whether the work list is about to settle it. The look that comes in days or months at an order that was paid is
    no such thing: what differs until then stands.
    """
    if order.status in UNDER_WAY:
        return True
    return order.due_at is not None and (order.due_at <= now or not order.granted)


def differences(order: Order, payment: Payment | None, merchant: str | None) -> list[str]:
    """All that Toss says otherwise, in words."""
    if payment is None or payment.order_id != order.id:
        found = "no payment" if payment is None else f"the payment of order {payment.order_id}"
        return [f"{order.status}, and Toss has {found}"] if order.granted else []
    if not order.granted:
        return _ungranted(order, payment)
    if not payment.charged:
        return [f"{order.status}, and at Toss {payment.status}"]
    wrong = difference(order, payment, merchant)
    return [*([wrong] if wrong else []), *_cancels(order, payment)]


def _ungranted(order: Order, payment: Payment) -> list[str]:
    """Money that a person gave back for an order in review leaves nothing to settle."""
    if not payment.charged or (order.status is OrderStatus.REVIEW and payment.balance == 0):
        return []
    return [f"{order.status}, and at Toss {payment.status} with {payment.balance} KRW"]


def _cancels(order: Order, payment: Payment) -> Iterator[str]:
    """Of a dispute Toss tells nothing: its money is, at Toss, still ours."""
    told = {cancel.transaction_key for cancel in payment.cancels}
    booked = {key for key in order.cancels if not is_dispute(key)}
    for key in sorted(told - booked):
        yield f"cancel {key} is not booked"
    for key in sorted(booked - told):
        yield f"cancel {key} is booked, and Toss knows none"
    disputed = len(booked) < len(order.cancels)
    if payment.balance < order.balance or (payment.balance != order.balance and not disputed):
        yield f"{payment.balance} KRW are left at Toss, not {order.balance}"


def _too_many(error: PaymentUnsettled) -> bool:
    return isinstance(error.__cause__, TossError) and error.__cause__.status == TOO_MANY
