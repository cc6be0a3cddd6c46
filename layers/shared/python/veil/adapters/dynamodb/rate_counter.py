"""The rate limit when Redis does not answer: a conditional counter, one item a user and window."""

from math import floor

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Table, Update
from veil.domain.errors import RateLimited
from veil.domain.ports import RateLimiter


class DynamoRateCounter(RateLimiter):
    """``limit`` requests in each fixed window of ``window`` seconds."""

    def __init__(self, table: Table, name: str, limit: int, window: int) -> None:
        self._table = table
        self._name = name
        self._limit = limit
        self._window = window

    def check(self, user: str, now: float) -> None:
        """Invariant: a window's counter never passes the limit, however many count at once."""
        start = self._start(now)
        update = Update()
        update.add(1, "hits", start=0)
        update.set(start + 2 * self._window, "expires_at")
        hits = update.path("hits")
        update.require(f"attribute_not_exists({hits}) OR {hits} < {update.value(self._limit)}")
        if self._table.update(user, items.rate_sort(self._name, start), update) is None:
            raise RateLimited(retry_after=max(1, round(start + self._window - now)))

    def give_back(self, user: str, now: float) -> None:
        update = Update()
        update.add(-1, "hits")
        update.require_at_least(1, "hits")
        self._table.update(user, items.rate_sort(self._name, self._start(now)), update)

    def _start(self, now: float) -> int:
        return floor(now / self._window) * self._window
