"""Generations as people see them, and as the sweep's work list."""

from dataclasses import replace
from operator import attrgetter

from tests.fakes.store import MemoryStore, milliseconds
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ports import Generations, Page, WorkItem, WorkKind, WorkList


class MemoryGenerations(Generations):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def get(self, user: str, generation_id: str) -> Generation | None:
        found = self._store.generations.get((user, generation_id))
        return None if found is None or found.deleted else found

    def deleted(self, user: str, generation_id: str) -> Generation | None:
        found = self._store.generations.get((user, generation_id))
        return found if found and found.deleted else None

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        with self._store.lock:
            found = [one for (owner, _), one in self._store.generations.items() if owner == user and not one.deleted]
        newest = sorted(found, key=lambda one: one.id, reverse=True)
        rest = [one for one in newest if after is None or one.id < after]
        return Page(tuple(rest[:limit]), rest[limit - 1].id if len(rest) > limit else None)

    def select(self, generation: Generation, index: int | None) -> Generation | None:
        def can_be(stands: Generation) -> bool:
            stored = index is None or stands.images[index].status is ImageStatus.STORED
            return stored and not stands.deleted

        return self._store.update(
            generation.user, generation.id, can_be, lambda stands: replace(stands, selected=index)
        )

    def announced(self, generation: Generation, now: float, due_at: float | None) -> Generation | None:
        due = None if due_at is None else milliseconds(due_at)
        return self._store.update(
            generation.user,
            generation.id,
            lambda stands: not stands.deleted and stands.announced_at is None,
            lambda stands: replace(stands, announced_at=milliseconds(now), due_at=due),
        )

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        return self._store.update(
            generation.user,
            generation.id,
            lambda stands: not (stands.deleted or stands.open_images),
            lambda stands: replace(stands, deleted=True, due_at=milliseconds(due_at)),
        )


class MemoryWorkList(WorkList):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def due(self, now: float) -> list[WorkItem]:
        with self._store.lock:
            dated = [WorkItem.of(one, one.due_at) for one in self._store.generations.values() if one.due_at is not None]
            dated += self._store.money_due()
        return sorted((one for one in dated if one.due_at <= milliseconds(now)), key=attrgetter("due_at"))

    def lease(self, item: WorkItem, due_at: float) -> Generation | None:
        return self._store.update(
            item.user,
            item.id,
            lambda stands: (
                (stands.due_at, stands.deleted) == (milliseconds(item.due_at), item.kind is WorkKind.DELETED)
            ),
            lambda stands: replace(stands, due_at=milliseconds(due_at)),
        )

    def move(self, item: WorkItem, due_at: float) -> bool:
        if item.kind in (WorkKind.GENERATION, WorkKind.DELETED):
            return self.lease(item, due_at) is not None
        return self._store.move(item, milliseconds(due_at))

    def close(self, generation: Generation, due_at: float) -> None:
        self._store.update(
            generation.user,
            generation.id,
            lambda stands: (stands.due_at, stands.deleted) == (milliseconds(due_at), generation.deleted),
            lambda stands: replace(stands, due_at=None),
        )
