"""Everything that is printed and written, worked out from what was measured."""

from collections import Counter
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import accumulate
from math import exp, inf
from typing import Any

from infra.function_table import FUNCTIONS
from proofs.cost.bill import GB, REKOGNITION, SWEEPER, Line, Pricing, bill, cold_lines, works
from proofs.cost.counts import Counts
from proofs.cost.memory import Work, memory_row
from proofs.cost.prices import PriceSheet, Waits
from proofs.cost.run import Measured
from proofs.cost.standing import Charge, standing
from veil.domain.image_models import DEFAULT_CHAIN, chain

CHAIN = chain(DEFAULT_CHAIN, None)
IMAGES = 4
VOLUMES = (1_000, 10_000, 100_000, 1_000_000)  # generations a month
GOAL = 0.3  # % of Replicate's share
MONTH_MINUTES = 30.4 * 24 * 60
IDLE_KEPT_MINUTES = 10  # assumed: how long Lambda keeps an idle process; AWS publishes no figure


@dataclass(frozen=True)
class Month:
    """So many generations, a share of them ``cold``: AWS's USD, and what that is of Replicate's, in %."""

    generations: int
    cold: float
    usd: float
    share: float
    usd_with_standing: float
    share_with_standing: float


@dataclass(frozen=True)
class CostReport:
    """USD are of one generation unless said otherwise."""

    sheet: PriceSheet
    lines: list[Line]
    cold: list[Line]
    standing: list[Charge]
    works: dict[str, Work]
    measured: Measured
    waits_doubled: float
    purchase: list[Line]  # of one
    compared: list[Line]  # of a generation whose user agreed to the comparison of faces
    again: list[Line]  # of one in which an image took another attempt
    people: dict[str, list[Line]]  # of one person, what they ask for once

    @property
    def replicate(self) -> float:
        """USD of one generation's predictions: as every visit went well, all are first attempts."""
        return float(CHAIN[0].price * Decimal(IMAGES))

    @property
    def attempts(self) -> list[tuple[str, float, float]]:
        """The models of an image's attempts in their order, what each adds in USD, and what all together cost."""
        prices = [model.price for model in CHAIN]
        sums = accumulate(prices)
        return [(model.name, float(model.price), float(whole)) for model, whole in zip(CHAIN, sums, strict=True)]

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)

    @property
    def rekognition(self) -> float:
        """USD of Rekognition, for a generation whose user agreed."""
        return sum(line.usd for line in self.compared if line.service == REKOGNITION)

    @property
    def usd_compared(self) -> float:
        """All of AWS's, for such a generation."""
        return sum(line.usd for line in self.compared)

    @property
    def usd_again(self) -> float:
        """What AWS asks for another attempt at an image."""
        return sum(line.usd for line in self.again) - self.usd

    @property
    def standing_usd(self) -> float:
        """USD a month, of the charges that are due even when nobody comes."""
        return sum(charge.usd for charge in self.standing)

    @property
    def image_bytes(self) -> float:
        sizes = self.measured.warm.images
        return sum(sizes) / len(sizes)

    @property
    def usd_an_image_byte(self) -> float:
        """What a generation costs more when each of its images has one byte more: kept a month, seen once."""
        return IMAGES * (self.sheet.usd("transfer_out") + self.sheet.usd("s3_storage")) / GB

    def by(self, field: str) -> dict[str, float]:
        """USD by ``service`` or ``function``, the highest first."""
        sums: Counter[str] = Counter()
        for line in self.lines:
            sums[getattr(line, field) or "what is kept"] += line.usd  # type: ignore[assignment]
        return dict(sums.most_common())

    def months(self) -> list[Month]:
        return [self._month(generations) for generations in VOLUMES]

    def _month(self, generations: int) -> Month:
        """Visits come at random: one finds its functions cold when none came for as long as idle ones are kept."""
        cold = exp(-IDLE_KEPT_MINUTES * generations / MONTH_MINUTES)
        usd = generations * (self.usd + cold * sum(line.usd for line in self.cold))
        more, replicate = usd + self.standing_usd, generations * self.replicate
        return Month(generations, cold, usd, 100 * usd / replicate, more, 100 * more / replicate)

    def holds(self) -> dict[str, bool]:
        """Whether the goal is met: below 0.3 % at 1,000 a month, and no more than that share at 1,000,000."""
        few, *_, many = self.months()
        shares = {
            "without standing charges": (few.share, many.share),
            "with standing charges": (few.share_with_standing, many.share_with_standing),
        }
        return {which: first < GOAL and last <= first for which, (first, last) in shares.items()}

    @property
    def enough(self) -> float:
        """From how many generations a month the goal is met with standing charges; infinite where it never is."""
        left = GOAL / 100 * self.replicate - self.usd  # so many generations find their functions warm
        return self.standing_usd / left if left > 0 else inf

    def as_json(self) -> dict[str, Any]:
        """All of it, for a program."""
        return {
            "region": self.sheet.region,
            "prices": {name: price.model_dump(exclude_none=True) for name, price in self.sheet.prices.items()},
            "generations": self.measured.warm.visits,
            "replicate_usd": self.replicate,
            "attempts_of_an_image": [
                {"model": name, "usd": usd, "usd_so_far": whole} for name, usd, whole in self.attempts
            ],
            "usd": self.usd,
            "share_percent": 100 * self.usd / self.replicate,
            "by_service": self.by("service"),
            "by_function": self.by("function"),
            "lines": [line._asdict() for line in self.lines],
            "usd_compared": self.usd_compared,
            "usd_rekognition": self.rekognition,
            "compared_lines": [line._asdict() for line in self.compared],
            "usd_another_attempt": self.usd_again,
            "people_usd": {what: sum(line.usd for line in lines) for what, lines in self.people.items()},
            "people_lines": {what: [line._asdict() for line in lines] for what, lines in self.people.items()},
            "cold_lines": [line._asdict() for line in self.cold],
            "standing": [charge._asdict() for charge in self.standing],
            "standing_usd_a_month": self.standing_usd,
            "totals": [asdict(month) for month in self.months()],
            "goal_percent": GOAL,
            "holds": self.holds(),
            "holds_with_standing_from": self.enough if self.enough < inf else None,
            "memory": [memory_row(its, FUNCTIONS[name].memory_mb) for name, its in self.works.items()],
            "usd_with_waits_doubled": self.waits_doubled,
            "purchase_usd": sum(line.usd for line in self.purchase),
            "purchase_lines": [line._asdict() for line in self.purchase],
            "portrait_bytes": self.image_bytes,
            "usd_a_portrait_byte": self.usd_an_image_byte,
            "metrics": sorted(self.measured.metrics),
        }


def cost_report(measured: Measured, sheet: PriceSheet, waits: Waits) -> CostReport:
    """Price what was measured."""
    pricing = Pricing(sheet, waits, {name: spec.memory_mb for name, spec in FUNCTIONS.items()})
    work = works(measured.records, measured.warm, waits)
    work[SWEEPER] = works(measured.records, measured.idle, waits)[SWEEPER]
    twice = waits.model_copy(update={"factor": 2.0})
    doubled = bill(measured.warm, works(measured.records, measured.warm, twice), pricing)

    def priced(part: Counts) -> list[Line]:
        return bill(part, works(measured.records, part, waits), pricing)

    return CostReport(
        sheet=sheet,
        lines=bill(measured.warm, work, pricing),
        cold=cold_lines(measured.cold, work, pricing),
        standing=standing(measured.template, measured.metrics, measured.idle, work[SWEEPER], pricing),
        works=work,
        measured=measured,
        waits_doubled=sum(line.usd for line in doubled),
        purchase=priced(measured.bought),
        compared=priced(measured.compared),
        again=priced(measured.again),
        people={what: priced(part) for what, part in measured.people.items()},
    )
