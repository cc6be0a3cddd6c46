"""One line of the table, and what it was made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Row:
    """``ours`` beside ``against``, both in ``unit``; their ratio has to stay within ``limit``.

    ``spread`` is the least and the greatest ratio of any one turn, ``None`` for what is counted and not measured.
    """

    name: str
    what: str  # ``against`` is
    ours: float
    against: float
    unit: str
    limit: float
    spread: tuple[float, float] | None = None
    at_least: bool = False  # a rate: more is better

    @property
    def ratio(self) -> float:
        return self.ours / self.against

    @property
    def holds(self) -> bool:
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def document(self) -> dict[str, Any]:
        """The row for a program."""
        return {
            "name": self.name,
            "ours": self.ours,
            "against": self.against,
            "ratio": self.ratio,
            "limit": self.limit,
            "holds": self.holds,
        }


def measured(
    name: str, what: str, ours: Sequence[float], against: Sequence[float], *, unit: str, limit: float,
    at_least: bool = False,
) -> Row:  # fmt: skip
    """The medians of two ways that took turns, and how far the ratio of a single turn goes from theirs."""
    ratios = [mine / other for mine, other in zip(ours, against, strict=True)]
    spread = min(ratios), max(ratios)
    return Row(name, what, median(ours), median(against), unit, limit, spread, at_least)


def in_turns(ways: Mapping[str, Callable[[], float]], turns: int, warm_up: int = 1) -> dict[str, list[float]]:
    """What each way answers, turn by turn: one after the other, so that what slows one slows all."""
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(warm_up + turns):
        for name, way in ways.items():
            answer = way()
            if turn >= warm_up:
                measured[name].append(answer)
    return measured
