"""Credits and the ledger. The sum of a user's entries is what is available to them, at every moment."""

from dataclasses import dataclass
from enum import StrEnum


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
    """Credits that can be spent, those that open images hold, and those whose money went back after they were spent."""

    available: int
    held: int
    owed: int = 0
