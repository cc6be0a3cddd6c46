"""What an audit can find."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Rule(StrEnum):
    """What does not hold."""

    ACCOUNT_MISSING = "account_missing"
    COST_WRONG = "cost_wrong"
    CREDITS_DO_NOT_BALANCE = "credits_do_not_balance"
    CUSTOMER_DIFFERS = "customer_differs"
    ENTRIES_DO_NOT_ADD_UP = "entries_do_not_add_up"
    ERASED_WITH_ITEMS = "erased_with_items"
    GENERATION_MISSING = "generation_missing"
    KEPT_TOO_LONG = "kept_too_long"
    MALFORMED = "malformed"
    MONEY_REFUND_WRONG = "money_refund_wrong"
    OBJECT_DIFFERS = "object_differs"
    OBJECT_MISSING = "object_missing"
    OBJECT_STRAY = "object_stray"
    OFF_THE_LIST = "off_the_list"
    ORDER_ENTRY_WRONG = "order_entry_wrong"
    ORDER_MISSING = "order_missing"
    ORDER_WRONG = "order_wrong"
    OVERDRAWN = "overdrawn"
    OVERDUE = "overdue"
    POINTER_MISSING = "pointer_missing"
    RAW_PHOTO_KEPT = "raw_photo_kept"
    RETAINED_NAMED = "retained_named"
    REFUND_WRONG = "refund_wrong"
    RENEWED_TWICE = "renewed_twice"
    RESERVE_WRONG = "reserve_wrong"
    SCORE_WITHOUT_CONSENT = "score_without_consent"
    SUBSCRIPTION_WRONG = "subscription_wrong"
    TOSS_DIFFERS = "toss_differs"
    UNLIKE_STORED = "unlike_stored"
    UNSWEPT = "unswept"
    UNTOLD = "untold"
    WELCOMES_DO_NOT_ADD_UP = "welcomes_do_not_add_up"
    WITHDRAWALS_DO_NOT_ADD_UP = "withdrawals_do_not_add_up"


@dataclass(frozen=True, slots=True)
class Finding:
    """``generation`` and ``order`` are ids, each of what the finding is about, if it is about one."""

    user: str
    generation: str | None
    rule: Rule
    detail: str
    order: str | None = None

    @property
    def where(self) -> str:
        """What it is about, in words."""
        about = [("generation", self.generation), ("order", self.order)]
        return " ".join([f"user {self.user}", *(f"{name} {id_}" for name, id_ in about if id_)])


def utc(at: float) -> str:
    """Epoch seconds in words."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
