"""Toss Payments' core API. No POST is ever sent twice by itself: what its answer was is found by reading the payment.

There is no official client for Python. Source: https://docs.tosspayments.com/reference
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

import httpx
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from veil.adapters.credentials import Credentialed
from veil.adapters.providers import toss_codes as codes
from veil.domain.orders import Order, OrderRefund
from veil.domain.payment_ports import Billing
from veil.domain.payments import (
    BalanceDiffers,
    BillingKey,
    Cancel,
    CancelRefused,
    Payment,
    PaymentForeign,
    PaymentGone,
    PaymentRefused,
    PaymentStatus,
    PaymentUnsettled,
)
from veil.domain.subscriptions import SEOUL

CONNECT_SECONDS = 2
ANSWER_SECONDS = 20  # API Gateway waits for 30
CHARGE_SECONDS = 65  # Toss asks for 60 at the least
READ_SECONDS = 6  # Toss waits 10 for the answer to its webhook
REASON = "unused credits"
MAX_BODY = 256 * 1024


class TossError(Exception):
    """Toss refused: its code, "" where the answer has none; ``trace`` is what its support asks for."""

    def __init__(self, status: int, code: str, trace: str = "") -> None:
        super().__init__(f"status {status} {code} {trace}".strip())
        self.status = status
        self.code = code


def _known(value: object) -> object:
    return value if value in tuple(PaymentStatus) else PaymentStatus.OTHER


def _list(value: object) -> object:
    return value or []


def _in_korea(at: datetime) -> datetime:
    """A time that has no zone is Toss's own, not this machine's."""
    return at if at.tzinfo else at.replace(tzinfo=SEOUL)


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", defer_build=True)


class _Cancel(_Lenient):
    transactionKey: str = Field(min_length=1)  # noqa: N815 - as Toss names it
    cancelAmount: int = Field(gt=0)  # noqa: N815
    cancelReason: str | None = None  # noqa: N815
    cancelStatus: str | None = "DONE"  # noqa: N815


class _Receipt(_Lenient):
    url: str | None = None


class _Payment(_Lenient):
    paymentKey: str = Field(min_length=1)  # noqa: N815
    orderId: str  # noqa: N815
    mId: str  # noqa: N815
    status: Annotated[PaymentStatus, BeforeValidator(_known)]
    currency: str
    totalAmount: int  # noqa: N815
    balanceAmount: int  # noqa: N815
    approvedAt: Annotated[datetime, AfterValidator(_in_korea)] | None = None  # noqa: N815
    cancels: Annotated[list[_Cancel], BeforeValidator(_list)] = Field(default_factory=list)
    receipt: _Receipt | None = None

    def payment(self) -> Payment:
        done = [one for one in self.cancels if one.cancelStatus in (None, "DONE")]  # a foreign wallet's takes its time
        return Payment(
            key=self.paymentKey,
            order_id=self.orderId,
            status=self.status,
            merchant=self.mId,
            currency=self.currency,
            amount=self.totalAmount,
            balance=self.balanceAmount,
            approved_at=self.approvedAt.timestamp() if self.approvedAt else None,
            cancels=tuple(Cancel(one.transactionKey, one.cancelAmount, one.cancelReason or "") for one in done),
            receipt_url=self.receipt.url if self.receipt else None,
        )


class _Card(_Lenient):
    number: str | None = None


class _Billing(_Lenient):
    billingKey: str = Field(min_length=1)  # noqa: N815
    customerKey: str  # noqa: N815
    card: _Card | None = None


class Toss(Billing):
    """One pair of keys: that of payments, or that of billing, which Toss has under another merchant."""

    def __init__(self, client: Credentialed[httpx.Client], merchant: str | None) -> None:
        self._client = client
        self.merchant = merchant

    def confirm(self, order: Order) -> Payment:
        body = {"paymentKey": order.payment_key, "orderId": order.id, "amount": order.amount}
        try:
            return _payment(self._post("/v1/payments/confirm", body, order.idempotency_key))
        except TossError as error:
            if error.code in codes.GONE:
                raise PaymentGone(error.code) from error
            if error.code in codes.FOREIGN:
                raise PaymentForeign(error.code) from error
            raise _refused(error) from error

    def by_key(self, payment_key: str) -> Payment | None:
        return self._read(f"/v1/payments/{_quoted(payment_key)}")

    def by_order(self, order_id: str) -> Payment | None:
        return self._read(f"/v1/payments/orders/{_quoted(order_id)}")

    def cancel(self, payment: Payment, refund: OrderRefund) -> Payment:
        """``refundableAmount`` is a lock: Toss cancels nothing where it is not what is left."""
        body = {
            "cancelReason": f"{REASON} {refund.mark}",
            "cancelAmount": refund.amount,
            "refundableAmount": payment.balance,
        }
        try:
            path = f"/v1/payments/{_quoted(payment.key)}/cancel"
            return _payment(self._post(path, body, refund.idempotency_key))
        except TossError as error:
            if error.code in codes.BALANCE_DIFFERS:
                raise BalanceDiffers from error
            if error.code in codes.CANCEL_REFUSED:
                raise CancelRefused(error.code) from error
            raise _unsettled(error) from error

    def issue(self, auth_key: str, customer_key: str, idempotency_key: str) -> BillingKey:
        body = {"authKey": auth_key, "customerKey": customer_key}
        try:
            answer = self._post("/v1/billing/authorizations/issue", body, idempotency_key)
        except TossError as error:
            raise _refused(error) from error
        found = _parsed(_Billing, answer)
        if found.customerKey != customer_key:
            raise PaymentUnsettled("a billing key of another customer", answered=True, ours=True)
        return BillingKey(found.billingKey, (found.card.number if found.card else None) or "")

    def charge(self, order: Order, billing_key: str, customer_key: str, order_name: str) -> Payment:
        body = {
            "customerKey": customer_key,
            "amount": order.amount,
            "orderId": order.id,
            "orderName": order_name,
        }
        try:
            path = f"/v1/billing/{_quoted(billing_key)}"
            return _payment(self._post(path, body, order.idempotency_key, seconds=CHARGE_SECONDS))
        except TossError as error:
            raise _refused(error) from error

    def delete_key(self, billing_key: str) -> None:
        try:
            self._send("DELETE", f"/v1/billing/{_quoted(billing_key)}", seconds=ANSWER_SECONDS)
        except TossError as error:
            if error.code not in codes.KEY_UNKNOWN:
                raise _unsettled(error) from error

    def _read(self, path: str) -> Payment | None:
        try:
            return _payment(self._send("GET", path, seconds=READ_SECONDS))
        except TossError as error:
            if error.code in codes.NOT_THERE:
                return None
            raise _unsettled(error) from error

    def _post(self, path: str, body: object, idempotency_key: str, seconds: float = ANSWER_SECONDS) -> bytes:
        return self._send("POST", path, body, {"idempotency-key": idempotency_key}, seconds)

    def _send(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = READ_SECONDS,
    ) -> bytes:
        """The body of a 200. Raises `TossError` for an error in Toss's own words, and `PaymentUnsettled` where there is
        no answer.
        """

        def ask(client: httpx.Client) -> bytes:
            timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
            answer = client.request(method, path, json=body, headers=headers, timeout=timeout)
            if answer.status_code != 200:
                raise _error(answer)
            return answer.content

        try:
            return self._client.call(ask, refused=_key_is_refused)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise PaymentUnsettled(type(error).__name__) from error


def _payment(answer: bytes) -> Payment:
    return _parsed(_Payment, answer).payment()


def _parsed[M: BaseModel](model: type[M], answer: bytes) -> M:
    """An answer that can't be read came after the deed."""
    try:
        return model.model_validate(json.loads(answer[:MAX_BODY]))
    except (ValidationError, ValueError, RecursionError) as error:
        raise PaymentUnsettled("an answer that is no payment") from error


