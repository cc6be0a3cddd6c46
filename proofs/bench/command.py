"""``python -m proofs bench``."""

import argparse
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console

from local.cloud.options import Options
from local.cloud.running import STATE
from local.progress import Progress
from proofs.bench.row import BenchRow, page, table
from proofs.bench.rows.answer import PREDICTION_SECONDS, answer
from proofs.bench.rows.functions import cold_starts, first_request, sizes
from proofs.bench.rows.history import history
from proofs.bench.rows.ledger import ledger
from proofs.bench.rows.photos import photos
from proofs.bench.rows.requests import warm_requests
from proofs.bench.scene import Scene, scene
from proofs.commands import add_command, write_json
from proofs.stack import deployed

BENCH_STATE = STATE / "bench"
PAGE = Path("docs") / "benchmarks.md"
SETTINGS = {"WELCOME_CREDITS": "1000000", "RATE_LIMIT_MAX": "1000000"}


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "bench", _run, "what Veil costs beside the same work done bare, as ratios")
    parser.add_argument("--turns", type=int, default=15, help="of each measured pair (default: %(default)s)")
    only = "these rows alone; the page is not written"
    parser.add_argument("--only", action="append", choices=(*GROUPS, "stack"), help=only)


def _run(parsed: argparse.Namespace) -> bool:
    """Whether every row holds."""
    console = Console(highlight=False)
    progress, rows = Progress(console), list[BenchRow]()
    for group in parsed.only or (*GROUPS, "stack"):
        if group == "stack":
            rows += _stack(parsed.turns, progress)
        else:
            with progress.step(f"measure: {group}"):
                rows += GROUPS[group](parsed.turns)
    console.print(table(rows))
    if parsed.json:
        write_json(parsed.json, {"rows": [row.as_json() for row in rows]})
    if not parsed.only:
        PAGE.write_text(page(rows, PREDICTION_SECONDS))
        console.print(f"written: {PAGE}")
    return all(row.holds for row in rows)


def _with_scene(rows: Callable[[Scene, int], Iterator[BenchRow]]) -> Callable[[int], Iterator[BenchRow]]:
    def measure(turns: int) -> Iterator[BenchRow]:
        with scene(BENCH_STATE / "logs") as services:
            yield from rows(services, turns)

    return measure


GROUPS: dict[str, Callable[[int], Iterator[BenchRow]]] = {
    "sizes": lambda _: sizes(),
    "starts": lambda turns: chain(cold_starts(turns), _with_scene(first_request)(turns)),
    "requests": _with_scene(warm_requests),
    "photos": photos,
    "history": lambda _: history(),
}


def _stack(turns: int, progress: Progress) -> Iterator[BenchRow]:
    """What is measured on the deployed local stack; the slow rows take a fifth of the turns."""
    options = Options(state=BENCH_STATE, settings=SETTINGS)
    with deployed(options, progress) as stack:
        with progress.step("measure: the ledger"):
            yield from list(ledger(stack.running, turns))
        with progress.step("measure: time until the answer"):
            yield from list(answer(stack, options.replicate_token, max(3, turns // 5)))
