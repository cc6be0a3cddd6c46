"""The sweep: every minute, whatever is due on the work list goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from typing import Protocol

from veil.domain.ports import Clock, InParallel, Telemetry, WorkItem, WorkKind, WorkList

PARALLEL_ITEMS = 8  # each spends its time waiting for providers and S3
LATE_SECONDS = 600  # past its date: ten sweeps have not come to it


@dataclass(slots=True)
class SweepReport:
    """The ids of what went on, and the errors of what could not go on this time."""

    swept: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)


class Continue(Protocol):
    """Takes one kind of work on."""

    def __call__(self, item: WorkItem) -> bool:
        """Lease it and take it on; False when another sweep has it."""


@dataclass(frozen=True)
class Sweep:
    """``continues`` has what takes each kind of work on."""

    work: WorkList
    continues: Mapping[WorkKind, Continue]
    in_parallel: InParallel
    clock: Clock
    telemetry: Telemetry

    def __call__(self, time_left: Callable[[], bool]) -> SweepReport:
        """Go through what is due until it is done or no time is left. One item's failure stops no other: its lease
        has moved it to its next date, and the failure is in the report.
        """
        report = SweepReport()
        now = self.clock()
        for due in batched(self.work.due(now), PARALLEL_ITEMS, strict=False):
            if not time_left():
                break
            if not (report.swept or report.errors) and now - due[0].due_at > LATE_SECONDS:
                self.telemetry.seconds("OldestWorkSeconds", now - due[0].due_at)
            self.in_parallel([partial(self._try, report, item) for item in due])
        if report.swept:  # most sweeps find nothing, and a metric that is told every minute is paid for all month
            self.telemetry.count("WorkSwept", len(report.swept))
        return report

    def _try(self, report: SweepReport, item: WorkItem) -> None:
        try:
            if self.continues[item.kind](item):
                report.swept.append(item.id)
        except Exception as error:  # noqa: BLE001 - reported whole, once the others have had their turn
            self.telemetry.log("sweep failed", user=item.user, kind=item.kind, id=item.id, why=type(error).__name__)
            report.errors.append(error)
