"""Bring back what a stage's table has lost, from a table that AWS has restored beside it."""

from collections.abc import Callable, Mapping
from time import time
from typing import Any

from operations.erase import USER, left_at
from operations.errors import OperationError
from operations.stage import Stage
from operations.user_hash import user_hash
from veil.adapters.dynamodb.items import CREDITS, deleted_sort, generation_sort
from veil.adapters.dynamodb.table import Table

EVERY = 1000


class Restore:
    """``source`` is the restored table's name. Nothing may write to the stage's meanwhile."""

    def __init__(self, stage: Stage, source: str) -> None:
        if source == stage.table:
            raise OperationError(f"{source} is the stage's own table: name the one that was restored")
        self._dynamodb, self._hashed = stage.client("dynamodb"), user_hash(stage)
        self._source, self._table = Table(self._dynamodb, source), Table(self._dynamodb, stage.table)
        self._left = left_at(self._dynamodb, source) | left_at(self._dynamodb, stage.table)
        self._leavers: dict[str, bool] = {}

    def __call__(self, say: Callable[[str], None]) -> tuple[int, int, int]:
        """How many items are back, how many were there, which are younger and stay, and how many were left out, since
        they were deleted on purpose. Each `EVERY` items it says how far it is.
        """
        back = there = out = 0
        now = time()
        for number, item in enumerate(self._source.pages(self._dynamodb.scan)):
            if number and number % EVERY == 0:
                say(f"  {number} items looked at, {back} of them are back")
            if self._is_over(item, now):
                out += 1
            elif self._table.put_once(item):
                back += 1
            else:
                there += 1
        return back, there, out

    def _is_over(self, item: Mapping[str, Any], now: float) -> bool:
        if item.get("expires_at", now + 1) <= now:
            return True
        pk, sk = item["pk"], item["sk"]
        if not pk.startswith(USER):
            return False
        generation = sk.removeprefix(generation_sort(""))
        if generation != sk and self._table.at(pk, deleted_sort(generation)):
            return True
        return self._has_left(pk)

    def _has_left(self, pk: str) -> bool:
        """Or is leaving right now. Who has come back since gets nothing back, either."""
        if pk not in self._leavers:
            account = self._table.at(pk, CREDITS) or {}
            self._leavers[pk] = "erased_at" in account or self._hashed(pk.removeprefix(USER)) in self._left
        return self._leavers[pk]


def restore(stage: Stage, source: str, say: Callable[[str], None]) -> None:
    """Raises `OperationError` where ``source`` is the stage's own table."""
    back, there, out = Restore(stage, source)(say)
    say(f"{back} items are back")
    say(f"{there} were there")
    say(f"{out} were left out")
