"""What an edge keeps of the answers it has passed on: each for its time, all together within a bound."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from local.cloud.forwarding import Headers

MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """An answer with status 200, and from when until when it is kept, by the cache's clock."""

    headers: Headers
    body: bytes
    since: float
    until: float


class Cache:
    """By a URL's path and own query, as they were sent. ``clock`` answers seconds."""

    def __init__(self, clock: Callable[[], float], most: int = MOST_BYTES) -> None:
        self._clock, self._most, self._size = clock, most, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def get(self, key: str) -> Kept | None:
        """What is kept under ``key`` and still good."""
        kept = self._kept.get(key)
        if kept and kept.until <= self._clock():
            self._drop(key)
            return None
        if kept:
            self._kept.move_to_end(key)
        return kept

    def put(self, key: str, headers: Headers, body: bytes, seconds: float) -> None:
        """Keep it for ``seconds``; what was asked for the longest time ago makes room."""
        self._drop(key)
        now = self._clock()
        self._kept[key] = Kept(headers, body, now, now + seconds)
        self._size += len(body)
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def forget(self, paths: Iterable[str]) -> None:
        """Drop what an invalidation of ``paths`` is about: a path, or all that begins as one before its ``*``."""
        for path in map(unquote, paths):
            for key in [key for key in self._kept if _is_of(unquote(key), path)]:
                self._drop(key)

    def _drop(self, key: str) -> None:
        if kept := self._kept.pop(key, None):
            self._size -= len(kept.body)


def _is_of(key: str, path: str) -> bool:
    return key.startswith(path[:-1]) if path.endswith("*") else key == path
