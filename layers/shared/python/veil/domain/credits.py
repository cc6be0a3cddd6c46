"""Credits and the ledger. The sum of a user's entries is what is available to them, at every moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum

SEOUL = timezone(timedelta(hours=9))  # without summer time since 1988
WELCOME = "welcome"  # the reference of the entry


class EntryKind(StrEnum):
    GRANT = "grant"
    PURCHASE = "purchase"
    RESERVE = "reserve"
    REFUND = "refund"
    WITHDRAW = "withdraw"  # money went back
    RESTORE = "restore"  # a withdrawal whose money could not go back


@dataclass(frozen=True, slots=True)
class Entry:
    """One immutable line of the ledger: ``amount`` credits were added (> 0) or taken (< 0)."""

    id: str
    kind: EntryKind
    amount: int
    reference: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Balance:
    """Credits that can be spent, those that open images hold, and those whose money went back after they were spent.

    ``welcome_due``: the welcome is still to come, and was not asked for today.
    """

    available: int
    held: int
    owed: int = 0
    welcome_due: bool = False


def welcome_day(now: float) -> str:
    """The day in Seoul, whose budget a welcome is taken from: ``2026-11-26``; they sort as the days do."""
    return datetime.fromtimestamp(now, SEOUL).date().isoformat()
