"""An order of credits, and what becomes of it. Each arrow of its life is a method that answers the order after it; the
table takes it only over the very version that it was made from.

    created → confirming → paid → refunding → paid | refunded
       ↓           ↓
    expired   failed | expired | review        money that was taken makes any of these ``paid``
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from veil.domain.declines import Decline
from veil.domain.order_refunds import OrderRefund
from veil.domain.payments import CURRENCY, Cancel, Payment

PAYABLE_SECONDS = 45 * 60  # the payment window lives 30 minutes, and its payment can be confirmed 10 more
CONFIRM_AGAIN_SECONDS = 9 * 60  # since the claim: a payment can be confirmed for 10 minutes
CONFIRM_GIVEN_UP_SECONDS = 15 * 60
SETTLE_SECONDS = 60  # until an order is asked about whose answer did not come
LOOK_DAYS = (1, 7, 30, 90, 180, 365)  # since the payment: money may go back by another's hand, and nobody tells
SECOND_LOOK_SECONDS = 24 * 3600  # at an order that ended unpaid
DAY = 24 * 3600


class OrderKind(StrEnum):
    """How it is paid: by the customer in a window, or by us with a billing key."""

    PACK = "pack"
    RENEWAL = "renewal"


class OrderStatus(StrEnum):
    CREATED = "created"
    CONFIRMING = "confirming"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    FAILED = "failed"
    EXPIRED = "expired"
    REVIEW = "review"


GRANTED = (OrderStatus.PAID, OrderStatus.REFUNDING, OrderStatus.REFUNDED)  # its credits were given
OUTSIDE = "outside"  # whose cancel it was, where it was none of our refunds


@dataclass(frozen=True, slots=True)
class Order:
    """``credits`` for ``amount`` KRW, as they were when it was made; ``customer_key`` is what the provider knows the
    user by. ``attempt`` numbers the tries to confirm or charge it; ``cancels`` are the booked ones, by transaction key,
    each with the refund that it was, or `OUTSIDE`. ``due_at`` is when it is asked about next. Times are epoch seconds.
    """

    user: str
    id: str
    kind: OrderKind
    product: str
    credits: int
    amount: int
    created_at: float
    customer_key: str
    status: OrderStatus = OrderStatus.CREATED
    payment_key: str | None = None
    attempt: int = 1
    claimed_at: float | None = None
    paid_at: float | None = None
    receipt_url: str | None = None
    decline: Decline | None = None
    refunded_credits: int = 0
    refunded_amount: int = 0
    cancels: Mapping[str, str] = field(default_factory=dict)
    due_at: float | None = None
    version: int = 1

    @property
    def log_ids(self) -> dict[str, str]:
        """The ids on every log line about it."""
        return {"user": self.user, "order_id": self.id}

    @property
    def event_id(self) -> str:
        """Of the event that tells that it was paid."""
        return f"order-paid-{self.id}"

    @property
    def granted(self) -> bool:
        return self.status in GRANTED

    @property
    def left(self) -> int:
        """Credits of it that were not taken back."""
        return self.credits - self.refunded_credits if self.granted else 0

    @property
    def balance(self) -> int:
        """KRW of it that have not gone back."""
        return self.amount - self.refunded_amount

    @property
    def idempotency_key(self) -> str:
        """Of this try: the provider binds an error that it answered to the key."""
        return f"{self.kind}:{self.id}:{self.attempt}"

    def claimed(self, payment_key: str, now: float) -> Self:
        """created → confirming, before the provider is called: of two tabs one goes on."""
        self._require(OrderStatus.CREATED)
        return self._next(
            status=OrderStatus.CONFIRMING, payment_key=payment_key, claimed_at=now, due_at=now + SETTLE_SECONDS
        )

    def tried_again(self) -> Self:
        """The provider answered an error that may pass: the next try needs a key of its own."""
        self._require(OrderStatus.CONFIRMING)
        return self._next(attempt=self.attempt + 1)

    def paid(self, payment: Payment, now: float) -> Self:
        """The customer's money was taken, however the order stood: its credits are given in the same write."""
        if self.granted or self.payment_key not in (None, payment.key):
            raise ValueError(f"order {self.id} is {self.status}")
        at = payment.approved_at or now
        return self._next(
            status=OrderStatus.PAID,
            payment_key=payment.key,
            paid_at=at,
            receipt_url=payment.receipt_url,
            decline=None,
            due_at=next_look(at, now),
        )

    def ended(self, status: OrderStatus, now: float, decline: Decline | None = None) -> Self:
        """→ failed | expired. One that was claimed is looked at once more: money that was taken wins."""
        self._require(OrderStatus.CREATED, OrderStatus.CONFIRMING)
        look = None if self.claimed_at is None else now + SECOND_LOOK_SECONDS
        return self._next(status=status, decline=decline, due_at=look)

    def for_review(self) -> Self:
        """Money was taken that is not this order's: a person decides, and no credits are given."""
        if self.granted:
            raise ValueError(f"order {self.id} is {self.status}")
        return self._next(status=OrderStatus.REVIEW, due_at=None)

    def due(self, at: float | None) -> Self:
        """Asked about next at this time."""
        return self._next(due_at=at)

    def withdrawn(self, now: float) -> Self:
        """paid → refunding, with the credits taken back in the same write."""
        self._require(OrderStatus.PAID)
        return self._next(status=OrderStatus.REFUNDING, due_at=next_look(self.paid_at or now, now))

    def refunded(self, refund: OrderRefund, transaction_key: str) -> Self:
        """refunding → paid | refunded."""
        self._require(OrderStatus.REFUNDING)
        return self._cancelled(refund.credits, refund.amount, {transaction_key: refund.id})._settled()

    def refund_refused(self) -> Self:
        """refunding → paid | refunded, with the credits given again in the same write."""
        self._require(OrderStatus.REFUNDING)
        return self._next()._settled()

    def cancelled_outside(self, cancels: Iterable[Cancel]) -> Self:
        """Money went back by another's hand: so do the credits that it paid for, in whole ones."""
        if not self.granted:
            raise ValueError(f"order {self.id} is {self.status}")
        known = {cancel.transaction_key: OUTSIDE for cancel in cancels}
        amount = min(sum(cancel.amount for cancel in cancels), self.balance)
        after = self._cancelled(self._credits_of(amount), amount, known)
        return after if self.status is OrderStatus.REFUNDING else after._settled()

    def _credits_of(self, amount: int) -> int:
        """Credits that go with so many more KRW; with the last of the money go all that are left."""
        back = self.refunded_amount + amount
        gone = self.credits if back >= self.amount else self.credits * back // self.amount
        return max(0, min(gone, self.credits) - self.refunded_credits)

    def amount_of(self, credits_: int) -> int:
        """KRW that go back for so many more credits: rounded down once, and all of the rest with the last of them."""
        gone = self.refunded_credits + credits_
        return max(0, self.amount * gone // self.credits - self.refunded_amount)

    def _cancelled(self, credits_: int, amount: int, known: Mapping[str, str]) -> Self:
        return self._next(
            refunded_credits=self.refunded_credits + credits_,
            refunded_amount=self.refunded_amount + amount,
            cancels={**self.cancels, **known},
        )

    def _settled(self) -> Self:
        """The status by what is left, in the same version; fully refunded is where no money is left."""
        return replace(self, status=OrderStatus.PAID if self.balance else OrderStatus.REFUNDED)

    def _require(self, *statuses: OrderStatus) -> None:
        if self.status not in statuses:
            raise ValueError(f"order {self.id} is {self.status}")

    def _next(self, **changes: object) -> Self:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def next_look(paid_at: float, now: float) -> float | None:
    """When a paid order is read again at the provider; None for no more."""
    return next((at for days in LOOK_DAYS if (at := paid_at + days * DAY) > now), None)


def difference(order: Order, payment: Payment, merchant: str | None) -> str | None:
    """What of a payment that was charged is not this order's; None where all is."""
    wanted = (order.amount, CURRENCY, merchant or payment.merchant)
    found = (payment.amount, payment.currency, payment.merchant)
    return None if wanted == found else f"wanted {wanted}, found {found}"


def refundable(order: Order, orders: Iterable[Order], available: int) -> int:
    """How many of an order's credits are unspent, given all of its user's orders.

    Credits are one pool and are spent in this order: free ones, those of renewals, those of packs; the oldest first.
    """
    if order.status is not OrderStatus.PAID:
        return 0
    later = sum(each.left for each in orders if _rank(each) > _rank(order))
    return max(0, min(order.left, available - later))


def _rank(order: Order) -> tuple[bool, float, str]:
    """Orders whose credits are spent later rank higher."""
    return order.kind is OrderKind.PACK, order.paid_at or 0.0, order.id


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order with what its user may do about it: how many credits can be given back, for how many KRW."""

    order: Order
    refundable_credits: int = 0

    @property
    def refundable_amount(self) -> int:
        return self.order.amount_of(self.refundable_credits) if self.refundable_credits else 0
