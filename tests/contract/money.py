"""Orders and subscriptions with which the cases begin."""

from dataclasses import replace
from typing import Any

from tests.contract.backends import Backend
from tests.fakes.clock import START
from veil.domain.credits import EntryKind
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind
from veil.domain.payment_ports import Customer
from veil.domain.payments import Payment, PaymentStatus
from veil.domain.ports import WorkItem
from veil.domain.subscriptions import Subscription

NOW = START + 10.5
CUSTOMER_KEY = "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11"


def new_order(backend: Backend, user: str, now: float = START, **changes: Any) -> Order:
    """One that nobody has put yet."""
    order = Order(user, backend.new_id(now), OrderKind.PACK, "pack_medium", 12, 9_900, now, CUSTOMER_KEY, due_at=now)
    return replace(order, **changes)


def placed(backend: Backend, user: str, now: float = START, **changes: Any) -> Order:
    """One that its user, whose account is open, has placed."""
    backend.accounts.open_account(user, 0, now)
    order = new_order(backend, user, now, **changes)
    backend.orders.place(order, CUSTOMER_KEY, None, now)
    return order


def paid(backend: Backend, user: str, now: float = START, **changes: Any) -> Order:
    after = placed(backend, user, now, **changes)
    after = after.paid(payment_of(after), now)
    assert backend.orders.pay(after, now)
    return after


def refunding(backend: Backend, user: str, credits_: int = 12) -> tuple[Order, OrderRefund]:
    """A paid order, and a refund of it that was asked for."""
    order = paid(backend, user)
    refund = refund_of(backend, order, credits_)
    after = order.withdrawn(NOW)
    assert backend.orders.withdraw(after, refund, NOW)
    return after, refund


def refund_of(backend: Backend, order: Order, credits_: int) -> OrderRefund:
    amount = order.amount_of(credits_)
    return OrderRefund(order.user, backend.new_id(NOW), order.id, credits_, amount, NOW, due_at=NOW + 60)


def payment_of(order: Order, key: str = "tgen_1") -> Payment:
    return Payment(key, order.id, PaymentStatus.DONE, "veil_test", "KRW", order.amount, order.amount, START)


def new_subscription(user: str, backend: Backend, **changes: Any) -> Subscription:
    one = Subscription(user, backend.new_id(START), "plan_monthly", 16, 9_900, START, CUSTOMER_KEY, auth_key="sealed")
    return replace(one, **{"due_at": START, **changes})


def customer(backend: Backend, user: str) -> Customer:
    found = backend.orders.customer(user)
    assert found is not None
    return found


def spend(backend: Backend, user: str, credits_: int) -> None:
    """Take credits by a reservation, of so many images."""
    backend.ledger.reserve(backend.generation(user, NOW, images=credits_), None, NOW)


def entries_of(backend: Backend, user: str) -> list[tuple[EntryKind, int, str]]:
    """The newest first; what is available is their sum."""
    found = backend.accounts.entries(user, 50, None)
    assert customer(backend, user).available == sum(entry.amount for entry in found.items)
    return [(entry.kind, entry.amount, entry.reference) for entry in found.items]


def due(backend: Backend, user: str, now: float) -> list[WorkItem]:
    """What of a user's has come due."""
    return [item for item in backend.work.due(now) if item.user == user]
