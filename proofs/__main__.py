"""``python -m proofs COMMAND``."""

import argparse
import sys

from local.commands import run
from proofs.bench import command as bench
from proofs.chaos import command as chaos
from proofs.chaos_live import command as chaos_live
from proofs.cost import command as cost
from proofs.load import command as load
from proofs.own_model import command as own_model


def main(arguments: list[str] | None = None) -> int:
    """Run one command; answer its exit status."""
    return run(_parser(), arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m proofs", description="What Veil claims, proved.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in (chaos, chaos_live, load, bench, cost, own_model):
        each.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
