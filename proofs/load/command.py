"""``python -m proofs load``: boot, let each crowd work in turn, wait until all has settled, audit."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from local.cloud.options import Options
from local.cloud.running import STATE
from operations.audit.report import Report
from operations.progress import Progress
from proofs.commands import Sheet, add_command, at_least_one, write_json
from proofs.load.crowd import visit
from proofs.load.tally import PERCENTILES, RouteRow, Tally
from proofs.stack import deployed, in_words

USERS, RAMP = (50, 500), 30
WIDTH = 112  # of the table: figures that are cut say nothing
WHAT_IT_SAYS = (
    "Latencies are this machine's, which runs the cloud, the functions, the providers' stand-ins and the users at "
    "once: they show what queues behind what, and nothing of what AWS would do. Images of one photo and style are "
    "rendered once."
)


@dataclass
class LoadReport:
    """What a run found; a stage is one crowd's."""

    stages: list[Tally] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    audit: Report = field(default_factory=Report)

    @property
    def passed(self) -> bool:
        """Whether nobody met an error, and nothing was lost."""
        errors = sum(stage.errors.total() for stage in self.stages)
        return not (errors or self.unfinished) and self.audit.clean

    def as_json(self) -> dict[str, Any]:
        members = {"stages": [stage.as_json() for stage in self.stages], "audit": self.audit.as_json()}
        return {"passed": self.passed, "unfinished": self.unfinished, **members}


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "load", _run, "many users at once on the deployed stack; 1 on any error or finding")
    more = "how many at once; again for one more crowd (default: 50, then 500)"
    parser.add_argument("--users", type=at_least_one, action="append", help=more)
    within = "until all have come (default: %(default)s)"
    parser.add_argument("--ramp", type=at_least_one, default=RAMP, metavar="SECONDS", help=within)


def _run(parsed: argparse.Namespace) -> bool:
    """Whether nobody met an error, and nothing was lost."""
    report = load(parsed.users or USERS, parsed.ramp, STATE / "load", Progress())
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, WIDTH)
    show(report, console)
    if parsed.json:
        write_json(parsed.json, report.as_json())
    return report.passed


def load(crowds: Iterable[int], ramp: float, state: Path, progress: Progress) -> LoadReport:
    """Let crowds of so many users visit, each within ``ramp`` seconds; raises `LocalError` without a cloud."""
    report = LoadReport()
    with deployed(Options(state=state), progress) as stack:
        # 2,000 images would take six minutes of a core, and the users would wait for nothing else.
        stack.providers("POST", {"replicate": {"remember": True}})
        for users in crowds:
            with progress.step(f"{users} users at work"):
                report.stages.append(visit(stack.running, users, ramp, state, progress))
        with progress.step("everything comes to its end"):
            report.unfinished = stack.settle()
        with progress.step("the audit, with each order held against Toss"):
            report.audit = stack.audit(toss=True)
    return report


def show(report: LoadReport, console: Console) -> None:
    """Print the tables, and everything that is wrong."""
    for stage in report.stages:
        _show_stage(stage, console)
    console.print(WHAT_IT_SAYS)
    for wrong in (*(f"never ended: {each}" for each in report.unfinished), *in_words(report.audit)):
        console.print(wrong, style="red", markup=False)
    audit = report.audit
    if audit.unread:
        console.print(f"{audit.unread} orders could not be held against Toss: {audit.why}", style="red", markup=False)
    found = f"{len(audit.findings)} findings" if audit.findings else "no findings"
    console.print(f"audit: {audit.counted}: {found}")


def _show_stage(stage: Tally, console: Console) -> None:
    figures = stage.as_json()
    counts = ("count", "429", "throttled", "errors")
    columns = ("route, in ms", *counts, *(f"{each} %" for each in PERCENTILES[:-1]), "max")
    sheet = Sheet(f"{stage.users} users", columns, map(_cells, stage.rows()))
    console.print()
    console.print(sheet.table(box=None, pad_edge=False))
    console.print(
        f"{figures['requests']} requests in {figures['seconds']} s: {figures['requests_per_second']} a second, "
        f"{figures['generations_per_minute']} generations a minute; {figures['rate_limited']} × 429, "
        f"{figures['throttled']} throttled by the gateway, "
        f"{stage.errors.total()} errors"
    )
    for error, count in stage.errors.most_common():
        console.print(f"  {count} × {error}", style="red", markup=False)


def _cells(row: RouteRow) -> tuple[str, ...]:
    times = (f"{row.ms[each]:.0f}" if row.ms else "" for each in PERCENTILES)
    return (row.route, str(row.count), str(row.rate_limited), str(row.throttled), str(row.errors), *times)
