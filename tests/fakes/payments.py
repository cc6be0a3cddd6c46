"""A payment provider in memory, as strict as Toss: what it was asked, what it did, and which answers are lost."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from itertools import count
from typing import Any

from tests.fakes.clock import FakeClock
from veil.domain.declines import Decline
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.payment_ports import Billing
from veil.domain.payments import (
    BalanceDiffers,
    BillingKey,
    Cancel,
    CancelRefused,
    Payment,
    PaymentForeign,
    PaymentGone,
    PaymentRefused,
    PaymentStatus,
    PaymentUnsettled,
)

MERCHANT = "veil_test"
CONFIRMABLE_SECONDS = 600


class Lost(Enum):
    """An answer that does not come: the deed was done after all, or it was not."""

    BEFORE = auto()
    AFTER = auto()


def still_running() -> PaymentUnsettled:
    return PaymentUnsettled("IDEMPOTENT_REQUEST_PROCESSING")


def answered(code: str = "PROVIDER_ERROR", *, ours: bool = False) -> PaymentUnsettled:
    return PaymentUnsettled(code, answered=True, ours=ours)


class FakePayments(Billing):
    """``faults`` are what happens to the next calls of a name, None for nothing; ``meanwhile`` is done just before the
    next call of a name. ``card`` is why every card is declined, if it is. ``asked`` are the calls that may change
    something, with their idempotency keys: the first answer to a key is the answer to all.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.merchant: str | None = MERCHANT
        self.payments: dict[str, Payment] = {}
        self.faults: defaultdict[str, deque[Lost | Exception | None]] = defaultdict(deque)
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self.card: Decline | None = None
        self.reads_unapproved = False
        self.asked: list[tuple[str, str]] = []
        self.auth_keys: dict[str, str] = {}  # of cards just registered, with their customers
        self.billing_keys: dict[str, str] = {}
        self.deleted: list[str] = []
        self._clock = clock
        self._count = count(1)
        self._bound: dict[str, Any] = {}
        self._authenticated_at: dict[str, float] = {}

    def authenticate(self, order_id: str, amount: int) -> str:
        """What the window gives the customer: a payment that can be confirmed."""
        key = f"tgen_{next(self._count)}"
        self.payments[key] = Payment(key, order_id, PaymentStatus.IN_PROGRESS, MERCHANT, "KRW", amount, amount, None)
        self._authenticated_at[key] = self._clock()
        return key

    def done(self, order_id: str, amount: int) -> str:
        """A payment that was charged, though nobody asked here."""
        key = self.authenticate(order_id, amount)
        self._approve(key)
        return key

    def give_back(self, key: str, amount: int, reason: str = "console") -> None:
        """Another's cancel, in Toss's console."""
        stands = self.payments[key]
        assert stands.balance >= amount
        cancel = Cancel(f"txn_{next(self._count)}", amount, reason)
        left = stands.balance - amount
        status = PaymentStatus.PARTIAL_CANCELED if left else PaymentStatus.CANCELED
        self.payments[key] = replace(stands, status=status, balance=left, cancels=(*stands.cancels, cancel))

    def count(self, call: str) -> int:
        return sum(name == call for name, _ in self.asked)

    def confirm(self, order: Order) -> Payment:
        return self._do("confirm", order.idempotency_key, lambda: self._confirm(order))  # type: ignore[no-any-return]

    def _confirm(self, order: Order) -> Payment:
        found = self.payments.get(order.payment_key or "")
        if found is None:
            raise PaymentGone("NOT_FOUND_PAYMENT_SESSION")
        if found.order_id != order.id:
            raise PaymentForeign("FORBIDDEN_REQUEST")
        if found.status is not PaymentStatus.IN_PROGRESS:
            raise answered("ALREADY_PROCESSED_PAYMENT")
        if self._clock() > self._authenticated_at[found.key] + CONFIRMABLE_SECONDS:
            self.payments[found.key] = replace(found, status=PaymentStatus.EXPIRED)
            raise PaymentGone("NOT_FOUND_PAYMENT_SESSION")
        if found.amount != order.amount:
            raise answered("INVALID_REQUEST", ours=True)
        if self.card:
            self.payments[found.key] = replace(found, status=PaymentStatus.ABORTED)
            raise PaymentRefused(self.card, "REJECT_CARD_PAYMENT")
        return self._approve(found.key)

    def _approve(self, key: str) -> Payment:
        found = self.payments[key]
        self.payments[key] = replace(found, status=PaymentStatus.DONE, approved_at=self._clock())
        return self.payments[key]

    def by_key(self, payment_key: str) -> Payment | None:
        self._trouble("read")
        return self._readable(self.payments.get(payment_key))

    def by_order(self, order_id: str) -> Payment | None:
        self._trouble("read")
        of = [one for one in self.payments.values() if one.order_id == order_id]
        return self._readable(next((one for one in of if one.charged), of[0] if of else None))

    def _readable(self, found: Payment | None) -> Payment | None:
        hidden = found and not found.charged and not self.reads_unapproved
        return None if hidden else found

    def cancel(self, payment: Payment, refund: OrderRefund) -> Payment:
        return self._do("cancel", refund.idempotency_key, lambda: self._cancel(payment, refund))  # type: ignore[no-any-return]

    def _cancel(self, payment: Payment, refund: OrderRefund) -> Payment:
        stands = self.payments[payment.key]
        if payment.balance != stands.balance:
            raise BalanceDiffers
        if refund.amount > stands.balance:
            raise CancelRefused("NOT_CANCELABLE_AMOUNT")
        self.give_back(payment.key, refund.amount, f"unused credits {refund.mark}")
        return self.payments[payment.key]

    def register_card(self, customer_key: str) -> str:
        """What the window gives for a card."""
        auth_key = f"auth_{next(self._count)}"
        self.auth_keys[auth_key] = customer_key
        return auth_key

    def issue(self, auth_key: str, customer_key: str, idempotency_key: str) -> BillingKey:
        return self._do("issue", idempotency_key, lambda: self._issue(auth_key, customer_key))  # type: ignore[no-any-return]

    def _issue(self, auth_key: str, customer_key: str) -> BillingKey:
        if self.auth_keys.pop(auth_key, None) != customer_key:
            raise PaymentRefused(Decline.CARD_UNUSABLE, "NOT_FOUND_BILLING")
        key = f"bk_{next(self._count)}"
        self.billing_keys[key] = customer_key
        return BillingKey(key, "5365****")

    def charge(self, order: Order, billing_key: str, customer_key: str, order_name: str) -> Payment:
        return self._do(  # type: ignore[no-any-return]
            "charge", order.idempotency_key, lambda: self._charge(order, billing_key, customer_key)
        )

    def _charge(self, order: Order, billing_key: str, customer_key: str) -> Payment:
        if billing_key not in self.billing_keys:
            raise PaymentRefused(Decline.CARD_UNUSABLE, "ALREADY_REMOVED_BILLING_KEY")
        if self.billing_keys[billing_key] != customer_key:
            raise answered("NOT_MATCHES_CUSTOMER_KEY", ours=True)
        if any(one.order_id == order.id and one.charged for one in self.payments.values()):
            raise answered("DUPLICATED_ORDER_ID")
        if self.card:
            raise PaymentRefused(self.card, "REJECT_CARD_PAYMENT")
        return self.payments[self.done(order.id, order.amount)]

    def delete_key(self, billing_key: str) -> None:
        self._trouble("delete")
        self.billing_keys.pop(billing_key, None)
        self.deleted.append(billing_key)

    def _trouble(self, call: str) -> Lost | None:
        if hook := self.meanwhile.pop(call, None):
            hook()
        fault = self.faults[call].popleft() if self.faults[call] else None
        if isinstance(fault, Exception):
            raise fault
        if fault is Lost.BEFORE:
            raise PaymentUnsettled("silence")
        return fault

    def _do(self, call: str, idempotency_key: str, deed: Callable[[], object]) -> Any:
        self.asked.append((call, idempotency_key))
        fault = self._trouble(call)
        if idempotency_key not in self._bound:
            try:
                self._bound[idempotency_key] = deed()
            except Exception as error:  # noqa: BLE001 - it is the answer
                self._bound[idempotency_key] = error
        if fault is Lost.AFTER:
            raise PaymentUnsettled("silence")
        answer = self._bound[idempotency_key]
        if isinstance(answer, Exception):
            raise answer
        return answer
