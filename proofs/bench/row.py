"""One row of the table and what it is made from; the table for the terminal, and as the page docs/benchmarks.md."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from proofs.commands import Sheet

TEMPLATE = Path(__file__).with_name("page.md")
REASONS: dict[str, str] = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text())


@dataclass(frozen=True)
class BenchRow:
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

    def as_json(self) -> dict[str, Any]:
        """The row for a program."""
        members = ("name", "ours", "against", "ratio", "limit", "holds")
        return {member: getattr(self, member) for member in members}

    def cells(self) -> tuple[str, ...]:
        """The row for a reader."""
        of = "" if self.spread else f"{self.ours:.4g} of {self.against:.4g} {self.unit} "
        spread = f" ({self.spread[0]:.3g}–{self.spread[1]:.3g})" if self.spread else ""
        limit = f"{'≥' if self.at_least else '≤'} {self.limit:g}"
        holds = "holds" if self.holds else "**not reached**"
        return self.name, f"{of}{self.what}", f"{self.ratio:.3g}{spread}", limit, holds


def measured(
    name: str, what: str, ours: Sequence[float], against: Sequence[float], *, unit: str, limit: float,
    at_least: bool = False,
) -> BenchRow:  # fmt: skip
    """The medians of two ways that took turns, and the spread of the ratio from turn to turn."""
    ratios = [mine / other for mine, other in zip(ours, against, strict=True)]
    spread = min(ratios), max(ratios)
    return BenchRow(name, what, median(ours), median(against), unit, limit, spread, at_least)


def in_turns(ways: Mapping[str, Callable[[], float]], turns: int, warm_up: int = 1) -> dict[str, list[float]]:
    """What each way answers, turn by turn: one after the other, so that what slows one slows all."""
    rounds = [{name: way() for name, way in ways.items()} for _ in range(warm_up + turns)][warm_up:]
    return {name: [each[name] for each in rounds] for name in ways}


def table(rows: Sequence[BenchRow]) -> Table:
    """The table for a terminal."""
    shown = _sheet(rows).table()
    for row, line in zip(rows, shown.rows, strict=True):
        line.style = None if row.holds else "red"
    return shown


def page(rows: Sequence[BenchRow], prediction_seconds: float, reasons: Mapping[str, str] = REASONS) -> str:
    """The table as Markdown; ``reasons`` explain rows that do not hold, by the start of their names."""
    missed = [f"- **{row.name}**: {_reason(row, reasons)}\n" for row in rows if not row.holds]
    return TEMPLATE.read_text().format(
        table=_sheet(rows).markdown(),
        missed="".join(["\n## What is not reached\n\n", *missed] if missed else []),
        prediction=prediction_seconds,
    )


def _sheet(rows: Sequence[BenchRow]) -> Sheet:
    return Sheet("", ("what", "against", "ratio", "must be", ""), [row.cells() for row in rows], words=2)


def _reason(row: BenchRow, reasons: Mapping[str, str]) -> str:
    return next((reason for name, reason in reasons.items() if row.name.startswith(name)), "no reason is known yet.")
