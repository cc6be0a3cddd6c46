"""``python -m local.web_shots``: a picture of every screen in every state, and a page that shows them."""

import argparse
import sys
from pathlib import Path

from local.commands import run
from local.processes import ROOT
from local.web_shots.looks import LOOKS
from local.web_shots.shoot import shoot
from local.web_shots.states import STATES
from operations.progress import Progress
from operations.web import build

OUT = ROOT / "out" / "screens"


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; answer the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local.web_shots", description=__doc__.partition(": ")[2])
    parser.set_defaults(run=_shoot)
    parser.add_argument("--only", action="append", metavar="TEXT", help="states whose name has it; repeatable")
    parser.add_argument("--look", action="append", metavar="TEXT", help="looks whose name has it, as phone or dark")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the pictures (default: out/screens)")
    return run(parser, arguments)


def _shoot(parsed: argparse.Namespace) -> None:
    progress = Progress()
    with progress.step("build the web client"):
        build()
    states = [state for state in STATES if _has(state.name, parsed.only)]
    looks = [look for look in LOOKS if _has(look.name, parsed.look)]
    progress.say(f"All of them: {shoot(states, looks, parsed.out, progress)}")


def _has(name: str, texts: list[str] | None) -> bool:
    return not texts or any(text in name for text in texts)


if __name__ == "__main__":
    sys.exit(main())
