"""The table: for the terminal, as a page, and for a program."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table

from proofs.bench.row import Row

INTRODUCTION = """# Benchmarks

`make bench` makes this page. Each row is a ratio: what Veil takes beside what the same work takes done bare, measured
side by side in one run, turn by turn, as medians; in brackets the least and the greatest ratio of any one turn. What is
counted has no spread. No row says how long anything takes: that is this machine's affair, its ratios are not.

"""
NOTES = """
## What is compared, and what is left out

- **Cold starts** are the CPU time of a fresh process until a function would take its first event: its folder and its
  layers as they are deployed, run by the bare interpreter. The yardstick has the same versions of the same packages, as
  pip installs them, byte code written. Lambda's own part (fetching the layers, its runtime) is on neither side.
- **Import times** are what a package's modules take in a fresh process of `generations`, each without what it imports
  (`-X importtime`), beside all of that function's imports.
- **Requests** run in warm processes on both sides, against AWS, Redis and Replicate that answer at once, without TLS;
  what counts is the process's CPU time in all of its threads. Before anything is measured, both sides are seen to make
  the very same calls. The bare script checks nothing, knows no retries of its own and writes its requests as they are.
- **Round trips** are those that follow each other. The four calls to Replicate go side by side (a test with a barrier
  proves it), so they are one.
- **Photos** are checked as the function checks them, each in a process of its own, beside sharp and libvips in
  processes that stay warm: the same bytes, upright, in sRGB, at most 1024 pixels, at quality 85. It is the time until
  the answer; memory is the peak of all processes that decode. The function's own process is on neither side.
- **The ledger** and **the time until the app has its answer** are measured on the deployed local stack. Settling is
  measured as refunding, which moves credits; storing is one small write. A prediction takes {prediction} s, as the
  published example of flux-1.1-pro says, and the local Replicate answers a create at once: with what the real one takes
  for that, the answer comes as much later. One by one is how a request waits that runs four predictions; at once, one
  with four threads.
- **The history** is read from the simulation's DynamoDB, which the storage contract holds against the local cloud, and
  its units are counted by the published rules (`proofs/cost/units.py`), for a page of nine.
- **Sizes** are those of the architecture where they are greater.
"""
HEAD = ("what", "against", "ratio", "must be", "")


def page(rows: Sequence[Row], prediction_seconds: float, why: dict[str, str]) -> str:
    """The table as Markdown; ``why`` explains rows that do not hold, by the beginning of their names."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|---|---:|---:|---|"]
    lines += [f"| {' | '.join(cells)} |" for cells in map(_cells, rows)]
    missed = [f"- **{row.name}**: {_why(row, why)}" for row in rows if not row.holds]
    reasons = ["", "## What is not reached", "", *missed] if missed else []
    return INTRODUCTION + "\n".join([*lines, *reasons]) + "\n" + NOTES.format(prediction=prediction_seconds)


def table(rows: Sequence[Row]) -> Table:
    """The same for a terminal."""
    shown = Table(*HEAD)
    for row in rows:
        shown.add_row(*_cells(row), style=None if row.holds else "red")
    return shown


def write_json(rows: Sequence[Row], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"rows": [row.document() for row in rows]}, indent=2) + "\n")


def _cells(row: Row) -> Iterator[str]:
    counted = row.spread is None
    yield row.name
    yield f"{row.ours:.4g} of {row.against:.4g} {row.unit} {row.what}" if counted else row.what
    spread = f" ({row.spread[0]:.3g}–{row.spread[1]:.3g})" if row.spread else ""
    yield f"{row.ratio:.3g}{spread}"
    yield f"{'≥' if row.at_least else '≤'} {row.limit:g}"
    yield "holds" if row.holds else "**not reached**"


def _why(row: Row, why: dict[str, str]) -> str:
    return next((reason for name, reason in why.items() if row.name.startswith(name)), "nobody has said why yet.")
