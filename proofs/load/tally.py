"""What a crowd's requests came to: how many, how fast, what went wrong."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import Any

from pydantic import BaseModel

from proofs.load.judge import RATE_LIMITED

PERCENTILES = (50, 90, 95, 99, 100)
WAITED = "WAIT "
PORTRAITS = "WAIT for portraits"
VISIT = "WAIT for all of it"


class Sample(BaseModel):
    """One request as it ended: ``at`` the UNIX time, after ``ms`` milliseconds, as an ``error`` of a kind or none."""

    at: float
    route: str
    ms: float
    error: str | None


@dataclass(frozen=True)
class Row:
    """One route: its answers, its errors and honest 429s among them, and its percentiles in milliseconds."""

    route: str
    count: int
    rate_limited: int
    errors: int
    ms: dict[int, float]


@dataclass
class Tally:
    """All the requests of ``users`` users; what they waited for over several requests stands beside, as WAIT …."""

    users: int
    samples: list[Sample] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(not sample.route.startswith(WAITED) for sample in self.samples)

    @property
    def generations(self) -> int:
        """How many came to their end, with four portraits."""
        return self._without_error(PORTRAITS)

    @property
    def visits(self) -> int:
        """How many users have done all that they came for."""
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
    def met(self) -> Counter[str]:
        """The errors that users have met so far, by route and kind."""
        return Counter(f"{sample.route}: {sample.error}" for sample in self.samples if sample.error)

    @property
    def errors(self) -> Counter[str]:
        """Once it is over. An error ends a visit: a user who met none, and has not done all, is an error too."""
        lost = self.users - self.visits - self.met.total()
        return self.met + Counter({"a visit ended without a word": lost})

    def rows(self) -> list[Row]:
        """By route, in the order of their first answers; a 429 counts there, and is in no percentile."""
        grouped: dict[str, list[Sample]] = defaultdict(list)
        limited: Counter[str] = Counter()
        for sample in self.samples:
            limited[sample.route.removesuffix(RATE_LIMITED)] += sample.route.endswith(RATE_LIMITED)
            if not sample.route.endswith(RATE_LIMITED):
                grouped[sample.route].append(sample)
        return [
            Row(
                route,
                len(grouped[route]) + limited[route],
                limited[route],
                sum(sample.error is not None for sample in grouped[route]),
                percentiles([sample.ms for sample in grouped[route]]),
            )
            for route in limited
        ]

    def as_json(self) -> dict[str, Any]:
        """The figures of this stage for a program; latencies are milliseconds."""
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
            "errors": dict(self.errors),
            "routes": [asdict(row) for row in self.rows()],
        }

    def _without_error(self, route: str) -> int:
        return sum(sample.route == route and sample.error is None for sample in self.samples)


def percentiles(values: Sequence[float]) -> dict[int, float]:
    """Each of `PERCENTILES` by nearest rank, so always one of ``values``; the hundredth is the greatest."""
    ranked = sorted(values)
    return {each: ranked[ceil(len(ranked) * each / 100) - 1] for each in PERCENTILES} if ranked else {}
