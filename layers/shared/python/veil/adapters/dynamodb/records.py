"""Orders, refunds and subscriptions as items: each field under its own name, what is None left out."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.subscriptions import Subscription

type Record = Order | OrderRefund | Subscription


def sort_of(record: Record) -> str:
    match record:
        case Order():
            return items.order_sort(record.id)
        case OrderRefund():
            return items.refund_sort(record.id)
        case Subscription():
            return items.SUBSCRIPTION


def to_item(record: Record) -> dict[str, Any]:
    """Its item: on the work list while it has a due date."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    kept = {name: number(value) if isinstance(value, float) else value for name, value in values.items()}
    del kept["user"], kept["due_at"]
    work = {} if record.due_at is None else items.work_attributes(record.id, record.due_at)
    return {"pk": items.partition(record.user), "sk": sort_of(record), **kept, **work}


def from_item[R: Record](kind: type[R], item: Mapping[str, Any]) -> R:
    """The record that an item is; raises `ValueError` for one that is none."""
    if kind not in _readers:
        _readers[kind] = TypeAdapter(kind)
    record: R = _readers[kind].validate_python({**item, "user": item["pk"].removeprefix("USER#")})
    return record


_readers: dict[Any, TypeAdapter[Any]] = {}  # made when first needed: each takes a few milliseconds
