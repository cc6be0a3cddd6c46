"""``python -m proofs chaos``: simulate, fuzz, show the card, and fail on any violation."""

import argparse
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from local.processes import ROOT, LocalError

if TYPE_CHECKING:
    from proofs.chaos.fuzz import FuzzReport
    from proofs.chaos.simulation.runner import Run

PAGE = ROOT / "docs" / "chaos.md"
GENERATIONS = 10_000
FUZZ_SECONDS = 60


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    command = commands.add_parser("chaos", help="simulate everything going wrong; 1 on any violation")
    command.set_defaults(run=chaos)
    where = "where the score card goes (default: docs/chaos.md)"
    command.add_argument("--seed", type=int, help="replays that run (default: drawn, and printed)")
    command.add_argument("--generations", type=int, default=GENERATIONS, help="at least so many (default: %(default)s)")
    command.add_argument(
        "--fuzz-seconds", type=int, default=FUZZ_SECONDS, help="of the check of photos (default: %(default)s; 0: none)"
    )
    command.add_argument("--json", type=Path, metavar="FILE", help="also write the score to a file")
    command.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help=where)


def chaos(parsed: argparse.Namespace) -> bool:
    """Run it; answer whether there was no violation."""
    from proofs.chaos.simulation.card import page, summary  # noqa: PLC0415 - all of Veil, which no other command needs

    seed = secrets.randbelow(1_000_000) if parsed.seed is None else parsed.seed
    console = Console(highlight=False)
    console.print(f"seed {seed}: replay with --seed {seed} --generations {parsed.generations}")
    run = _simulate(seed, parsed.generations, console)
    fuzz = _fuzz(parsed.fuzz_seconds, seed, console)
    fuzzed = _sentence(fuzz)
    console.print(f"{summary(run)}\n- {fuzzed}", markup=False)
    parsed.page.write_text(page(run, fuzzed))
    if parsed.json:
        parsed.json.write_text(json.dumps({**run.as_json(), "fuzz": _as_json(fuzz)}, indent=2) + "\n")
    return not (run.score.violations or run.score.unended or (fuzz and fuzz.findings))


def _simulate(seed: int, generations: int, console: Console) -> "Run":
    from proofs.chaos.simulation.runner import run_all  # noqa: PLC0415

    with console.status("simulating …") as status:

        def told(what: str, done: int, of: int) -> None:
            status.update(f"{what}: {done} of {of}")
            if not console.is_terminal and done * 10 // of != (done - 1) * 10 // of:
                console.print(f"{what}: {done} of {of}")

        return run_all(seed, generations, told)


def _fuzz(seconds: int, seed: int, console: Console) -> "FuzzReport | None":
    """None where nothing was fuzzed: not asked for, or no fuzzer for this system."""
    from proofs.chaos import fuzz  # noqa: PLC0415

    if not seconds:
        return None
    console.print(f"fuzzing the check of photos for {seconds} s")
    try:
        return fuzz.run(seconds, seed, say=lambda line: console.print(line, markup=False))
    except LocalError as error:
        console.print(f"not fuzzed: {error}", markup=False)
        return None


def _sentence(fuzz: "FuzzReport | None") -> str:
    if fuzz is None:
        return "The check of photos was not fuzzed."
    found = ", ".join(map(str, fuzz.findings)) or "nothing found"
    return f"The check of photos was fuzzed for {fuzz.seconds:.0f} s with {fuzz.executions:,} inputs: {found}."


def _as_json(fuzz: "FuzzReport | None") -> dict[str, object] | None:
    if fuzz is None:
        return None
    return {"executions": fuzz.executions, "seconds": fuzz.seconds, "findings": [str(file) for file in fuzz.findings]}
