"""What Veil tells others: that a generation has finished, an order was paid, an account is erased.

An event is thin: ids, a status, counts. It has no URL, no photo and no name; who wants more asks the API. Its id stays
the same however often it is sent, so that a receiver can tell a repetition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from veil.domain.erasure import Erasure
from veil.domain.generation import Generation, ImageStatus
from veil.domain.orders import Order
from veil.domain.payments import CURRENCY


class EventType(StrEnum):
    GENERATION_FINISHED = "generation.finished"
    ORDER_PAID = "order.paid"
    ACCOUNT_ERASED = "account.erased"


@dataclass(frozen=True, slots=True)
class Event:
    """``at`` is when it happened, in epoch seconds; ``data`` has texts and whole numbers."""

    id: str
    type: EventType
    at: float
    data: Mapping[str, str | int]

    @property
    def envelope(self) -> dict[str, Any]:
        """What a receiver is sent: ``{"type", "timestamp", "data"}``; the timestamp is RFC 3339, in UTC."""
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"type": self.type, "timestamp": at, "data": dict(self.data)}

    @property
    def detail(self) -> dict[str, Any]:
        """The envelope with its id, for whoever gets no header."""
        return {"id": self.id, **self.envelope}

    @classmethod
    def from_detail(cls, detail: Mapping[str, Any]) -> Self:
        """Raises `KeyError` or `ValueError` for what is no event."""
        at = datetime.fromisoformat(detail["timestamp"]).timestamp()
        return cls(detail["id"], EventType(detail["type"]), at, dict(detail["data"]))

    @property
    def log_ids(self) -> dict[str, str]:
        """The ids on every log line about it."""
        return {"user": str(self.data["user_id"]), "event_id": self.id}


def generation_finished(generation: Generation) -> Event:
    """Of one of which every image is settled; raises `ValueError` for another."""
    if generation.finished_at is None:
        raise ValueError(f"generation {generation.id} is not finished")
    data: dict[str, str | int] = {
        "generation_id": generation.id,
        "user_id": generation.user,
        "status": generation.status,
        "stored": sum(image.status is ImageStatus.STORED for image in generation.images),
        "refunded": len(generation.refunded_images),
    }
    return Event(f"generation-finished-{generation.id}", EventType.GENERATION_FINISHED, generation.finished_at, data)


def order_paid(order: Order) -> Event:
    """Of one that was paid; raises `ValueError` for another."""
    if order.paid_at is None:
        raise ValueError(f"order {order.id} is not paid")
    data: dict[str, str | int] = {
        "order_id": order.id,
        "user_id": order.user,
        "kind": order.kind,
        "product": order.product,
        "credits": order.credits,
        "amount": order.amount,
        "currency": CURRENCY,
    }
    return Event(order.event_id, EventType.ORDER_PAID, order.paid_at, data)


def account_erased(erasure: Erasure, at: float) -> Event:
    """Of one that was done at ``at`` (epoch seconds)."""
    return Event(account_erased_id(erasure), EventType.ACCOUNT_ERASED, at, {"user_id": erasure.user})


def account_erased_id(erasure: Erasure) -> str:
    """A hash of the receipt's id, which opens the receipt to whoever has it."""
    return f"account-erased-{sha256(erasure.receipt.encode()).hexdigest()[:32]}"
