"""The first answer to an Idempotency-Key is the answer, for 15 days; the body plays no part.

Source: https://docs.tosspayments.com/reference/using-api/authorization
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.settings import Reply

KEPT_SECONDS = 15 * 24 * 3600
LONGEST = 300

type Slot = tuple[str, str, str, str]  # Idempotency-Key, secret key, method, path


class Idempotency:
    """Answers by slot, with the time of their first use in epoch seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._answers: dict[Slot, tuple[float, Reply]] = {}
        self._running: set[Slot] = set()

    def find(self, slot: Slot) -> Reply | None:
        """The answer given before. Raises `Refused` for a bad key, and while the first call runs."""
        if not 1 <= len(slot[0]) <= LONGEST:
            raise Refused("INVALID_IDEMPOTENCY_KEY")
        if slot in self._running:
            raise Refused("IDEMPOTENT_REQUEST_PROCESSING")
        first_used, reply = self._answers.get(slot, (0.0, None))
        return reply if self._now() - first_used < KEPT_SECONDS else None

    def keep(self, slot: Slot, reply: Reply) -> None:
        self._answers[slot] = self._now(), reply

    @contextmanager
    def running(self, slot: Slot) -> Iterator[None]:
        """The call of this slot is under way while the block runs."""
        self._running.add(slot)
        try:
            yield
        finally:
            self._running.discard(slot)
