"""Generations as people see them, and as the sweep's work list."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from operator import itemgetter

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Expression, Table, number
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ports import Page


class DynamoGenerations:
    """`veil.domain.ports.Generations`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, user: str, generation_id: str) -> Generation | None:
        item = self._table.get(user, items.generation_sort(generation_id))
        return items.generation_from_item(item) if item else None

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        e = Expression()
        before = items.before(e, user, "GENERATION#", after)
        kept = f"attribute_not_exists({e.path('deleting')})"
        found = self._table.query(
            e, before, ConsistentRead=True, ScanIndexForward=False, Limit=limit + 1, FilterExpression=kept
        )
        page = tuple(items.generation_from_item(item) for item in islice(found, limit + 1))
        return Page(page[:limit], page[limit - 1].id if len(page) > limit else None)

    def select(self, generation: Generation, index: int | None) -> Generation | None:
        e = Expression()
        selected = e.path("selected")
        condition = _kept(e)
        if index is None:
            return self._update(generation, e, f"REMOVE {selected}", condition)
        condition += f" AND {e.path('images', index, 'status')} = {e.value(ImageStatus.STORED)}"
        return self._update(generation, e, f"SET {selected} = {e.value(index)}", condition)

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        e = Expression()
        update = (
            f"SET {e.path('deleting')} = {e.value(True)}, {e.path('due_at')} = {e.value(number(due_at))}, "
            f"{e.path('work_shard')} = {e.value(items.shard_of(generation.id))}"
        )
        return self._update(generation, e, update, _kept(e))

    def _update(self, generation: Generation, e: Expression, update: str, condition: str) -> Generation | None:
        item = self._table.update(generation.user, items.generation_sort(generation.id), e, update, condition)
        return items.generation_from_item(item) if item else None


class DynamoWorkList:
    """`veil.domain.ports.WorkList`: the sparse index ``open``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def due(self, now: float) -> Iterator[tuple[str, str, float]]:
        """The longest due first, whatever its shard: a backlog starves none."""
        yield from merge(*(self._due_in(str(shard), now) for shard in range(items.SHARDS)), key=itemgetter(2))

    def _due_in(self, shard: str, now: float) -> Iterator[tuple[str, str, float]]:
        e = Expression()
        due = f"{e.path('work_shard')} = {e.value(shard)} AND {e.path('due_at')} <= {e.value(number(now))}"
        for item in self._table.query(e, due, IndexName="work"):
            user, generation_id = item["pk"].removeprefix("USER#"), item["sk"].removeprefix("GENERATION#")
            yield user, generation_id, float(item["due_at"])

    def lease(self, user: str, generation_id: str, seen: float, due_at: float) -> Generation | None:
        """Invariant: of two sweeps that saw the same date, one moves it; a crash leaves the next date standing."""
        e = Expression()
        path = e.path("due_at")
        update, condition = f"SET {path} = {e.value(number(due_at))}", f"{path} = {e.value(number(seen))}"
        item = self._table.update(user, items.generation_sort(generation_id), e, update, condition)
        return items.generation_from_item(item) if item else None

    def close(self, generation: Generation) -> None:
        e = Expression()
        update = f"REMOVE {e.path('work_shard')}, {e.path('due_at')}"
        condition = f"{e.path('due_at')} = {e.value(number(generation.due_at or 0))}"
        self._table.update(generation.user, items.generation_sort(generation.id), e, update, condition)


def _kept(e: Expression) -> str:
    return f"attribute_exists({e.path('pk')}) AND attribute_not_exists({e.path('deleting')})"
