"""Generations as people see them, and as the sweep's work list."""

from dataclasses import replace
from operator import attrgetter

from tests.fakes.store import MemoryStore, milliseconds
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ports import Generations, Page, WorkItem, WorkList


class MemoryGenerations(Generations):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def get(self, user: str, generation_id: str) -> Generation | None:
        return self._store.generations.get((user, generation_id))

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        with self._store.lock:
            found = [one for (owner, _), one in self._store.generations.items() if owner == user and not one.deleting]
        newest = sorted(found, key=lambda one: one.id, reverse=True)
        rest = [one for one in newest if after is None or one.id < after]
        return Page(tuple(rest[:limit]), rest[limit - 1].id if len(rest) > limit else None)

    def select(self, generation: Generation, index: int | None) -> Generation | None:
        def can_be(stands: Generation) -> bool:
            stored = index is None or stands.images[index].status is ImageStatus.STORED
            return stored and not stands.deleting

        return self._store.update(
            generation.user, generation.id, can_be, lambda stands: replace(stands, selected=index)
        )

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        return self._store.update(
            generation.user,
            generation.id,
            lambda stands: not stands.deleting,
            lambda stands: replace(stands, deleting=True, due_at=milliseconds(due_at)),
        )


class MemoryWorkList(WorkList):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def due(self, now: float) -> list[WorkItem]:
        with self._store.lock:
            dated = [WorkItem.of(one, one.due_at) for one in self._store.generations.values() if one.due_at is not None]
        return sorted((one for one in dated if one.due_at <= milliseconds(now)), key=attrgetter("due_at"))

    def lease(self, item: WorkItem, due_at: float) -> Generation | None:
        return self._store.update(
            item.user,
            item.id,
            lambda stands: stands.due_at == milliseconds(item.due_at),
            lambda stands: replace(stands, due_at=milliseconds(due_at)),
        )

    def close(self, generation: Generation, due_at: float) -> None:
        self._store.update(
            generation.user,
            generation.id,
            lambda stands: stands.due_at == milliseconds(due_at),
            lambda stands: replace(stands, due_at=None),
        )
