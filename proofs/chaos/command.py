"""``python -m proofs chaos``: simulate, fuzz, show the card, and fail on any violation."""

import argparse
from typing import TYPE_CHECKING, Any

from rich.console import Console

from local.processes import ROOT, LocalError
from proofs.commands import add_command, add_page, add_seed, write_json

if TYPE_CHECKING:
    from proofs.chaos.fuzz import FuzzReport
    from proofs.chaos.simulation.runner import ChaosReport


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = add_command(commands, "chaos", chaos, "simulate everything going wrong; 1 on any violation")
    add_seed(parser)
    parser.add_argument("--generations", type=int, default=10_000, help="at least so many (default: %(default)s)")
    seconds = "of the check of photos (default: %(default)s; 0: none)"
    parser.add_argument("--fuzz-seconds", type=int, default=60, help=seconds)
    add_page(parser, ROOT / "docs" / "chaos.md")


def chaos(parsed: argparse.Namespace) -> bool:
    """Run it; answer whether there was no violation."""
    from proofs.chaos.simulation.card import page, summary  # noqa: PLC0415 - all of Veil, which no other command needs

    console = Console(highlight=False)
    console.print(f"seed {parsed.seed}: replay with --seed {parsed.seed} --generations {parsed.generations}")
    report = _simulate(parsed.seed, parsed.generations, console)
    fuzz = _fuzz(parsed.fuzz_seconds, parsed.seed, console)
    fuzzed = _in_words(fuzz)
    console.print(f"{summary(report)}\n- {fuzzed}", markup=False)
    parsed.page.write_text(page(report, fuzzed))
    if parsed.json:
        write_json(parsed.json, {**report.as_json(), "fuzz": fuzz and fuzz.as_json()})
    return not (report.score.violations or report.score.unended or (fuzz and fuzz.findings))


def _simulate(seed: int, generations: int, console: Console) -> "ChaosReport":
    from proofs.chaos.simulation.runner import run_all  # noqa: PLC0415

    with console.status("simulating …") as status:

        def progress(what: str, done: int, of: int) -> None:
            status.update(f"{what}: {done} of {of}")
            if not console.is_terminal and done * 10 // of != (done - 1) * 10 // of:
                console.print(f"{what}: {done} of {of}")

        return run_all(seed, generations, progress)


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


def _in_words(fuzz: "FuzzReport | None") -> str:
    if fuzz is None:
        return "The check of photos was not fuzzed."
    found = ", ".join(map(str, fuzz.findings)) or "nothing found"
    return f"The check of photos was fuzzed for {fuzz.seconds:.0f} s with {fuzz.executions:,} inputs: {found}."
