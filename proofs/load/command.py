"""``python -m proofs load``: its arguments, and its tables."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from local.progress import Progress
from proofs.load.run import Outcome, Plan, load
from proofs.load.tally import PERCENTILES, Row, Tally

WHAT_IT_SAYS = (
    "Latencies are this machine's, which runs the cloud, the functions, the providers' stand-ins and the users at "
    "once: they say what queues behind what, and nothing of what AWS would do. Portraits of one photo and style are "
    "rendered once."
)


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("load", help="many users at once on the deployed stack; 1 on any error or finding")
    parser.set_defaults(run=_run)
    parser.add_argument(
        "--users",
        type=_count,
        action="append",
        help="how many at once; again for one more crowd (default: 50, then 500)",
    )
    parser.add_argument(
        "--ramp", type=_count, default=Plan.ramp, metavar="SECONDS", help="until all have come (default: %(default).0f)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _run(parsed: argparse.Namespace) -> bool:
    """Whether nobody met an error, and nothing was lost."""
    plan = Plan(tuple(parsed.users or Plan.users), parsed.ramp)
    outcome = load(plan, Progress())
    show(outcome, Console(highlight=False))
    if parsed.json:
        parsed.json.write_text(json.dumps(outcome.as_json(), indent=2) + "\n")
    return outcome.passed


def show(outcome: Outcome, console: Console) -> None:
    """Print the tables, and everything that is wrong."""
    for stage in outcome.stages:
        _show_stage(stage, console)
    console.print(WHAT_IT_SAYS, soft_wrap=True)
    for left in outcome.unfinished:
        console.print(f"never ended: {left}", style="red", markup=False, soft_wrap=True)
    for each in outcome.audit.findings:
        console.print(
            f"{each.rule}: {each.user} {each.generation or ''}: {each.detail}",
            style="red",
            markup=False,
            soft_wrap=True,
        )
    report = outcome.audit
    found = f"{len(report.findings)} findings" if report.findings else "no findings"
    console.print(f"audit: {report.users} users, {report.generations} generations: {found}")


def _show_stage(stage: Tally, console: Console) -> None:
    figures = stage.as_json()
    table = Table(box=None, pad_edge=False, title_justify="left", title=f"{stage.users} users")
    table.add_column("route, in ms", no_wrap=True)
    for name in ("count", "429", "errors", *(f"{each} %" for each in PERCENTILES[:-1]), "max"):
        table.add_column(name, justify="right")
    for row in stage.rows():
        table.add_row(*_cells(row))
    console.print()
    console.print(table)
    console.print(
        f"{figures['requests']} requests in {figures['seconds']} s: {figures['requests_per_second']} a second, "
        f"{figures['generations_per_minute']} generations a minute; {figures['rate_limited']} × 429, "
        f"{stage.errors.total()} errors",
        soft_wrap=True,
    )
    for error, count in stage.errors.most_common():
        console.print(f"  {count} × {error}", style="red", markup=False, soft_wrap=True)


def _cells(row: Row) -> tuple[str, ...]:
    times = (f"{row.ms[each]:.0f}" if row.ms else "" for each in PERCENTILES)
    return (row.route, str(row.count), str(row.rate_limited), str(row.errors), *times)
