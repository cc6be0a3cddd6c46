"""Generations as their user sees them, and the work list."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from operator import attrgetter

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.table import Expression, Table, Update
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ports import Generations, Page, WorkItem, WorkList

WORK_INDEX = "work"


class DynamoGenerations(Generations):
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, user: str, generation_id: str) -> Generation | None:
        item = self._table.get(user, items.generation_sort(generation_id))
        return items.generation_from_item(item) if item else None

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        found = self._table.newest(user, items.generation_sort(""), after, limit + 1, unless="deleting")
        page = tuple(items.generation_from_item(item) for item in islice(found, limit + 1))
        return Page(page[:limit], page[limit - 1].id if len(page) > limit else None)

    def select(self, generation: Generation, index: int | None) -> Generation | None:
        """Invariant: what is chosen is stored."""
        update = Update()
        if index is None:
            update.remove("selected")
        else:
            update.set(index, "selected")
            update.require_equal(ImageStatus.STORED, "images", index, "status")
        return self._update_kept(generation, update)

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        update = Update()
        update.set(True, "deleting")
        for name, value in items.work_attributes(generation.id, due_at).items():
            update.set(value, name)
        return self._update_kept(generation, update)

    def _update_kept(self, generation: Generation, update: Update) -> Generation | None:
        """Invariant: a generation that is being deleted changes no more for its user."""
        update.require_present("pk")
        update.require_absent("deleting")
        item = self._table.update(generation.user, items.generation_sort(generation.id), update)
        return items.generation_from_item(item) if item else None


class DynamoWorkList(WorkList):
    """A sparse index: only what has ``work_shard`` stands in it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def due(self, now: float) -> Iterator[WorkItem]:
        """The longest due first, whatever its shard: a backlog starves none."""
        yield from merge(*(self._due_in(str(shard), now) for shard in range(items.SHARDS)), key=attrgetter("due_at"))

    def _due_in(self, shard: str, now: float) -> Iterator[WorkItem]:
        e = Expression()
        due = f"{e.path('work_shard')} = {e.value(shard)} AND {e.path('due_at')} <= {e.value(number(now))}"
        yield from map(items.work_item, self._table.query(e, due, IndexName=WORK_INDEX))

    def lease(self, item: WorkItem, due_at: float) -> Generation | None:
        """Invariant: of two sweeps that saw the same date, one moves it; a crash leaves the next date standing."""
        update = Update()
        update.set(number(due_at), "due_at")
        update.require_equal(number(item.due_at), "due_at")
        found = self._table.update(item.user, items.work_sort(item), update)
        return items.generation_from_item(found) if found else None

    def close(self, generation: Generation, due_at: float) -> None:
        """Invariant: what was put on the list again meanwhile stays there."""
        update = Update()
        update.remove("work_shard")
        update.remove("due_at")
        update.require_equal(number(due_at), "due_at")
        self._table.update(generation.user, items.generation_sort(generation.id), update)
