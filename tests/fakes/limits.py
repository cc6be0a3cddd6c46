"""The rate limit, webhook tokens, metrics and log lines."""

from collections import Counter
from dataclasses import dataclass
from math import floor
from threading import Lock

from veil.domain.errors import RateLimited, TokenNotFound
from veil.domain.ports import AttemptRef, RateLimiter, Telemetry, WebhookTokens


class MemoryRateLimiter(RateLimiter):
    """``limit`` in each fixed window of ``window`` seconds."""

    def __init__(self, limit: int, window: int) -> None:
        self.limit = limit
        self._window = window
        self._hits: Counter[tuple[str, int]] = Counter()
        self._lock = Lock()

    def check(self, user: str, now: float) -> None:
        start = floor(now / self._window) * self._window
        with self._lock:
            if self._hits[user, start] >= self.limit:
                raise RateLimited(retry_after=max(1, round(start + self._window - now)))
            self._hits[user, start] += 1

    def give_back(self, user: str, now: float) -> None:
        start = floor(now / self._window) * self._window
        with self._lock:
            self._hits[user, start] = max(0, self._hits[user, start] - 1)


class MemoryTokens(WebhookTokens):
    """Unseals what it has sealed."""

    def __init__(self) -> None:
        self._sealed: dict[str, AttemptRef] = {}

    def seal(self, ref: AttemptRef) -> str:
        token = f"token-{ref.user}-{ref.generation_id}-{ref.index}-{ref.attempt}"
        self._sealed[token] = ref
        return token

    def unseal(self, token: str) -> AttemptRef:
        if token not in self._sealed:
            raise TokenNotFound
        return self._sealed[token]


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    value: float


class RecordingTelemetry(Telemetry):
    """Keeps every metric and log line."""

    def __init__(self) -> None:
        self.measured: list[Measured] = []
        self.lines: list[tuple[str, dict[str, object]]] = []

    def count(self, name: str, value: float = 1) -> None:
        self.measured.append(Measured(name, value))

    def seconds(self, name: str, value: float) -> None:
        self.measured.append(Measured(name, value))

    def log(self, message: str, *, user: str | None = None, **ids: object) -> None:
        self.lines.append((message, {"user": user, **ids}))

    def total(self, name: str) -> float:
        return sum(self.values(name))

    def values(self, name: str) -> list[float]:
        return [one.value for one in self.measured if one.name == name]
