"""What a payment provider says of a payment, and the ways in which asking it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from veil.domain.declines import Decline

CURRENCY = "KRW"


class PaymentStatus(StrEnum):
    """Where a payment stands at the provider; ``OTHER`` is one that we do not know, and do not act on."""

    READY = "READY"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_FOR_DEPOSIT = "WAITING_FOR_DEPOSIT"
    DONE = "DONE"
    CANCELED = "CANCELED"
    PARTIAL_CANCELED = "PARTIAL_CANCELED"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"
    OTHER = "OTHER"


APPROVED = (PaymentStatus.DONE, PaymentStatus.CANCELED, PaymentStatus.PARTIAL_CANCELED)


@dataclass(frozen=True, slots=True)
class Cancel:
    """Money that went back: ``amount`` in KRW. ``reason`` is the text that was given with it."""

    transaction_key: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment, as the provider tells it when asked. Amounts in KRW, or in what ``currency`` names; ``approved_at``
    is None for one that was never charged. ``cancels`` are those that have had their effect.
    """

    key: str
    order_id: str
    status: PaymentStatus
    merchant: str
    currency: str
    amount: int
    balance: int
    approved_at: float | None
    cancels: Sequence[Cancel] = ()
    receipt_url: str | None = None

    @property
    def charged(self) -> bool:
        """The customer's money was taken; some or all of it may have gone back since."""
        return self.status in APPROVED and self.approved_at is not None


class PaymentRefused(Exception):
    """The provider refused, and no money moved."""

    def __init__(self, decline: Decline, provider_code: str) -> None:
        super().__init__(provider_code)
        self.decline = decline
        self.provider_code = provider_code


class PaymentGone(Exception):
    """There is nothing left to confirm or to charge with: the window timed out, or the key was used or never was."""


class PaymentForeign(Exception):
    """The payment is of another order, or of another merchant: no money moved."""


class BalanceDiffers(Exception):
    """Nothing was cancelled: another part of the money had gone back before."""


class CancelRefused(Exception):
    """The provider will not give this money back; nothing was cancelled."""


class PaymentUnsettled(Exception):
    """What came of it is not known: read the payment before anything else. ``answered``: there was an error in answer,
    to which the provider binds the idempotency key; ``ours``: it says that our keys or our request are wrong.
    """

    def __init__(self, why: str, *, answered: bool = False, ours: bool = False) -> None:
        super().__init__(why)
        self.answered = answered
        self.ours = ours


@dataclass(frozen=True, slots=True)
class BillingKey:
    """What a card can be charged with again and again; ``card`` is its number with stars in it."""

    key: str
    card: str
