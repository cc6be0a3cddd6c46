"""``python -m local chaos``: simulate, show the card, and fail on any violation."""

import argparse
import json
import secrets
from pathlib import Path

from rich.console import Console

from local.processes import ROOT

PAGE = ROOT / "docs" / "chaos.md"
GENERATIONS = 10_000


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, help="replays that run (default: drawn, and printed)")
    command.add_argument("--generations", type=int, default=GENERATIONS, help="at least so many (default: %(default)s)")
    command.add_argument("--json", type=Path, metavar="FILE", help="also write the score to a file")
    command.add_argument(
        "--page", type=Path, default=PAGE, metavar="FILE", help="where the score card goes (default: docs/chaos.md)"
    )


def chaos(parsed: argparse.Namespace) -> bool:
    """Run it; answer whether there was no violation."""
    from local.simulation.card import page, summary  # noqa: PLC0415 - all of Veil, which no other command needs
    from local.simulation.runner import run_all  # noqa: PLC0415

    seed = secrets.randbelow(1_000_000) if parsed.seed is None else parsed.seed
    console = Console(highlight=False)
    console.print(f"seed {seed}: replay with --seed {seed} --generations {parsed.generations}")
    with console.status("simulating …") as status:

        def told(what: str, done: int, of: int) -> None:
            status.update(f"{what}: {done} of {of}")
            if not console.is_terminal and done * 10 // of != (done - 1) * 10 // of:
                console.print(f"{what}: {done} of {of}")

        run = run_all(seed, parsed.generations, told)
    console.print(summary(run), markup=False)
    parsed.page.write_text(page(run))
    if parsed.json:
        parsed.json.write_text(json.dumps(run.as_json(), indent=2) + "\n")
    return not (run.score.violations or run.score.unended)
