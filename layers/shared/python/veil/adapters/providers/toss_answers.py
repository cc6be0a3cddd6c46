"""What Toss Payments answers: a payment, a billing key. Fields that we do not use may be anything, or new.

Source: https://docs.tosspayments.com/reference
"""

import json
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from veil.domain.credits import SEOUL
from veil.domain.payments import Cancel, Payment, PaymentStatus, PaymentUnsettled

MAX_BODY = 256 * 1024


def payment_of(answer: bytes) -> Payment:
    """Raises `PaymentUnsettled` for an answer that is no payment: it came after the deed."""
    return _parsed(_Payment, answer).payment()


def billing_of(answer: bytes) -> "IssuedKey":
    """As `payment_of`."""
    return _parsed(IssuedKey, answer)


def _known(value: object) -> object:
    return value if value in tuple(PaymentStatus) else PaymentStatus.OTHER


def _list(value: object) -> object:
    return value or []


def _in_korea(at: datetime) -> datetime:
    """A time that has no zone is Toss's own, not this machine's."""
    return at if at.tzinfo else at.replace(tzinfo=SEOUL)


class _Lenient(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", defer_build=True)


class _Cancel(_Lenient):
    transaction_key: str = Field(min_length=1)
    cancel_amount: int = Field(gt=0)
    cancel_reason: str | None = None
    cancel_status: str | None = "DONE"


class _Receipt(_Lenient):
    url: str | None = None


class _Payment(_Lenient):
    payment_key: str = Field(min_length=1)
    order_id: str
    m_id: str
    status: Annotated[PaymentStatus, BeforeValidator(_known)]
    currency: str
    total_amount: int
    balance_amount: int
    approved_at: Annotated[datetime, AfterValidator(_in_korea)] | None = None
    cancels: Annotated[list[_Cancel], BeforeValidator(_list)] = Field(default_factory=list)
    receipt: _Receipt | None = None

    def payment(self) -> Payment:
        done = [one for one in self.cancels if one.cancel_status in (None, "DONE")]  # a foreign wallet's takes its time
        return Payment(
            key=self.payment_key,
            order_id=self.order_id,
            status=self.status,
            merchant=self.m_id,
            currency=self.currency,
            amount=self.total_amount,
            balance=self.balance_amount,
            approved_at=self.approved_at.timestamp() if self.approved_at else None,
            cancels=tuple(Cancel(one.transaction_key, one.cancel_amount, one.cancel_reason or "") for one in done),
            receipt_url=self.receipt.url if self.receipt else None,
        )


class _Card(_Lenient):
    number: str | None = None


class IssuedKey(_Lenient):
    """A billing key, of this customer."""

    billing_key: str = Field(min_length=1)
    customer_key: str
    card: _Card | None = None


def _parsed[M: BaseModel](model: type[M], answer: bytes) -> M:
    """An answer that can't be read came after the deed."""
    try:
        return model.model_validate(json.loads(answer[:MAX_BODY]))
    except (ValidationError, ValueError, RecursionError) as error:
        raise PaymentUnsettled("an answer that is no payment") from error
