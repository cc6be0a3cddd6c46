"""Generations as people see them, and as the sweep's work list."""

from dataclasses import replace
from operator import itemgetter

from tests.fakes.store import MemoryStore, milliseconds
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ports import Page


class MemoryGenerations:
    """`veil.domain.ports.Generations`."""

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


class MemoryWorkList:
    """`veil.domain.ports.WorkList`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def due(self, now: float) -> list[tuple[str, str, float]]:
        with self._store.lock:
            dated = [(one.user, one.id, one.due_at) for one in self._store.generations.values() if one.due_at]
        return sorted((one for one in dated if one[2] <= milliseconds(now)), key=itemgetter(2))

    def lease(self, user: str, generation_id: str, seen: float, due_at: float) -> Generation | None:
        return self._store.update(
            user,
            generation_id,
            lambda stands: stands.due_at == milliseconds(seen),
            lambda stands: replace(stands, due_at=milliseconds(due_at)),
        )

    def close(self, generation: Generation) -> None:
        self._store.update(
            generation.user,
            generation.id,
            lambda stands: stands.due_at == generation.due_at,
            lambda stands: replace(stands, due_at=None),
        )
