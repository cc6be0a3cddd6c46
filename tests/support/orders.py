"""An order that was paid, and its payment."""

from dataclasses import replace
from typing import Any

from tests.fakes.clock import START
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.payments import Cancel, Payment, PaymentStatus


def order(**changes: Any) -> Order:
    """A paid one, of 12 credits for 9,900 KRW."""
    made = Order(
        "ada", "01", OrderKind.PACK, "pack_medium", 12, 9_900, START, "key", OrderStatus.PAID, "tgen_1", paid_at=START
    )
    return replace(made, **changes)


def payment(**changes: Any) -> Payment:
    return replace(Payment("tgen_1", "01", PaymentStatus.DONE, "veil", "KRW", 9_900, 9_900, START), **changes)


def cancels(*amounts: int) -> list[Cancel]:
    return [Cancel(f"txn_{number}", amount, "") for number, amount in enumerate(amounts)]
