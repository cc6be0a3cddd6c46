"""Leaving: what of an account is erased, what is kept without a name, and what the receipt says.

erasing → done → (one more look) → the tombstone alone, until its day is over
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from re import compile as pattern

from veil.domain.deadlines import CLEANUP_SECONDS
from veil.domain.orders import Order, OrderKind, OrderStatus

CONFIRMATION = "delete my account"
FRESH_SECONDS = 300  # how long ago a person may have signed in who may leave
RECEIPT = pattern(r"[0-9a-f]{32}")  # 128 random bits

DAY = 24 * 3600
LEASE_SECONDS = 240  # longer than the eraser runs
WAIT_SECONDS = 60  # for money that is on its way
LOOK_AGAIN_SECONDS = CLEANUP_SECONDS  # by then no function that began before still writes, and no URL takes a photo
TOMBSTONE_SECONDS = DAY  # the longest that an access token is good for, at Cognito
BACKUP_DAYS = 35  # of point-in-time recovery: as long, a restored table can hold who left
RETAINED_YEARS = 5  # contracts, payments and supply: the E-commerce Act's decree, art. 6
FORMER_DAYS = 365  # as long, nobody is welcomed a second time
YEAR_DAYS = 366  # of a year that the law counts: rather a day too long


class Kept(StrEnum):
    """What is kept of who has left."""

    PAYMENTS = "payments"
    FORMER = "former"  # a keyed hash of the user's id


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure under way. ``username`` is what the issuer of tokens calls the user, where it is not ``user``;
    ``objects`` and ``items`` are how many there were, None until they were counted; ``retained_until`` is when the last
    of the payments goes that the law keeps, None while there are none. Times are epoch seconds.
    """

    user: str
    receipt: str
    erased_at: float
    username: str | None = None
    objects: int | None = None
    items: int | None = None
    retained_until: float | None = None
    done_at: float | None = None
    due_at: float | None = None

    @property
    def log_ids(self) -> dict[str, str]:
        """The ids on every log line about it: not the receipt, which opens to whoever has it."""
        return {"user": self.user}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What anybody may read who has its id. ``kept`` maps what is kept to when it goes, in epoch seconds."""

    requested_at: float
    done_at: float | None = None
    objects: int = 0
    items: int = 0
    kept: Mapping[Kept, float] = field(default_factory=dict)

    @property
    def backups_gone_by(self) -> float | None:
        """When no backup holds any of it; None until it is done."""
        return None if self.done_at is None else self.done_at + BACKUP_DAYS * DAY


@dataclass(frozen=True, slots=True)
class RetainedOrder:
    """What the law keeps of an order: no person, no key that leads to one. ``refunds`` has what went back: KRW by the
    id of the refund.
    """

    id: str
    order_id: str
    kind: OrderKind
    status: OrderStatus
    credits: int
    amount: int
    created_at: float
    paid_at: float | None
    refunded_credits: int
    refunded_amount: int
    refunds: Mapping[str, int] = field(default_factory=dict)

    @property
    def until(self) -> float:
        """When it goes, in epoch seconds."""
        return (self.paid_at or self.created_at) + RETAINED_YEARS * YEAR_DAYS * DAY


def at_rest(order: Order) -> bool:
    """Whether no money of it is on its way, and none can be taken for it any more."""
    return order.status not in (OrderStatus.CREATED, OrderStatus.CONFIRMING, OrderStatus.REFUNDING)


def is_retained(order: Order) -> bool:
    """Whether money was taken for it, so that the law keeps it."""
    return order.granted or order.status is OrderStatus.REVIEW


def is_fresh(signed_in_at: float | None, now: float) -> bool:
    """Whether a token's time of sign-in is recent enough to leave with; what is no time (NaN, too) is not."""
    return signed_in_at is not None and now - signed_in_at <= FRESH_SECONDS
