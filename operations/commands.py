"""The operations on the command line: `python -m operations` runs them on a stage, `python -m local` on its cloud."""

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import sleep, time
from typing import Any

from rich.console import Console

from operations.audit.against_toss import AgainstToss
from operations.audit.report import audit_of, run
from operations.client import VeilClient
from operations.erase import erase
from operations.errors import OperationError
from operations.grant import grant
from operations.look.commands import add_looks
from operations.money import StageMoney, in_words
from operations.money_commands import add_money_operations, one_line
from operations.progress import Progress
from operations.restore import restore
from operations.smoke import PHOTO, Smoke, user_of
from operations.stage import Stage
from operations.user_hash import hash_in_logs

type StageOf = Callable[[argparse.Namespace], Stage]


def add_operations(commands: Any, add_place: Callable[[argparse.ArgumentParser], None], stage_of: StageOf) -> None:
    """Add every operation to the parser's ``commands``; ``add_place`` adds the arguments that ``stage_of`` reads."""
    granted = commands.add_parser("grant", help="add credits to a user's account")
    add_place(granted)
    granted.add_argument("user", help="the user: the access token's sub")
    granted.add_argument("credits", type=int, help="how many")
    granted.add_argument("--reason", type=one_line, help="why; the user may read it in the ledger")
    granted.set_defaults(run=lambda parsed: _grant(stage_of(parsed), parsed))

    hashed = commands.add_parser("user-hash", help="print what a user's lines have as their user in the log")
    add_place(hashed)
    hashed.add_argument("user", help="the user: the access token's sub")
    hashed.set_defaults(run=lambda parsed: _hash(stage_of(parsed), parsed))

    audited = commands.add_parser("audit", help="account for every credit, generation and photo; 1 on any finding")
    add_place(audited)
    audited.add_argument("--json", type=Path, metavar="FILE", help="also write the report to a file")
    audited.add_argument("--toss", action="store_true", help="also hold each order against Toss, one read an order")
    audited.set_defaults(run=lambda parsed: _audit(stage_of(parsed), parsed))

    add_looks(commands, add_place, stage_of)
    add_money_operations(commands, add_place, stage_of)

    erased = commands.add_parser("erase", help="erase a user; or, after a restore, all who had left")
    add_place(erased)
    erased.add_argument("user", nargs="?", help="the user: the access token's sub")
    erased.add_argument("--again", action="store_true", help="all users whose keyed hash has a tombstone")
    erased.add_argument("--tombstones", metavar="TABLE", help="the table that the stage's was restored from")
    erased.add_argument("--patience", type=float, default=300, metavar="SECONDS", help="(default: %(default)s)")
    erased.set_defaults(run=lambda parsed: _erase(stage_of(parsed), parsed))

    restored = commands.add_parser("restore", help="bring back what the table has lost, from one that was restored")
    add_place(restored)
    restored.add_argument("table", help="the restored table, beside the stage's own")
    restored.set_defaults(run=lambda parsed: _restore(stage_of(parsed), parsed))

    had = commands.add_parser("token", help="print an access token of a user of its own, good for an hour")
    add_place(had)
    had.add_argument("--count", type=int, default=1, help="so many, each of another user, one a line (make load)")
    had.set_defaults(run=lambda parsed: _tokens(stage_of(parsed), parsed))

    smoked = commands.add_parser("smoke", help="do the main job once, as a user of its own; 1 on anything odd")
    add_place(smoked)
    smoked.add_argument("--photo", type=Path, default=PHOTO, help="the photo (default: the one that ships)")
    smoked.add_argument("--api-url", help="the API's address, where the stack's own is not the one that is used")
    smoked.add_argument(
        "--patience", type=float, default=600, metavar="SECONDS", help="for the images (default: %(default)s)"
    )
    smoked.set_defaults(run=lambda parsed: _smoke(stage_of(parsed), parsed))
    for command in (had, smoked):
        command.add_argument("--token-command", help="prints a token of your own issuer; or set VEIL_TOKEN to one")


def _token(stage: Stage, parsed: argparse.Namespace) -> str:
    return stage.access.token(lambda: stage.client("cognito-idp"), os.environ, parsed.token_command)


def _tokens(stage: Stage, parsed: argparse.Namespace) -> None:
    for _ in range(parsed.count):
        print(_token(stage, parsed), flush=True)


def _smoke(stage: Stage, parsed: argparse.Namespace) -> None:
    try:
        photo = parsed.photo.expanduser().read_bytes()
    except OSError as error:
        raise OperationError(f"can't read the photo {parsed.photo}: {error.strerror}") from None
    progress = Progress()
    with progress.step("a token is had"):
        token = _token(stage, parsed)
    here = stage.access.token_url is not None
    with VeilClient(parsed.api_url or stage.api_url, token, proxies=not here) as client:
        Smoke(client, partial(grant, stage), progress, parsed.patience).run(photo, user_of(token))
    progress.say("All is well.")


def _grant(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words():
        balance = grant(stage, parsed.user, parsed.credits, parsed.reason or "")
    owed = f", and owes {balance.owed}" if balance.owed else ""
    print(f"{parsed.user} has {balance.available} credits{owed}")


def _hash(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words():
        print(hash_in_logs(stage, parsed.user))


def _erase(stage: Stage, parsed: argparse.Namespace) -> bool:
    with in_words():
        return erase(
            stage,
            parsed.user,
            again=parsed.again,
            tombstones=parsed.tombstones,
            patience=parsed.patience,
            say=print,
            wait=sleep,
        )


def _restore(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words():
        restore(stage, parsed.table, print)


def _audit(stage: Stage, parsed: argparse.Namespace) -> bool:
    console = Console(highlight=False)
    if not parsed.toss:
        return run(audit_of(stage), parsed.json, console)
    with StageMoney(stage) as money:
        toss = AgainstToss(money.payments, money.orders.get, time, sleep, console.print)
        return run(audit_of(stage, toss), parsed.json, console, toss)
