"""What an answer counts as, and what a crowd's requests came to: how many, how fast, what failed."""

import json
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import Any

from pydantic import BaseModel

PERCENTILES = (50, 90, 95, 99, 100)
WAITED = "WAIT"  # in the place of a method: how long a user waited for something, over several requests
IMAGES = "WAIT for images"
VISIT = "WAIT for all of it"
# Behind a route's name: counted apart from the route's answers.
RATE_LIMITED = " (429 rate_limited)"  # ours, which says when to come again
THROTTLED = " (429 throttled)"  # API Gateway's, which does not
LONGEST_SECONDS = 30  # between two tries that it refuses


class Sample(BaseModel):
    """One request: it ended at UNIX time ``at`` after ``ms`` milliseconds; ``error``: its kind, None for a success."""

    at: float
    route: str
    ms: float
    error: str | None


@dataclass(frozen=True)
class RouteRow:
    """One route: its answers, its 429s (ours, the gateway's) and errors among them, and its percentiles in
    milliseconds.
    """

    route: str
    count: int
    rate_limited: int
    throttled: int
    errors: int
    ms: dict[int, float]


@dataclass
class Tally:
    """All the requests of ``users`` users; what they waited for over several requests is a sample too: WAIT …."""

    users: int
    samples: list[Sample] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(not sample.route.startswith(f"{WAITED} ") for sample in self.samples)

    @property
    def generations(self) -> int:
        """How many ended with four images."""
        return self._without_error(IMAGES)

    @property
    def visits(self) -> int:
        """How many users did all that they came for."""
        return self._without_error(VISIT)

    @property
    def seconds(self) -> float:
        """From the first request's start to the last one's end."""
        starts = [sample.at - sample.ms / 1000 for sample in self.samples]
        return max(sample.at for sample in self.samples) - min(starts) if starts else 0.0

    @property
    def rate_limited(self) -> int:
        return sum(sample.route.endswith(RATE_LIMITED) for sample in self.samples)

    @property
    def throttled(self) -> int:
        return sum(sample.route.endswith(THROTTLED) for sample in self.samples)

    @property
    def met(self) -> Counter[str]:
        """The errors so far, by route and kind."""
        return Counter(f"{sample.route}: {sample.error}" for sample in self.samples if sample.error)

    @property
    def errors(self) -> Counter[str]:
        """The errors at the end. An error ends a visit; a user with neither an error nor a whole visit is one more."""
        missing = self.users - self.visits - self.met.total()
        return self.met + Counter({"a visit ended without an error or a success": missing})

    def rows(self) -> list[RouteRow]:
        """By route, in the order of their first answers; a 429 counts there, and is in no percentile."""
        grouped: dict[str, list[Sample]] = defaultdict(list)
        limited: Counter[str] = Counter()
        throttled: Counter[str] = Counter()
        for sample in self.samples:
            route = sample.route.removesuffix(RATE_LIMITED).removesuffix(THROTTLED)
            limited[route] += sample.route.endswith(RATE_LIMITED)
            throttled[route] += sample.route.endswith(THROTTLED)
            grouped[route] += [sample] if route == sample.route else []
        return [
            RouteRow(
                route,
                len(samples) + limited[route] + throttled[route],
                limited[route],
                throttled[route],
                sum(sample.error is not None for sample in samples),
                percentiles([sample.ms for sample in samples]),
            )
            for route, samples in grouped.items()
        ]

    def as_json(self) -> dict[str, Any]:
        """The figures for a program; latencies are milliseconds."""
        seconds = self.seconds or 1.0
        return {
            "users": self.users,
            "seconds": round(self.seconds, 1),
            "requests": self.requests,
            "requests_per_second": round(self.requests / seconds, 1),
            "visits": self.visits,
            "generations": self.generations,
            "generations_per_minute": round(60 * self.generations / seconds, 1),
            "rate_limited": self.rate_limited,
            "throttled": self.throttled,
            "errors": dict(self.errors),
            "routes": [asdict(row) for row in self.rows()],
        }

    def _without_error(self, route: str) -> int:
        return sum(sample.route == route and sample.error is None for sample in self.samples)


def percentiles(values: Sequence[float]) -> dict[int, float]:
    """Each of `PERCENTILES` by nearest rank, so always one of ``values``; the hundredth is the greatest."""
    ranked = sorted(values)
    return {each: ranked[ceil(len(ranked) * each / 100) - 1] for each in PERCENTILES} if ranked else {}


def wait_asked(status: int, headers: Mapping[str, str], body: bytes) -> float | None:
    """The seconds that a rate limit asks to wait: a 429 `rate_limited` with Retry-After; None for anything else."""
    after = headers.get("retry-after", "")
    return float(after) if status == 429 and _code(body) == "rate_limited" and after.isdigit() else None


def is_throttled(status: int, headers: Mapping[str, str]) -> bool:
    """Whether API Gateway's throttle refused it: no function ran, and nothing says when to come again."""
    return status == 429 and "x-request-id" not in headers


def seconds_before(tries: int, chance: float) -> float:
    """How long a client waits after the ``tries``-th try that was throttled; ``chance`` from 0 to 1."""
    return min(LONGEST_SECONDS, 2.0 ** (tries - 1)) * (1 + chance / 2)


def error_of(status: int, body: bytes, expected: Container[int]) -> str | None:
    """The kind of error that an answer is, by its status and its problem's code; None for an expected one."""
    return None if status in expected else f"{status} {_code(body)}".rstrip()


def _code(body: bytes) -> str:
    """The code of a problem; empty where the body is no problem."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    return str(problem.get("code", "")) if isinstance(problem, dict) else ""
