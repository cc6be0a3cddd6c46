"""Who has left: the tombstone, the receipt, and what becomes of all their items.

The tombstone is the account's own item, on which every change of credits has its condition: once it says ``erased_at``,
all of them refuse. What is under way stands beside it, on the work list, until the last look.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any
from uuid import uuid4

from veil.adapters.dynamodb import items, records
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.outbox import event_to_item
from veil.adapters.dynamodb.table import Expression, Table, Update
from veil.domain.erasure import (
    BACKUP_DAYS,
    DAY,
    TOMBSTONE_SECONDS,
    Erasure,
    Kept,
    Receipt,
    RetainedOrder,
)
from veil.domain.erasure_ports import Erasures, RetainedOrders
from veil.domain.events import account_erased
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.ports import UserHash

BATCH = 25  # as many items DynamoDB deletes at once


class DynamoErasures(Erasures):
    def __init__(self, table: Table, hashed: UserHash) -> None:
        self._table, self._hashed = table, hashed

    def begin(self, erasure: Erasure) -> str:
        """Invariant: an account is erased once; of two requests, one writes its receipt, and the other reads that."""
        user, now = erasure.user, erasure.erased_at
        tombstone = Update()
        for name, value in {"erased_at": number(now), "receipt": erasure.receipt}.items():
            tombstone.set(value, name)
        for name in ("work_shard", "due_at", "expires_at"):
            tombstone.remove(name)
        erased, over = tombstone.path("erased_at"), tombstone.path("expires_at")
        tombstone.require(f"(attribute_not_exists({erased}) OR {over} <= {tombstone.value(int(now))})")
        pk, sk = items.receipt_key(erasure.receipt)
        failed = self._table.transact(
            [
                self._table.updated(user, items.CREDITS, tombstone),
                self._table.put_new(_to_item(erasure)),
                self._table.put_new({"pk": pk, "sk": sk, "requested_at": number(now)}),
            ]
        )
        return str(failed[0]["receipt"]) if 0 in failed else erasure.receipt

    def get(self, user: str) -> Erasure | None:
        item = self._table.get(user, items.ERASURE)
        return _from_item(item) if item else None

    def receipt(self, receipt: str) -> Receipt | None:
        item = self._table.at(*items.receipt_key(receipt))
        if item is None:
            return None
        return Receipt(
            requested_at=float(item["requested_at"]),
            done_at=float(item["done_at"]) if "done_at" in item else None,
            objects=int(item.get("objects", 0)),
            items=int(item.get("items", 0)),
            kept={Kept(what): float(until) for what, until in item.get("kept", {}).items()},
        )

    def counted(self, erasure: Erasure, objects: int, items_: int) -> Erasure:
        """Invariant: what was counted before anything was deleted stands, however often it is counted again."""
        update = Update()
        update.add(0, "objects", start=objects)
        update.add(0, "items", start=items_)
        update.require_equal(erasure.receipt, "receipt")
        item = self._table.update(erasure.user, items.ERASURE, update)
        return _from_item(item) if item else erasure

    def sorts(self, user: str, keep: Collection[str]) -> Iterator[str]:
        e = Expression()
        condition = f"{e.path('pk')} = {e.value(items.partition(user))}"
        found = self._table.query(e, condition, ConsistentRead=True, ScanIndexForward=False)
        return (item["sk"] for item in found if item["sk"].partition("#")[0] not in keep)

    def delete(self, user: str, sorts: Sequence[str]) -> None:
        for some in batched(sorts, BATCH, strict=False):
            self._table.batch_delete([items.key(user, sort) for sort in some])

    def refunds(self, user: str) -> Iterator[OrderRefund]:
        found = self._table.newest(user, items.refund_sort(""), None, BATCH)
        return (records.from_item(OrderRefund, item) for item in found)

    def retain(self, order: Order, retained: RetainedOrder) -> bool:
        """Invariant: an order stands with its user or without one, never in both places or none."""
        pk, sk = items.pointer(order.id)
        pointer = {"pk": pk, "sk": sk, "retained": retained.id, "expires_at": int(retained.until)}
        until = Update()
        until.add(0, "retained_until", start=int(retained.until))
        until.require_present("receipt")
        moved = [self._table.put(pointer), self._table.put(retained_item(retained))]
        noted = self._table.updated(order.user, items.ERASURE, until)
        return not self._table.transact([self._without(order), *moved, noted])

    def drop(self, order: Order) -> bool:
        pk, sk = items.pointer(order.id)
        gone = {"Delete": {"TableName": self._table.name, "Key": items.whole_key(pk, sk)}}
        return not self._table.transact([self._without(order), gone])

    def _without(self, order: Order) -> dict[str, Any]:
        e = Expression()
        same = f"{e.path('version')} = {e.value(order.version)}"
        return self._table.removed(order.user, items.order_sort(order.id), e, same)

    def finish(self, erasure: Erasure, kept: Mapping[Kept, float], now: float, look_at: float) -> bool:
        """Invariant: the receipt says ``done`` in the write that leaves nothing of the account but its tombstone, and
        the event that tells of it.
        """
        hashed = self._hashed(erasure.user)
        dates = {"erased_at": number(erasure.erased_at), "receipt": erasure.receipt}
        stone = {"pk": items.partition(erasure.user), "sk": items.CREDITS, **dates}
        far = {"pk": items.tombstone_key(hashed)[0], "sk": items.tombstone_key(hashed)[1], **dates}
        return not self._table.transact(
            [
                self._done(erasure, now, look_at),
                self._table.put({**stone, "expires_at": int(now + TOMBSTONE_SECONDS)}),
                self._on_receipt(erasure, kept, now),
                self._table.put({**far, "expires_at": int(now + BACKUP_DAYS * DAY)}),
                self._table.put(items.former_to_item(hashed, now)),
                self._table.put(event_to_item(account_erased(erasure, now), now)),
            ]
        )

    def _done(self, erasure: Erasure, now: float, look_at: float) -> dict[str, Any]:
        update = Update()
        update.set(number(now), "done_at")
        update.set(number(look_at), "due_at")
        update.remove("username")
        update.require_equal(erasure.receipt, "receipt")
        update.require_absent("done_at")
        return self._table.updated(erasure.user, items.ERASURE, update)

    def _on_receipt(self, erasure: Erasure, kept: Mapping[Kept, float], now: float) -> dict[str, Any]:
        pk, sk = items.receipt_key(erasure.receipt)
        counts = {"objects": erasure.objects or 0, "items": erasure.items or 0}
        dates = {"requested_at": number(erasure.erased_at), "done_at": number(now)}
        until = {what: int(at) for what, at in kept.items()}
        return self._table.put({"pk": pk, "sk": sk, **dates, **counts, "kept": until})

    def close(self, erasure: Erasure) -> None:
        self.delete(erasure.user, [items.ERASURE])


class DynamoRetainedOrders(RetainedOrders):
    def __init__(self, table: Table) -> None:
        self._table = table

    def retained(self, order_id: str) -> RetainedOrder | None:
        pointer = self._table.at(*items.pointer(order_id))
        if pointer is None or "retained" not in pointer:
            return None
        item = self._table.at(*items.retained_key(pointer["retained"]))
        return retained_from_item(item) if item else None

    def money_went_back(self, retained: RetainedOrder, amount: int) -> None:
        """Invariant: more goes back, never less, in whatever order we hear of it; what is past its date stays gone."""
        pk, sk = items.retained_key(retained.id)
        update = Update()
        update.set(amount, "refunded_amount")
        update.require(f"{update.path('refunded_amount')} < {update.value(amount)}")
        self._table.update_at(pk, sk, update)


def retained_item(retained: RetainedOrder) -> dict[str, Any]:
    pk, sk = items.retained_key(retained.id)
    kept = {
        "order_id": retained.order_id,
        "kind": retained.kind,
        "status": retained.status,
        "credits": retained.credits,
        "amount": retained.amount,
        "created_at": number(retained.created_at),
        "paid_at": None if retained.paid_at is None else number(retained.paid_at),
        "refunded_credits": retained.refunded_credits,
        "refunded_amount": retained.refunded_amount,
        "refunds": dict(retained.refunds),
    }
    return {"pk": pk, "sk": sk, **kept, "expires_at": int(retained.until)}


def retained_from_item(item: Mapping[str, Any]) -> RetainedOrder:
    """Raises `KeyError` or `ValueError` for an item that is none."""
    return RetainedOrder(
        id=item["pk"].partition("#")[2],
        order_id=item["order_id"],
        kind=OrderKind(item["kind"]),
        status=OrderStatus(item["status"]),
        credits=int(item["credits"]),
        amount=int(item["amount"]),
        created_at=float(item["created_at"]),
        paid_at=float(item["paid_at"]) if "paid_at" in item else None,
        refunded_credits=int(item["refunded_credits"]),
        refunded_amount=int(item["refunded_amount"]),
        refunds={refund: int(amount) for refund, amount in item["refunds"].items()},
    )


def new_retained_id() -> str:
    """Of nothing that it stands for."""
    return uuid4().hex


def _to_item(erasure: Erasure) -> dict[str, Any]:
    """A new erasure's item."""
    due_at = erasure.erased_at if erasure.due_at is None else erasure.due_at
    return {
        "pk": items.partition(erasure.user),
        "sk": items.ERASURE,
        "receipt": erasure.receipt,
        "erased_at": number(erasure.erased_at),
        "username": erasure.username,
        **items.work_attributes(erasure.receipt, due_at),
    }


def _from_item(item: Mapping[str, Any]) -> Erasure:
    return Erasure(
        user=item["pk"].removeprefix("USER#"),
        receipt=item["receipt"],
        erased_at=float(item["erased_at"]),
        username=item.get("username"),
        objects=int(item["objects"]) if "objects" in item else None,
        items=int(item["items"]) if "items" in item else None,
        retained_until=float(item["retained_until"]) if "retained_until" in item else None,
        done_at=float(item["done_at"]) if "done_at" in item else None,
        due_at=float(item["due_at"]),
    )