def _error(answer: httpx.Response) -> TossError:
    try:
        body: Any = json.loads(answer.content[:MAX_BODY])
    except (ValueError, RecursionError):
        body = None
    code = body.get("code") if isinstance(body, dict) else None
    trace = answer.headers.get("x-tosspayments-trace-id", "")
    return TossError(answer.status_code, code if isinstance(code, str) else "", trace[:64])


def _refused(error: TossError) -> Exception:
    if error.code in codes.DECLINED:
        return PaymentRefused(codes.DECLINED[error.code], error.code)
    return _unsettled(error)


def _unsettled(error: TossError) -> PaymentUnsettled:
    """Anything else says nothing about the money. Only an error in Toss's words, and none that says that the first
    request still runs, is bound to the idempotency key.
    """
    answered = bool(error.code) and error.code not in codes.STILL_RUNNING and error.status != 429
    return PaymentUnsettled(str(error), answered=answered, ours=error.code in codes.OURS)


def _key_is_refused(error: Exception) -> bool:
    return isinstance(error, TossError) and error.code in codes.KEY_REFUSED


def _quoted(part: str) -> str:
    """One segment of a path, whatever is in it: dots alone would be a step in the path."""
    return quote(part, safe="") if part.strip(".") else "%2E" * len(part)


def toss_client(url: str, secret_key: str) -> httpx.Client:
    """A client that takes nothing from the environment, follows nobody and tries nothing again."""
    return httpx.Client(base_url=url, auth=(secret_key, ""), trust_env=False, follow_redirects=False)
