"""The operations of money on the command line, as `operations.commands` has the others."""

import argparse
import sys
from collections.abc import Callable
from time import sleep
from typing import Any

from operations.ask import Ask
from operations.dispute import Dispute
from operations.money import StageMoney, in_words
from operations.order import look_up
from operations.progress import Progress
from operations.refund import Refund
from operations.stage import Stage
from operations.webhook import CARE, WHERE, webhook_url
from veil.domain.ids import new_id

MOST_CHARACTERS = 100

type StageOf = Callable[[argparse.Namespace], Stage]


def one_line(text: str) -> str:
    """A reason or a key: some text on one line, that can be printed and kept."""
    text = text.strip()
    if not text.isprintable() or not 1 <= len(text) <= MOST_CHARACTERS:
        raise argparse.ArgumentTypeError(f"takes one line of 1 to {MOST_CHARACTERS} characters")
    return text


def _whole(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return number


def add_money_operations(
    commands: Any, add_place: Callable[[argparse.ArgumentParser], None], stage_of: StageOf
) -> None:
    """Add them to the parser's ``commands``, as `operations.commands.add_operations` does."""
    shown = commands.add_parser("order", help="look an order up: credits, money, what Toss says, what is refundable")
    how = shown.add_mutually_exclusive_group()
    how.add_argument("--no-toss", action="store_true", help="leave out what Toss says")
    how.add_argument("--settle", action="store_true", help="apply what Toss says, as the functions would")
    shown.set_defaults(run=lambda parsed: _order(stage_of(parsed), parsed))

    refunded = commands.add_parser("refund", help="give the money for an order's unspent credits back")
    refunded.add_argument("--credits", type=_whole, help="so many of them (default: all that are unspent)")
    refunded.add_argument("--reason", type=one_line, required=True, help="why; it is kept with the refund")
    refunded.add_argument(
        "--patience", type=float, default=600, metavar="SECONDS", help="for it to be settled (default: %(default)s)"
    )
    refunded.set_defaults(run=lambda parsed: _refund(stage_of(parsed), parsed))

    disputed = commands.add_parser("dispute", help="book what a card company took back, of which Toss tells nothing")
    disputed.add_argument("--amount", type=_whole, metavar="KRW", help="so much (default: all that has not gone back)")
    disputed.add_argument("--key", type=one_line, help="a name of the dispute: what was booked under it is not again")
    disputed.add_argument("--yes", action="store_true", help="book it without asking")
    disputed.set_defaults(run=lambda parsed: _dispute(stage_of(parsed), parsed))

    for command in (shown, refunded, disputed):
        add_place(command)
        command.add_argument("order", metavar="ID", help="the order's id")

    called = commands.add_parser("webhook", help="print the address that Toss is to call, to register it there")
    add_place(called)
    called.set_defaults(run=lambda parsed: _webhook(stage_of(parsed)))


def _order(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words(), StageMoney(stage) as money:
        look_up(money, parsed.order, toss=not parsed.no_toss, settle=parsed.settle)


def _refund(stage: Stage, parsed: argparse.Namespace) -> bool:
    progress = Progress()
    with in_words(), StageMoney(stage, progress.say) as money:
        return Refund(money, progress, sleep, parsed.patience)(parsed.order, parsed.credits, parsed.reason)


def _dispute(stage: Stage, parsed: argparse.Namespace) -> None:
    with in_words(), StageMoney(stage) as money:
        key = parsed.key or new_id(money.clock())
        print(f"The dispute's key is {key}: with --key the same command does it no second time.")
        Dispute(money, Ask(parsed.yes))(parsed.order, key, parsed.amount)


def _webhook(stage: Stage) -> None:
    """The address alone goes to standard output, so that it can be piped."""
    with in_words():
        print(webhook_url(stage))
    print(f"{WHERE}\n{CARE}", file=sys.stderr)
