"""Toss Payments' core API. No POST is ever sent twice by itself: what its answer was is found by reading the payment.

There is no official client for Python. Source: https://docs.tosspayments.com/reference
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from veil.adapters.credentials import Credentialed
from veil.adapters.providers import toss_codes as codes
from veil.adapters.providers.toss_answers import MAX_BODY, billing_of, payment_of
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.payment_ports import Billing
from veil.domain.payments import (
    BalanceDiffers,
    BillingKey,
    CancelRefused,
    Payment,
    PaymentForeign,
    PaymentGone,
    PaymentRefused,
    PaymentUnsettled,
)

CONNECT_SECONDS = 2
ANSWER_SECONDS = 20  # API Gateway waits for 30
CHARGE_SECONDS = 65  # Toss asks for 60 at the least
READ_SECONDS = 6  # Toss waits 10 for the answer to its webhook
REASON = "unused credits"


class TossError(Exception):
    """Toss refused: its code, "" where the answer has none; ``trace`` is what its support asks for."""

    def __init__(self, status: int, code: str, trace: str = "") -> None:
        super().__init__(f"status {status} {code} {trace}".strip())
        self.status = status
        self.code = code


class Toss(Billing):
    """One pair of keys: that of payments, or that of billing, which Toss has under another merchant."""

    def __init__(self, client: Credentialed[httpx.Client], merchant: str | None) -> None:
        self._client = client
        self.merchant = merchant

    def confirm(self, order: Order) -> Payment:
        body = {"paymentKey": order.payment_key, "orderId": order.id, "amount": order.amount}
        try:
            return payment_of(self._post("/v1/payments/confirm", body, order.idempotency_key))
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
            return payment_of(self._post(path, body, refund.idempotency_key))
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
        found = billing_of(answer)
        if found.customer_key != customer_key:
            raise PaymentUnsettled("a billing key of another customer", answered=True, ours=True)
        return BillingKey(found.billing_key, (found.card.number if found.card else None) or "")

    def charge(self, order: Order, billing_key: str, customer_key: str, order_name: str) -> Payment:
        body = {
            "customerKey": customer_key,
            "amount": order.amount,
            "orderId": order.id,
            "orderName": order_name,
        }
        try:
            path = f"/v1/billing/{_quoted(billing_key)}"
            return payment_of(self._post(path, body, order.idempotency_key, seconds=CHARGE_SECONDS))
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
            return payment_of(self._send("GET", path, seconds=READ_SECONDS))
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
