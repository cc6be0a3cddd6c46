"""The rate limit when Redis does not answer: a conditional counter, one item a user and window."""

from math import floor

from veil.adapters.dynamodb.table import Expression, Table
from veil.domain.errors import RateLimited


class DynamoRateCounter:
    """`veil.domain.ports.RateLimiter`."""

    def __init__(self, table: Table, name: str, limit: int, window: int) -> None:
        self._table = table
        self._name = name
        self._limit = limit
        self._window = window

    def check(self, user: str, now: float) -> None:
        """Invariant: a window's counter never passes the limit, whoever counts at once."""
        e = Expression()
        start = floor(now / self._window) * self._window
        hits, expires_at = e.path("hits"), e.path("expires_at")
        update = f"SET {hits} = if_not_exists({hits}, {e.value(0)}) + {e.value(1)}, {expires_at} = " + e.value(
            start + 2 * self._window
        )
        condition = f"attribute_not_exists({hits}) OR {hits} < {e.value(self._limit)}"
        if self._table.update(user, f"RATE#{self._name}#{start}", e, update, condition) is None:
            raise RateLimited(retry_after=max(1, round(start + self._window - now)))
