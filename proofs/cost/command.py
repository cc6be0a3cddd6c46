"""``python -m proofs cost``."""

import argparse
from typing import Any

from rich.console import Console

from local.cloud.running import STATE
from local.processes import ROOT
from operations.progress import Progress
from proofs.commands import add_command, add_page, at_least_one, write_json

PAGE = ROOT / "docs" / "costs.md"


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "cost", _run, "count what a generation costs on AWS, and price it")
    visits = "visits that are counted (default: %(default)s)"
    parser.add_argument("--generations", type=at_least_one, default=12, help=visits)
    add_page(parser, PAGE)


def _run(parsed: argparse.Namespace) -> None:
    from proofs.cost.card import page, show  # noqa: PLC0415 - libraries that the other commands never need
    from proofs.cost.prices import PriceSheet, Waits  # noqa: PLC0415
    from proofs.cost.report import cost_report  # noqa: PLC0415
    from proofs.cost.run import measure  # noqa: PLC0415

    prices, waits = PriceSheet.read(), Waits.read()  # before the run: it takes minutes
    report = cost_report(measure(parsed.generations, STATE / "cost", Progress()), prices, waits)
    show(report, Console(highlight=False))
    parsed.page.write_text(page(report))
    if parsed.json:
        write_json(parsed.json, report.as_json())
