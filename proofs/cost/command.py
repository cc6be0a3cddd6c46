"""``python -m proofs cost``."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console

from local.cloud.running import STATE
from local.processes import ROOT
from local.progress import Progress

PAGE = ROOT / "docs" / "costs.md"
COST_STATE = STATE / "cost"


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("cost", help="count what a generation costs on AWS, and price it")
    parser.set_defaults(run=_run)
    parser.add_argument("--generations", type=_some, default=12, help="visits that are counted (default: %(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the report to a file")
    where = "where the page goes (default: docs/costs.md)"
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help=where)


def _run(parsed: argparse.Namespace) -> None:
    from proofs.cost.card import page, show  # noqa: PLC0415 - libraries that the other commands never need
    from proofs.cost.prices import Sheet, Waits  # noqa: PLC0415
    from proofs.cost.report import report  # noqa: PLC0415
    from proofs.cost.run import measure  # noqa: PLC0415

    sheet, waits = Sheet.read(), Waits.read()
    found = report(measure(parsed.generations, COST_STATE, Progress()), sheet, waits)
    show(found, Console(highlight=False))
    parsed.page.write_text(page(found))
    if parsed.json:
        parsed.json.parent.mkdir(parents=True, exist_ok=True)
        parsed.json.write_text(json.dumps(found.json(), indent=2, sort_keys=True) + "\n")


def _some(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("one generation at the least")
    return number
