"""Toss's answers on the wire, and the adapter that gets them."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from tests.fakes.secrets import FakeSecret
from tests.support.orders import order, payment
from veil.adapters.credentials import Credentialed
from veil.adapters.providers.toss import Toss, toss_client
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import OrderStatus

SECRET = "test_sk_veilPayments0000000000"
CUSTOMER, AUTH, BILLING = "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11", "ak_one_use", "bk_Zm9v/YmFy+eA=="
ORDER = order(status=OrderStatus.CONFIRMING, payment_key="tgen_/20261125?x#7=")
PAYMENT = replace(payment(), key="tgen_/20261125?x#7=")
REFUND = OrderRefund("ada", "01JD8QK2Z0000000000000000R", "01", 4, 3_300, 0.0)
RAW: dict[str, Any] = {
    "version": "2022-11-16",
    "mId": "veil_test",
    "type": "NORMAL",
    "paymentKey": PAYMENT.key,
    "lastTransactionKey": "txn_4f0c1b",
    "orderId": "01",
    "currency": "KRW",
    "method": "카드",
    "status": "DONE",
    "totalAmount": 9_900,
    "balanceAmount": 9_900,
    "requestedAt": "2026-11-25T20:14:31+09:00",
    "approvedAt": "2026-11-25T20:15:04+09:00",
    "cancels": None,
    "secret": None,
    "card": {"amount": 9_900, "number": "53651012****123*"},
    "failure": None,
    "receipt": {"url": "https://dashboard.test/receipt/1"},
}
ISSUED = {
    "mId": "veil_bill",
    "customerKey": CUSTOMER,
    "billingKey": BILLING,
    "method": "카드",
    "card": {"number": "53651012****123*"},
}

CALLS: dict[str, Callable[[Toss], object]] = {
    "confirm": lambda toss: toss.confirm(ORDER),
    "by_key": lambda toss: toss.by_key(PAYMENT.key),
    "by_order": lambda toss: toss.by_order(ORDER.id),
    "cancel": lambda toss: toss.cancel(PAYMENT, REFUND),
    "issue": lambda toss: toss.issue(AUTH, CUSTOMER, "issue:1"),
    "charge": lambda toss: toss.charge(ORDER, BILLING, CUSTOMER, "Veil"),
    "delete": lambda toss: toss.delete_key(BILLING),
}


def basic(secret: str) -> str:
    """The header of a secret key: the colon belongs to it."""
    return f"Basic {base64.b64encode(f'{secret}:'.encode()).decode()}"


def cancel(**changes: Any) -> dict[str, Any]:
    return {
        "transactionKey": "txn_77aa02",
        "cancelAmount": 3_300,
        "cancelReason": f"unused credits [{REFUND.id}]",
        "cancelStatus": "DONE",
        **changes,
    }


def over(client: httpx.Client) -> Toss:
    return Toss(Credentialed(FakeSecret(SECRET), lambda _: client), "veil_test")


def at(url: str, secret: FakeSecret) -> tuple[Toss, list[httpx.Client]]:
    """The adapter as production makes it, and the clients that are to be closed."""
    made: list[httpx.Client] = []

    def make(value: str) -> httpx.Client:
        made.append(toss_client(url, value))
        return made[-1]

    return Toss(Credentialed(secret, make), "veil_test"), made
