"""The operations on the command line: `python -m operations` runs them on a stage, `python -m local` on its cloud."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from operations.audit.report import audit_of, run
from operations.grant import grant
from operations.stage import Stage

type StageOf = Callable[[argparse.Namespace], Stage]


def add_operations(commands: Any, add_place: Callable[[argparse.ArgumentParser], None], stage_of: StageOf) -> None:
    """Add every operation to the parser's ``commands``; ``add_place`` adds the arguments that ``stage_of`` reads."""
    granted = commands.add_parser("grant", help="add credits to a user's account")
    add_place(granted)
    granted.add_argument("user", help="the user: the access token's sub")
    granted.add_argument("credits", type=int, help="how many")
    granted.set_defaults(run=lambda parsed: _grant(stage_of(parsed), parsed))

    audited = commands.add_parser("audit", help="account for every credit, generation and photo; 1 on any finding")
    add_place(audited)
    audited.add_argument("--json", type=Path, metavar="FILE", help="also write the report to a file")
    audited.set_defaults(run=lambda parsed: run(audit_of(stage_of(parsed)), parsed.json, Console(highlight=False)))


def _grant(stage: Stage, parsed: argparse.Namespace) -> None:
    available = grant(stage, parsed.user, parsed.credits)
    print(f"{parsed.user} has {available} credits")
