"""One user's partition, read item by item: each by its kind."""

from collections.abc import Callable
from typing import Any

from operations.audit.holdings import Debt, Tombstone
from veil.adapters.dynamodb import items, records
from veil.domain.consents import Consent, ConsentKind
from veil.domain.ids import is_id
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.payment_ports import Customer
from veil.domain.subscriptions import Subscription


class Partition:
    """A partition's items, each by its kind; what can't be read is a finding, and stops nothing."""

    def __init__(self) -> None:
        self.accounts: list[tuple[Customer, Debt]] = []
        self.entries: list[Any] = []
        self.generations: list[Any] = []
        self.uploads: list[Any] = []
        self.orders: list[Order] = []
        self.refunds: list[OrderRefund] = []
        self.subscriptions: list[Subscription] = []
        self.consents: list[Consent] = []
        self.malformed: list[str] = []
        self.welcomed_on: list[str] = []
        self._sorts: list[str] = []
        self._stone: dict[str, Any] | None = None
        self._erasure: dict[str, Any] = {}
        self._kinds: dict[str, tuple[list[Any], Callable[[dict[str, Any]], Any]]] = {
            items.CREDITS: (self.accounts, _account),
            "ENTRY": (self.entries, items.entry_from_item),
            "GENERATION": (self.generations, items.generation_from_item),
            "DELETED": (self.generations, items.generation_from_item),
            "UPLOAD": (self.uploads, items.upload_from_item),
            "ORDER": (self.orders, lambda item: _record(Order, item)),
            "REFUND": (self.refunds, lambda item: _record(OrderRefund, item)),
            items.SUBSCRIPTION: (self.subscriptions, lambda item: _record(Subscription, item)),
            "CONSENT": (self.consents, _consent),
        }

    def add(self, item: dict[str, Any]) -> None:
        """The others (idempotency keys, references, counters) hold no credit and no photo."""
        self._sorts.append(item["sk"])
        if item["sk"] == items.ERASURE:
            self._erasure = item
        if item["sk"] == items.CREDITS and "erased_at" in item:
            self._stone = item
            return
        found, read = self._kinds.get(item["sk"].partition("#")[0], (None, None))
        if "welcomed_on" in item:
            self.welcomed_on.append(str(item["welcomed_on"]))
        if found is None or read is None:
            return
        try:
            found.append(read(item))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            self.malformed.append(f"{item['sk']}: {type(error).__name__}")

    @property
    def tombstone(self) -> Tombstone | None:
        """Of who has left."""
        if self._stone is None:
            return None
        expires_at, due_at = self._stone.get("expires_at"), self._erasure.get("due_at")
        return Tombstone(
            erased_at=float(self._stone["erased_at"]),
            expires_at=None if expires_at is None else float(expires_at),
            due_at=None if due_at is None else float(due_at),
            others=[sort for sort in self._sorts if sort not in (items.CREDITS, items.ERASURE)],
        )


def _account(item: dict[str, Any]) -> tuple[Customer, Debt]:
    owed, due_at = int(item.get("owed", 0)), float(item["due_at"]) if "due_at" in item else None
    return Customer(int(item["available"]), owed, item.get("customer_key")), Debt(owed, due_at)


def _record[R: (Order, OrderRefund, Subscription)](kind: type[R], item: dict[str, Any]) -> R:
    """Raises `ValueError` also where the item's key is not that of its id."""
    record = records.from_item(kind, item)
    if not is_id(record.id) or item["sk"] != records.sort_of(record):
        raise ValueError(item["sk"])
    return record


def _consent(item: dict[str, Any]) -> Consent:
    """Raises `ValueError` also where the item's key is not that of its id."""
    kind = ConsentKind(item["sk"].removeprefix("CONSENT#").partition("#")[0])
    consent = Consent(kind, item["id"], item["version"], bool(item["granted"]), float(item["at"]))
    if item["sk"] != items.consent_sort(consent):
        raise ValueError(item["sk"])
    return consent
