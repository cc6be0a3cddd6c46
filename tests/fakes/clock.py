"""Time and ids that stand still until a test moves them."""

from itertools import count
from threading import Lock

from ulid import ULID

START = 4_102_444_800.0  # 2100-01-01: no date of a test is ever due for a sweep that runs by the real clock
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class FakeClock:
    """`veil.domain.ports.Clock`: epoch seconds, moved by hand."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class FakeIds:
    """`veil.domain.ports.NewId`: ULIDs of the time that is asked for, whose random part is a counter: they sort by
    the order in which they were made, and every run makes the same ones.
    """

    def __init__(self) -> None:
        self._count = count()
        self._lock = Lock()

    def __call__(self, now: float) -> str:
        with self._lock:
            number = next(self._count)
        return str(ULID.from_timestamp(now))[:10] + _base32(number, 16)


def _base32(number: int, width: int) -> str:
    return "".join(_ALPHABET[(number >> 5 * place) & 31] for place in reversed(range(width)))
