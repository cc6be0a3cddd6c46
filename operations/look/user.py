"""One user: their account, its ledger, and all that stands beside it. No photo, and nothing that opens anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from operations.audit.finding import utc
from operations.audit.partition import Partition
from operations.errors import OperationError
from operations.stage import Stage
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Expression, Table
from veil.domain.consents import Consent
from veil.domain.credits import Entry
from veil.domain.generation import Generation, ImageStatus
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.subscriptions import Subscription
from veil.domain.uploads import Upload

SHOWN = 50  # lines of a kind on the terminal, the newest; the JSON has all


@dataclass(frozen=True)
class SeenUser:
    """``hashed`` is what the log calls them; ``read`` is their partition. Lists are the newest first."""

    user: str
    hashed: str
    read: Partition

    @property
    def erasure(self) -> dict[str, Any] | None:
        """Of who has left; the receipt is theirs alone, and is not shown."""
        stone = self.read.tombstone
        if stone is None:
            return None
        state = "erasing" if stone.expires_at is None else "erased"
        due_at, until = _time(stone.due_at), _time(stone.expires_at)
        dates = {"left_at": utc(stone.erased_at), "due_at": due_at, "until": until}
        return {"state": state, **dates, "items_left": len(stone.others)}

    @property
    def account(self) -> dict[str, Any] | None:
        """None where there is none that is open."""
        found = next(iter(self.read.accounts), None)
        if found is None:
            return None
        customer, debt = found
        held = sum(generation.held for generation in self.read.generations)
        welcomed_on = next(iter(self.read.welcomed_on), None)
        return {
            "available": customer.available,
            "held": held,
            "owed": debt.owed,
            "debt_due_at": _time(debt.due_at),
            "welcomed_on": welcomed_on,
        }

    def as_json(self) -> dict[str, Any]:
        read = self.read
        return {
            "user": self.user,
            "user_in_logs": self.hashed,
            "account": self.account,
            "erasure": self.erasure,
            "consents": [_consent(one) for one in _newest(read.consents)],
            "uploads": [_upload(one) for one in _newest(read.uploads)],
            "generations": [_generation(one) for one in _newest(read.generations)],
            "orders": [_order(one) for one in _newest(read.orders)],
            "refunds": [_refund(one) for one in _newest(read.refunds)],
            "subscriptions": [_subscription(one) for one in read.subscriptions],
            "entries": [_entry(one) for one in _newest(read.entries)],
            "malformed": list(read.malformed),
        }

    def lines(self) -> Iterator[str]:
        seen = self.as_json()
        yield f"user {self.user}, in logs {self.hashed}"
        if erasure := seen["erasure"]:
            until = f", remembered until {erasure['until']}" if erasure["until"] else ""
            yield f"  {erasure['state']}: left at {erasure['left_at']}{until}, {erasure['items_left']} items are left"
            if erasure["due_at"]:
                yield f"  on the work list for {erasure['due_at']}"
        if account := seen["account"]:
            owed = f", {account['owed']} owed" if account["owed"] else ""
            yield f"  credits: {account['available']} available, {account['held']} held{owed}"
        elif not erasure:
            yield "  no account yet"
        for name, line in _LINES.items():
            found = seen[name]
            if not found:
                continue
            yield f"{name}: {len(found)}" + (f", the last {SHOWN} of them" if len(found) > SHOWN else "")
            yield from (f"  {line.format(**each)}" for each in found[:SHOWN])
        yield from (f"! can't be read: {each}" for each in seen["malformed"])


# A line of each kind; the names are those of its JSON.
_LINES = {
    "consents": "{at} {kind} {version}: granted {granted}",
    "uploads": "{created_at} {id} {status} {reason}",
    "generations": "{created_at} {id} {status}, {stored} stored, {refunded} refunded, deleted {deleted}",
    "orders": "{created_at} {id} {status}, {kind} {product}, {credits} credits, {amount} KRW",
    "refunds": "{created_at} {id} {status}, of order {order_id}, {credits} credits, {amount} KRW",
    "subscriptions": "{id} {status}, {product}, {amount} KRW a month, paid until {paid_until}",
    "entries": "{at} {kind} {amount:+} {reference}",
}


def look_at(stage: Stage, user: str, hashed: str) -> SeenUser:
    """Read their partition. Raises `OperationError` where nothing is there, and `StorageUnavailable`."""
    e, read, some = Expression(), Partition(), False
    condition = f"{e.path('pk')} = {e.value(items.partition(user))}"
    table = Table(stage.client("dynamodb"), stage.table)
    for item in table.query(e, condition, ConsistentRead=True):
        some = True
        read.add(item)
    if not some:
        raise OperationError(f"nothing is kept of user {user!r}")
    return SeenUser(user, hashed, read)


def _newest[Kept: (Consent, Upload, Generation, Order, OrderRefund, Entry)](found: Sequence[Kept]) -> list[Kept]:
    """Their ids sort by time."""
    return sorted(found, key=lambda one: one.id, reverse=True)


def _consent(one: Consent) -> dict[str, Any]:
    return {"kind": one.kind.value, "version": one.version, "granted": one.granted, "at": utc(one.at)}


def _upload(one: Upload) -> dict[str, Any]:
    reason = one.reason.value if one.reason else ""
    return {"id": one.id, "status": one.status.value, "reason": reason, "created_at": utc(one.created_at)}


def _generation(one: Generation) -> dict[str, Any]:
    count = {status: sum(image.status is status for image in one.images) for status in ImageStatus}
    return {
        "id": one.id,
        "status": one.status.value,
        "style": one.style,
        "created_at": utc(one.created_at),
        "stored": count[ImageStatus.STORED],
        "refunded": count[ImageStatus.REFUNDED],
        "cost_usd": str(one.cost),
        "deleted": one.deleted,
        "due_at": _time(one.due_at),
    }


def _order(one: Order) -> dict[str, Any]:
    what = {"id": one.id, "status": one.status.value, "kind": one.kind.value, "product": one.product}
    times = {"created_at": utc(one.created_at), "paid_at": _time(one.paid_at), "due_at": _time(one.due_at)}
    back = {"refunded_credits": one.refunded_credits, "refunded_amount": one.refunded_amount}
    return {**what, "credits": one.credits, "amount": one.amount, **back, **times}


def _refund(one: OrderRefund) -> dict[str, Any]:
    what = {"id": one.id, "order_id": one.order_id, "status": one.status.value}
    times = {"created_at": utc(one.created_at), "due_at": _time(one.due_at)}
    return {**what, "credits": one.credits, "amount": one.amount, **times}


def _subscription(one: Subscription) -> dict[str, Any]:
    """Not its keys, sealed as they are."""
    what = {"id": one.id, "status": one.status.value, "product": one.product, "amount": one.amount}
    charged = {"periods": one.periods, "declines": one.declines, "order_id": one.order_id}
    return {**what, **charged, "paid_until": _time(one.paid_until), "due_at": _time(one.due_at)}


def _entry(one: Entry) -> dict[str, Any]:
    return {"at": utc(one.created_at), "kind": one.kind.value, "amount": one.amount, "reference": one.reference}


def _time(at: float | None) -> str | None:
    return None if at is None else utc(at)
