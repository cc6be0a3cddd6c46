"""``python -m proofs bench``."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from local.cloud.options import Options
from local.cloud.running import STATE
from local.cloud.up import cloud
from local.progress import Progress
from proofs.bench.report import page, table, write_json
from proofs.bench.row import Row
from proofs.bench.rows.answer import PREDICTION_SECONDS, answer
from proofs.bench.rows.history import history
from proofs.bench.rows.imports import import_times
from proofs.bench.rows.ledger import ledger
from proofs.bench.rows.photos import photos
from proofs.bench.rows.requests import warm_requests
from proofs.bench.rows.sizes import sizes
from proofs.bench.rows.starts import cold_starts, first_request
from proofs.bench.scene import scene

BENCH_STATE = STATE / "bench"
PAGE = Path("docs") / "benchmarks.md"
SETTINGS = {"WELCOME_CREDITS": "1000000", "RATE_LIMIT_MAX": "1000000"}
GROUPS = ("sizes", "starts", "requests", "photos", "history", "stack")
WHY = {  # of rows that may not hold, by the beginning of their names
    "time until the app has its answer (at once)": f"a hundredth of one prediction's {PREDICTION_SECONDS} s is less "
    "than the round trips take through this machine's API Gateway and functions; four predictions one by one, "
    "which is how a blocking request makes four images of a model that makes one, are within it.",
    "webhook: verify": "of 1.19 to 1.40 in several runs, on both sides of the limit: it also hashes the output "
    "(SHA-256, a tenth of the bare way's time), verifies, logs, counts. What differs from run to run is not found; "
    "whether 2 MB are given back to the kernel after each webhook is the first suspect.",
    "check of a photo of 24 megapixels": "our check decodes in a process of its own, which costs 4 to 8 ms of handing "
    "over; without it Pillow is level with sharp. libvips itself, unconfined, is measured beside it and no faster. "
    "A coarser filter would be within the limit and lose detail (docs/decisions/reading-process.md).",
}


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser("bench", help="what Veil costs beside the same work done bare, as ratios")
    parser.set_defaults(run=_run)
    parser.add_argument("--turns", type=int, default=15, help="of each measured pair (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=GROUPS, help="these rows alone; the page is not written")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")


def _run(parsed: argparse.Namespace) -> bool:
    """Whether every row holds."""
    console = Console(highlight=False)
    rows = list(_rows(parsed.only or GROUPS, parsed.turns, Progress(console)))
    console.print(table(rows))
    if parsed.json:
        write_json(rows, parsed.json)
    if not parsed.only:
        PAGE.write_text(page(rows, PREDICTION_SECONDS, WHY))
        console.print(f"written: {PAGE}")
    return all(row.holds for row in rows)


def _rows(groups: Iterable[str], turns: int, progress: Progress) -> Iterator[Row]:
    made: dict[str, Callable[[], Iterator[Row]]] = {
        "sizes": sizes,
        "starts": lambda: _starts(turns),
        "requests": lambda: _requests(turns),
        "photos": lambda: photos(turns),
        "history": history,
    }
    for group in groups:
        if group == "stack":
            yield from _stack(turns, progress)
            continue
        with progress.step(f"measure: {group}"):
            yield from list(made[group]())


def _starts(turns: int) -> Iterator[Row]:
    yield from cold_starts(turns)
    yield from import_times(turns)
    with scene(BENCH_STATE / "logs") as services:
        yield from first_request(services, turns)


def _requests(turns: int) -> Iterator[Row]:
    with scene(BENCH_STATE / "logs") as services:
        yield from warm_requests(services, turns)


def _stack(turns: int, progress: Progress) -> Iterator[Row]:
    """What is measured on the deployed local stack; the slow rows take a fifth of the turns."""
    options = Options(state=BENCH_STATE, settings=SETTINGS)
    with cloud(options, progress) as running:
        with progress.step("measure: the ledger"):
            yield from list(ledger(running, turns))
        with progress.step("measure: time until the answer"):
            yield from list(answer(running, options.replicate_token, max(3, turns // 5)))
