"""Generations as their user sees them, and the work list."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.table import Expression, Table, Update
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ports import Generations, Page, StorageUnavailable, WorkItem, WorkList

WORK_INDEX = "work"
DELETE_TRIES = 5


class DynamoGenerations(Generations):
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, user: str, generation_id: str) -> Generation | None:
        item = self._table.get(user, items.generation_sort(generation_id))
        return items.generation_from_item(item) if item else None

    def deleted(self, user: str, generation_id: str) -> Generation | None:
        item = self._table.get(user, items.deleted_sort(generation_id))
        return items.generation_from_item(item) if item else None

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        found = self._table.newest(user, items.generation_sort(""), after, limit + 1)
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
        update.require_present("pk")
        item = self._table.update(generation.user, items.generation_sort(generation.id), update)
        return items.generation_from_item(item) if item else None

    def announced(self, generation: Generation, now: float, due_at: float | None) -> Generation | None:
        """Invariant: it leaves the list, or waits there to be cleaned up, only once its end was told. The date is no
        condition: whatever a sweep made of it since, it found a generation whose end was still to be told.
        """
        update = Update()
        update.set(number(now), "announced_at")
        if due_at is None:
            update.remove("work_shard")
            update.remove("due_at")
        else:
            update.set(number(due_at), "due_at")
        update.require_present("pk")
        update.require_absent("announced_at")
        item = self._table.update(generation.user, items.generation_sort(generation.id), update)
        return items.generation_from_item(item) if item else None

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        """Invariants: it stands in one of the two places, never in both or none; what moves is what stood there, so an
        id that a late start records just then is not lost; nothing moves that still holds credits.
        """
        user, sort = generation.user, items.generation_sort(generation.id)
        for _ in range(DELETE_TRIES):
            stands = self._table.get(user, sort)
            if stands is None or items.generation_from_item(stands).open_images:
                return None
            moved = {**stands, "sk": items.deleted_sort(generation.id)}
            moved |= items.work_attributes(generation.id, due_at)
            e = Expression()
            unchanged = f"{e.path('images')} = {e.value(stands['images'])}"
            if not self._table.transact([self._table.removed(user, sort, e, unchanged), self._table.put_new(moved)]):
                return items.generation_from_item(moved)
        raise StorageUnavailable("the generation changes too fast")


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
        found = self._move(item, due_at)
        return items.generation_from_item(found) if found else None

    def move(self, item: WorkItem, due_at: float) -> bool:
        return self._move(item, due_at) is not None

    def _move(self, item: WorkItem, due_at: float) -> dict[str, Any] | None:
        """Invariant: of two sweeps that saw the same date, one moves it; a crash leaves the next date standing."""
        update = Update()
        update.set(number(due_at), "due_at")
        update.require_equal(number(item.due_at), "due_at")
        return self._table.update_at(*items.work_key(item), update)

    def close(self, generation: Generation, due_at: float) -> None:
        """Invariant: what was put on the list again meanwhile stays there."""
        update = Update()
        update.remove("work_shard")
        update.remove("due_at")
        update.require_equal(number(due_at), "due_at")
        self._table.update(generation.user, items.sort_of(generation), update)
