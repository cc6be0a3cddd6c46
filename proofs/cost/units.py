"""DynamoDB's request units by its published rules, from what went over the wire; pure.

Rules: "DynamoDB read and write operations", "DynamoDB item sizes and formats" and "Using Global Secondary Indexes" of
the developer guide (docs.aws.amazon.com/amazondynamodb/latest/developerguide/: read-write-operations.html,
CapacityUnitCalculations.html, GSI.html#GSI.ThroughputConsiderations), read on 2026-11-23. Items are the wire's:
``{"pk": {"S": "…"}}``.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

READ_BYTES, WRITE_BYTES = 4096, 1024
NESTED_BYTES, ELEMENT_BYTES = 3, 1  # of a list or map; of each of its elements

type Item = Mapping[str, Mapping[str, Any]]
type Key = Mapping[str, Mapping[str, Any]]


class Units(NamedTuple):
    """Request units: on-demand reads and writes."""

    read: float = 0.0
    write: float = 0.0


@dataclass(frozen=True)
class Index:
    """A global secondary index; ``projected`` is None where it projects all, else what it holds beside the keys."""

    name: str
    keys: tuple[str, ...]
    projected: frozenset[str] | None = frozenset()


@dataclass(frozen=True)
class TableShape:
    """A table's key attributes and its indexes."""

    keys: tuple[str, ...]
    indexes: tuple[Index, ...] = ()

    @classmethod
    def described(cls, table: Mapping[str, Any]) -> "TableShape":
        """From ``DescribeTable``'s ``Table``."""
        indexes = []
        for each in table.get("GlobalSecondaryIndexes", ()):
            projection = each["Projection"]
            every = projection["ProjectionType"] == "ALL"
            others = None if every else frozenset(projection.get("NonKeyAttributes", ()))
            indexes.append(Index(each["IndexName"], _names(each["KeySchema"]), others))
        return cls(_names(table["KeySchema"]), tuple(indexes))

    def key(self, item: Item) -> dict[str, Mapping[str, Any]]:
        return {name: item[name] for name in self.keys}


def writes(operation: str, request: Mapping[str, Any], table: TableShape) -> list[tuple[Key, Item | None]]:
    """What a request writes, in its order: each item's key, and the item itself where it is put."""
    parts = [request] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []
    if operation == "TransactWriteItems":
        parts = [part for each in request["TransactItems"] for part in each.values()]
    if operation == "BatchWriteItem":  # of one table; each is a write of its own
        parts = [part for asked in request["RequestItems"].values() for each in asked for part in each.values()]
    return [(table.key(part["Item"]), part["Item"]) if "Item" in part else (part["Key"], None) for part in parts]


def consumed(
    operation: str,
    request: Mapping[str, Any],
    before: Sequence[Item | None],
    after: Sequence[Item | None],
    response: Mapping[str, Any],
    *,
    table: TableShape,
) -> Units:
    """The units of one request; ``before`` and ``after`` are the items at the keys of its `writes`.

    A write whose condition failed changed nothing and costs what it would have. Raises `ValueError` for an operation
    without a rule here.
    """
    if operation in READS:
        return Units(read=READS[operation](request, response))
    if operation not in {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}:
        raise ValueError(f"no rule for {operation}")
    transactional = operation == "TransactWriteItems"
    total = 0.0
    for old, new, (_, put) in zip(before, after, writes(operation, request, table), strict=True):
        total += write_units(max(map(_size, (old, new, put))), transactional=transactional)
        total += sum(index_units(index, table, old, new) for index in table.indexes)
    return Units(write=total)


def item_size(item: Item) -> int:
    """Bytes of an item: each attribute's name and value."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Bytes of one value."""
    ((kind, of),) = value.items()
    return SIZES[kind](of)


def read_units(size: int, *, consistent: bool) -> float:
    """Units of reading ``size`` bytes at once; of nothing, as of the smallest item."""
    return max(1, ceil(size / READ_BYTES)) * (1.0 if consistent else 0.5)


