"""Looking, on the command line, as `operations.commands` has the other operations."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

from operations.look import generation, user
from operations.look.find import owner, user_named
from operations.look.logs import lines_of
from operations.look.output import progress, show
from operations.look.status import status_of
from operations.money import in_words
from operations.stage import Stage
from operations.user_hash import user_hash
from veil.adapters.user_hash import DIGITS_IN_LOGS

LOG_DAYS = 3.0
MOST_DAYS = 365

type StageOf = Callable[[argparse.Namespace], Stage]


def add_looks(commands: Any, add_place: Callable[[argparse.ArgumentParser], None], stage_of: StageOf) -> None:
    """Add them to the parser's ``commands``, as `operations.commands.add_operations` does."""
    asked = commands.add_parser("status", help="what is open, late, ringing and spent; 1 where somebody should look")
    asked.set_defaults(run=lambda parsed: _status(stage_of(parsed), parsed))

    seen = commands.add_parser("generation", help="look a generation up: attempts, credits, objects, the next step")
    seen.add_argument("generation", metavar="ID", help="the generation's id")
    seen.add_argument("--user", metavar="SUB", help="whose it is, where you know: nothing has to be scanned for it")
    seen.add_argument(
        "--logs", type=_days, nargs="?", const=LOG_DAYS, metavar="DAYS",
        help="also its lines in the functions' logs, of so many days (default: %(const)g)",
    )  # fmt: skip
    seen.set_defaults(run=lambda parsed: _generation(stage_of(parsed), parsed))

    known = commands.add_parser("user", help="look a user up: account, ledger, uploads, generations, orders, consents")
    known.add_argument("user", metavar="SUB|HASH", help="the access token's sub, or the hash that the log has")
    known.set_defaults(run=lambda parsed: _user(stage_of(parsed), parsed))

    for command in (asked, seen, known):
        add_place(command)
        command.add_argument(
            "--json", type=Path, metavar="FILE", help="also write it to a file; '-' prints the JSON alone"
        )


def _status(stage: Stage, parsed: argparse.Namespace) -> bool:
    with in_words(), progress().status("looking at the work list, the queues, the alarms and the metrics …"):
        status = status_of(stage, time)
    show(status.lines(), status.as_json(), parsed.json)
    return not status.wrong


def _generation(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words():
        whose = parsed.user or owner(stage, parsed.generation)
        hashed = user_hash(stage)(whose)[:DIGITS_IN_LOGS]
        seen = generation.look_at(stage, whose, parsed.generation, hashed, time)
        if parsed.logs is not None:
            with progress().status(f"reading {parsed.logs:g} days of logs …"):
                seen = seen.with_logs(lines_of(stage, parsed.generation, parsed.logs, time))
    show(seen.lines(), seen.as_json(), parsed.json)


def _user(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words():
        hashed = user_hash(stage)
        whose = user_named(stage, parsed.user, hashed)
        seen = user.look_at(stage, whose, hashed(whose)[:DIGITS_IN_LOGS])
    show(seen.lines(), seen.as_json(), parsed.json)


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not 0 < days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days up to {MOST_DAYS}")
    return days
