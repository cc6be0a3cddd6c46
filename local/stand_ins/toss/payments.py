"""Payments and billing keys as Toss keeps them, and as it shows them.

Source: https://docs.tosspayments.com/reference
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from local.stand_ins.toss.settings import Merchant
from local.stand_ins.toss.words import masked, stamp, vat

Status = Literal["READY", "IN_PROGRESS", "DONE", "CANCELED", "PARTIAL_CANCELED", "ABORTED", "EXPIRED"]
READY_SECONDS, IN_PROGRESS_SECONDS = 30 * 60, 10 * 60
VERSION = "2022-11-16"
# of these, only the methods that Toss doesn't use for a card
_ALWAYS_NULL = ("virtualAccount", "transfer", "mobilePhone", "giftCertificate", "easyPay", "easyPayAmount")
_NULL_TOO = ("easyPayDiscountAmount", "cashReceipt", "cashReceipts", "discount")


@dataclass
class Cancel:
    """Money given back, in KRW; ``left`` is the balance after it, ``at`` epoch seconds."""

    transaction_key: str
    amount: int
    reason: str
    left: int
    at: float


@dataclass
class Payment:
    """One window or one charge of a billing key. Amounts are KRW, times epoch seconds.

    ``decline`` is the code with which the card is going to be refused at confirm, ``failure`` the one it was.
    """

    merchant: Merchant
    key: str
    order_id: str
    order_name: str
    amount: int
    customer_key: str
    requested_at: float
    secret: str
    kind: Literal["NORMAL", "BILLING"] = "NORMAL"
    metadata: dict[str, str] | None = None
    status: Status = "READY"
    authenticated_at: float | None = None
    approved_at: float | None = None
    transaction_key: str | None = None
    approve_no: str = "00000000"
    card_number: str = ""
    partial_cancelable: bool = True
    decline: str | None = None
    failure: tuple[str, str] | None = None
    cancels: list[Cancel] = field(default_factory=list)

    @property
    def balance(self) -> int:
        """What isn't given back, KRW."""
        return self.amount - sum(cancel.amount for cancel in self.cancels)

    @property
    def approved(self) -> bool:
        """Whether money moved, even if it was given back since."""
        return self.approved_at is not None

    @property
    def last_transaction_key(self) -> str | None:
        return self.cancels[-1].transaction_key if self.cancels else self.transaction_key

    @property
    def expires_at(self) -> float | None:
        """When it ends by itself, None if it doesn't."""
        if self.status == "READY":
            return self.requested_at + READY_SECONDS
        return (self.authenticated_at or 0) + IN_PROGRESS_SECONDS if self.status == "IN_PROGRESS" else None

    def body(self) -> dict[str, Any]:
        """The Payment object without its ``secret``."""
        left, method = self.balance, "카드" if self.card_number else None
        return {
            **{"version": VERSION, "mId": self.merchant.mid, "type": self.kind, "paymentKey": self.key},
            **{"lastTransactionKey": self.last_transaction_key, "transactionKey": None},
            **{"orderId": self.order_id, "orderName": self.order_name, "currency": "KRW", "country": "KR"},
            **{"method": method, "status": self.status, "totalAmount": self.amount, "balanceAmount": left},
            **{"suppliedAmount": left - vat(left), "vat": vat(left), "taxFreeAmount": 0, "taxExemptionAmount": 0},
            **{"cultureExpense": False, "useEscrow": False, "requestedAt": stamp(self.requested_at)},
            "approvedAt": None if self.approved_at is None else stamp(self.approved_at),
            "isPartialCancelable": self.partial_cancelable,
            "cancels": [_cancel_body(cancel) for cancel in self.cancels] or None,
            "metadata": self.metadata,
            "card": self._card() if self.card_number else None,
            "failure": None if self.failure is None else dict(zip(("code", "message"), self.failure, strict=True)),
            "receipt": {"url": f"https://dashboard.invalid/receipt/{self.key}"} if self.approved else None,
            "checkout": {"url": f"https://api.invalid/checkout/{self.key}"},
            **dict.fromkeys(_ALWAYS_NULL + _NULL_TOO),
        }

    def _card(self) -> dict[str, Any]:
        return {
            **card_body(self.card_number),
            **{"amount": self.amount, "installmentPlanMonths": 0, "approveNo": self.approve_no, "useCardPoint": False},
            **{"acquireStatus": "READY", "isInterestFree": False, "interestPayer": None},
        }


@dataclass
class BillingKey:
    """A registered card. ``outcome`` is the code with which its charges are refused, None if they are not."""

    merchant: Merchant
    key: str
    customer_key: str
    card_number: str
    authenticated_at: float
    removed: bool = False
    outcome: str | None = None

    def body(self) -> dict[str, Any]:
        """The Billing object."""
        return {
            **{"mId": self.merchant.mid, "customerKey": self.customer_key, "billingKey": self.key, "method": "카드"},
            **{"authenticatedAt": stamp(self.authenticated_at), "card": card_body(self.card_number)},
            **{"transfers": None, "easyPay": None},
        }


def card_body(number: str) -> dict[str, Any]:
    """What payments and billing keys both show of a card."""
    codes = {"issuerCode": "41", "acquirerCode": "41"}
    return {**codes, "number": masked(number), "cardType": "신용", "ownerType": "개인"}


def _cancel_body(cancel: Cancel) -> dict[str, Any]:
    return {
        **{"transactionKey": cancel.transaction_key, "cancelAmount": cancel.amount, "cancelReason": cancel.reason},
        **{"refundableAmount": cancel.left, "canceledAt": stamp(cancel.at), "cancelStatus": "DONE"},
        **{"cancelRequestId": None, "receiptKey": None, "taxFreeAmount": 0, "taxExemptionAmount": 0},
        **dict.fromkeys(("cardDiscountAmount", "transferDiscountAmount", "easyPayDiscountAmount"), 0),
    }
