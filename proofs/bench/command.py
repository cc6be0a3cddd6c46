"""``python -m proofs bench``."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from local.cloud.options import Options
from local.cloud.running import STATE
from operations.progress import Progress
from proofs.bench.row import BenchRow, page, table
from proofs.bench.rows.answer import PREDICTION_SECONDS, answer
from proofs.bench.rows.functions import cold_starts, first_request, import_times, sizes
from proofs.bench.rows.history import history
from proofs.bench.rows.ledger import ledger
from proofs.bench.rows.photos import photos
from proofs.bench.rows.requests import warm_requests
from proofs.bench.rows.web import web
from proofs.bench.scene import scene
from proofs.commands import add_command, write_json
from proofs.stack import deployed

BENCH_STATE = STATE / "bench"
PAGE = Path("docs") / "benchmarks.md"
GROUPS = ("sizes", "starts", "requests", "photos", "history", "web", "stack")
SETTINGS = {
    "WELCOME_CREDITS": "1000000",
    "WELCOME_BUDGET_CREDITS_PER_DAY": "1000000000000",
    "RATE_LIMIT_MAX": "1000000",
}


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "bench", _run, "what Veil costs beside the same work done bare, as ratios")
    parser.add_argument("--turns", type=int, default=15, help="of each measured pair (default: %(default)s)")
    only = "these rows alone; the page is not written"
    parser.add_argument("--only", action="append", choices=GROUPS, help=only)


def _run(parsed: argparse.Namespace) -> bool:
    """Whether every row holds."""
    console = Console(highlight=False)
    progress, rows = Progress(console), list[BenchRow]()
    for group in parsed.only or GROUPS:
        if group == "stack":
            rows += _stack(parsed.turns, progress)
        else:
            with progress.step(f"measure: {group}"):
                rows += _measure(group, parsed.turns)
    console.print(table(rows))
    if parsed.json:
        write_json(parsed.json, {"rows": [row.as_json() for row in rows]})
    if not parsed.only:
        PAGE.write_text(page(rows, PREDICTION_SECONDS))
        console.print(f"written: {PAGE}")
    return all(row.holds for row in rows)


def _measure(group: str, turns: int) -> Iterator[BenchRow]:
    match group:
        case "sizes":
            yield from sizes()
        case "starts":
            yield from cold_starts(turns)
            yield from import_times(turns)
            with scene(BENCH_STATE / "logs") as services:
                yield from first_request(services, turns)
        case "requests":
            with scene(BENCH_STATE / "logs") as services:
                yield from warm_requests(services, turns)
        case "photos":
            yield from photos(turns)
        case "history":
            yield from history()
        case "web":
            yield from web(turns)


def _stack(turns: int, progress: Progress) -> Iterator[BenchRow]:
    """What is measured on the deployed local stack; the slow rows take a fifth of the turns."""
    options = Options(state=BENCH_STATE, settings=SETTINGS)
    with deployed(options, progress) as stack:
        with progress.step("measure: the ledger"):
            yield from list(ledger(stack.running, turns))
        with progress.step("measure: time until the answer"):
            yield from list(answer(stack, options.replicate_token, max(3, turns // 5)))
