"""Everything that is printed and written, worked out from what was measured."""

from collections import Counter
from dataclasses import asdict, dataclass
from decimal import Decimal
from math import exp, inf
from typing import Any

from infra.function_table import FUNCTIONS
from proofs.cost.bill import GB, SWEEPER, Line, Pricing, bill, cold_lines, works
from proofs.cost.memory import Work
from proofs.cost.prices import Sheet, Waits
from proofs.cost.run import Measured
from proofs.cost.standing import Charge, standing
from veil.domain.image_models import CATALOGUE

MODEL = "black-forest-labs/flux-1.1-pro"  # the default
IMAGES = 4
VOLUMES = (1_000, 10_000, 100_000, 1_000_000)  # generations a month
GOAL = 0.3  # % of Replicate's share
MONTH_MINUTES = 30.4 * 24 * 60
IDLE_KEPT_MINUTES = 10  # assumed: how long Lambda keeps an idle process; AWS publishes no figure


@dataclass(frozen=True)
class Total:
    """A month of ``generations``: USD of AWS without and with what is standing, and their shares of Replicate's, %."""

    generations: int
    cold: float
    usd: float
    share: float
    usd_with_standing: float
    share_with_standing: float

    @property
    def holds(self) -> bool:
        return self.share < GOAL

    @property
    def holds_with_standing(self) -> bool:
        return self.share_with_standing < GOAL


@dataclass(frozen=True)
class Report:
    """USD are of one generation unless said otherwise."""

    sheet: Sheet
    lines: list[Line]
    cold: list[Line]
    standing: list[Charge]
    works: dict[str, Work]
    measured: Measured
    waits_doubled: float

    @property
    def replicate(self) -> float:
        """USD of one generation's predictions."""
        return float(CATALOGUE[MODEL].price * Decimal(IMAGES))

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)

    @property
    def portrait_bytes(self) -> float:
        sizes = self.measured.warm.portraits
        return sum(sizes) / len(sizes)

    @property
    def usd_a_portrait_byte(self) -> float:
        """What a generation costs more when each of its portraits has one byte more: kept a month, seen once."""
        return IMAGES * (self.sheet.usd("transfer_out") + self.sheet.usd("s3_storage")) / GB

    def by(self, field: str) -> dict[str, float]:
        """USD by ``service`` or ``function``, the dearest first."""
        sums: Counter[str] = Counter()
        for line in self.lines:
            sums[getattr(line, field) or "what is kept"] += line.usd  # type: ignore[assignment]
        return dict(sorted(sums.items(), key=lambda each: -each[1]))

    def totals(self) -> list[Total]:
        return [self._total(generations) for generations in VOLUMES]

    def _total(self, generations: int) -> Total:
        """Visits come at random: one finds its functions cold when none was for as long as idle ones are kept."""
        cold = exp(-IDLE_KEPT_MINUTES * generations / MONTH_MINUTES)
        usd = generations * (self.usd + cold * sum(line.usd for line in self.cold))
        more = usd + sum(charge.usd for charge in self.standing)
        replicate = generations * self.replicate
        return Total(generations, cold, usd, 100 * usd / replicate, more, 100 * more / replicate)

    def holds(self) -> dict[str, bool]:
        """The goal: below 0.3 % at 1,000 a month, and not rising at 1,000,000; what is standing counted or not."""
        first, *_, last = self.totals()
        return {
            "without standing charges": first.holds and last.share <= first.share,
            "with standing charges": first.holds_with_standing
            and last.share_with_standing <= first.share_with_standing,
        }

    @property
    def enough(self) -> float:
        """From how many generations a month what stands, too, is within the goal; infinite where it never is."""
        left = GOAL / 100 * self.replicate - self.usd  # so many generations find their functions warm
        return sum(charge.usd for charge in self.standing) / left if left > 0 else inf

    def json(self) -> dict[str, Any]:
        """All of it, for a program."""
        warm = self.measured.warm
        return {
            "region": self.sheet.region,
            "prices": {name: price.model_dump(exclude_none=True) for name, price in self.sheet.prices.items()},
            "generations": warm.visits,
            "replicate_usd": self.replicate,
            "usd": self.usd,
            "share_percent": 100 * self.usd / self.replicate,
            "by_service": self.by("service"),
            "by_function": self.by("function"),
            "lines": [line._asdict() for line in self.lines],
            "cold_lines": [line._asdict() for line in self.cold],
            "standing": [charge._asdict() for charge in self.standing],
            "standing_usd_a_month": sum(charge.usd for charge in self.standing),
            "totals": [asdict(total) for total in self.totals()],
            "goal_percent": GOAL,
            "holds": self.holds(),
            "holds_with_standing_from": self.enough if self.enough < inf else None,
            "memory": [memory_row(its, FUNCTIONS[name].memory_mb) for name, its in self.works.items()],
            "usd_with_waits_doubled": self.waits_doubled,
            "portrait_bytes": self.portrait_bytes,
            "usd_a_portrait_byte": self.usd_a_portrait_byte,
            "metrics": sorted(metrics_of(self.measured)),
        }


def memory_row(work: Work, present: int) -> dict[str, Any]:
    """A function at its present size and at the cheapest: milliseconds, and USD a million invocations."""
    cheapest = work.cheapest()
    return {
        "function": work.function,
        "cpu_ms": work.cpu_ms,
        "wait_ms": work.wait_ms,
        "start_cpu_ms": work.start_cpu_ms,
        "peak_mb": work.peak_mb,
        **{
            name: {
                "memory_mb": size,
                "ms": work.billed_ms(size),
                "start_ms": work.start_ms(size),
                "gb_seconds": work.gb_seconds(size),
            }
            for name, size in (("present", present), ("cheapest", cheapest))
        },
    }


def report(measured: Measured, sheet: Sheet, waits: Waits) -> Report:
    """Price what was measured."""
    pricing = Pricing(sheet, waits, {name: spec.memory_mb for name, spec in FUNCTIONS.items()})
    work = works(measured.records, measured.warm, waits)
    work[SWEEPER] = works(measured.records, measured.idle, waits)[SWEEPER]
    twice = Waits.model_validate(
        {part: {name: {**wait, "ms": 2 * wait["ms"]} for name, wait in each.items()}
         for part, each in waits.model_dump().items()}
    )  # fmt: skip
    doubled = bill(measured.warm, works(measured.records, measured.warm, twice), pricing)
    return Report(
        sheet=sheet,
        lines=bill(measured.warm, work, pricing),
        cold=cold_lines(measured.cold, work, pricing),
        standing=standing(measured.template, metrics_of(measured), measured.idle, work[SWEEPER], pricing),
        works=work,
        measured=measured,
        waits_doubled=sum(line.usd for line in doubled),
    )


def metrics_of(measured: Measured) -> set[str]:
    """The custom metrics that were told, by name and dimensions."""
    return measured.cold.metrics | measured.warm.metrics | measured.idle.metrics
