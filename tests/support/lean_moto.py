"""moto's DynamoDB, with transactions that take no longer the more there is in the table."""

from contextvars import ContextVar
from copy import copy, deepcopy
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from infra.table_shape import KEYS

_transact = DynamoDBBackend.transact_write_items
_partitions: ContextVar[list[DynamoType]] = ContextVar("partitions")


def _transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """moto keeps a copy of the whole table for each item of a transaction, to put it back when that fails."""
    writes = [write for item in transact_items for write in item.values()]
    written = [DynamoType((write.get("Key") or write["Item"])[KEYS[0]]) for write in writes]
    token = _partitions.set(written)
    try:
        _transact(self, transact_items)
    finally:
        _partitions.reset(token)


def _kept(table: Table, memo: dict[int, Any]) -> Table:
    """A copy of the partitions that the transaction writes to; nothing changes in another one."""
    kept = copy(table)
    kept.items = table.items.copy()
    for partition in _partitions.get():
        if partition in table.items:
            kept.items[partition] = deepcopy(table.items[partition], memo)
    return kept


def make_transactions_lean() -> None:
    """From now on, for all of the process."""
    DynamoDBBackend.transact_write_items = _transact_write_items  # type: ignore[method-assign]
    Table.__deepcopy__ = _kept  # type: ignore[attr-defined]