def write_units(size: int, *, transactional: bool = False) -> float:
    return max(1, ceil(size / WRITE_BYTES)) * (2.0 if transactional else 1.0)


def index_units(index: Index, table: TableShape, old: Item | None, new: Item | None) -> float:
    """What an index adds to a write of the table: one for an entry or a leave, two for a key that moves, none where
    nothing projected changes. Its copy is made afterwards, so a transaction does not double it.
    """
    was, now = _entry(index, table, old), _entry(index, table, new)
    if was == now:
        return 0.0
    if was is not None and now is not None and all(was[name] == now[name] for name in index.keys):
        return write_units(max(item_size(was), item_size(now)))
    return sum(write_units(item_size(entry)) for entry in (was, now) if entry is not None)


def _entry(index: Index, table: TableShape, item: Item | None) -> dict[str, Mapping[str, Any]] | None:
    """How ``item`` stands in the index; None where it has not all of the index's keys."""
    if item is None or not all(name in item for name in index.keys):
        return None
    kept = index.projected
    names = {*index.keys, *table.keys}
    return {name: value for name, value in item.items() if kept is None or name in names or name in kept}


def _get(request: Mapping[str, Any], response: Mapping[str, Any]) -> float:
    return read_units(_size(response.get("Item")), consistent=request.get("ConsistentRead", False))


def _batch_get(request: Mapping[str, Any], response: Mapping[str, Any]) -> float:
    """Each item is rounded up by itself; one that is not there costs as the smallest."""
    total = 0.0
    for name, wanted in request["RequestItems"].items():
        consistent = wanted.get("ConsistentRead", False)
        found = response.get("Responses", {}).get(name, [])
        left_out = len(response.get("UnprocessedKeys", {}).get(name, {}).get("Keys", []))
        missing = len(wanted["Keys"]) - left_out - len(found)
        total += sum(read_units(item_size(item), consistent=consistent) for item in found)
        total += missing * read_units(0, consistent=consistent)
    return total


def _query(request: Mapping[str, Any], response: Mapping[str, Any]) -> float:
    """By the sum of what was evaluated, which a filter does not lessen: what it hides is taken as large as the rest."""
    size, shown = sum(map(item_size, response.get("Items", ()))), response.get("Count", 0)
    evaluated = response.get("ScannedCount", shown)
    if evaluated and not shown:
        raise ValueError("all that was evaluated is hidden by a filter: its size is not known")
    return read_units(ceil(size * evaluated / shown) if shown else 0, consistent=request.get("ConsistentRead", False))


def _transact_get(request: Mapping[str, Any], response: Mapping[str, Any]) -> float:
    found = response.get("Responses") or [{}] * len(request["TransactItems"])
    return sum(2 * read_units(_size(each.get("Item")), consistent=True) for each in found)


READS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], float]] = {
    "GetItem": _get, "BatchGetItem": _batch_get, "Query": _query, "Scan": _query, "TransactGetItems": _transact_get,
}  # fmt: skip


def _size(item: Item | None) -> int:
    return item_size(item) if item else 0


def _number_size(text: str) -> int:
    """A byte for every two significant digits, and one; zeroes before and after are not kept."""
    mantissa, _, _ = text.lower().lstrip("+-").partition("e")
    digits = mantissa.replace(".", "").strip("0")
    return ceil(len(digits) / 2) + 1 + text.startswith("-")


SIZES: dict[str, Callable[[Any], int]] = {
    "S": lambda of: len(of.encode()),
    "N": _number_size,
    "B": lambda of: len(of if isinstance(of, bytes) else base64.b64decode(of)),
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "L": lambda of: NESTED_BYTES + sum(ELEMENT_BYTES + value_size(each) for each in of),
    "M": lambda of: NESTED_BYTES + ELEMENT_BYTES * len(of) + item_size(of),
    "SS": lambda of: sum(value_size({"S": each}) for each in of),
    "NS": lambda of: sum(value_size({"N": each}) for each in of),
    "BS": lambda of: sum(value_size({"B": each}) for each in of),
}


def _names(schema: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(each["AttributeName"] for each in schema)
