"""What the merchant's people do in Toss's console, and what the tests decide about cards and look at.

Source: https://docs.tosspayments.com/guides/v2/cancel-payment
"""

import hashlib
from typing import Any

from local.stand_ins.toss.api_billing import BillingApi
from local.stand_ins.toss.api_payments import PaymentsApi
from local.stand_ins.toss.books import Books
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.payments import BillingKey, Payment


class Console:
    """Steps that Toss would refuse raise `Refused`."""

    def __init__(self, books: Books, payments: PaymentsApi, billing: BillingApi) -> None:
        self._books, self._payments, self._billing = books, payments, billing

    def cancel_from_console(self, payment_key: str, amount: int | None, reason: str) -> None:
        """Give back ``amount`` KRW, or all that is left."""
        self._books.expire()
        payment = self._books.payments.get(payment_key)
        if payment is None:
            raise Refused("NOT_FOUND_PAYMENT")
        self._payments.give_back(payment, amount, reason)

    def delete_billing_from_console(self, billing_key: str, reason: str | None = None) -> None:
        self._billing.remove(billing_key, reason)

    def card(self, outcome: str, billing_key: str | None = None) -> None:
        """Say how a registered card's charges end from now on, or the next approval of any card: a code, or "ok"."""
        if billing_key is None:
            self._books.outcomes.append((outcome, False))
        elif billing_key in self._books.billing_keys:
            self._books.billing_keys[billing_key].outcome = None if outcome == "ok" else outcome
        else:
            raise Refused("BILLING_KEY_NOT_FOUND")

    def decline_next(self, code: str, *, charged: bool = False) -> None:
        """The next approval answers ``code``; ``charged`` if the money moves all the same."""
        self._books.outcomes.append((code, charged))

    def state(self) -> dict[str, Any]:
        """Payments and billing keys, oldest first, as JSON; a billing key is seen by a digest and its end."""
        self._books.expire()
        return {
            "payments": [_payment(payment) for payment in self._books.payments.values()],
            "billingKeys": [_billing_key(key) for key in self._books.billing_keys.values()],
        }


def _payment(payment: Payment) -> dict[str, Any]:
    cancels = [
        {"transactionKey": cancel.transaction_key, "cancelAmount": cancel.amount, "cancelReason": cancel.reason}
        for cancel in payment.cancels
    ]
    return {
        **{"mId": payment.merchant.mid, "type": payment.kind, "paymentKey": payment.key, "orderId": payment.order_id},
        **{"orderName": payment.order_name, "customerKey": payment.customer_key, "status": payment.status},
        **{"approved": payment.approved, "totalAmount": payment.amount, "balanceAmount": payment.balance},
        **{"failure": payment.failure and payment.failure[0], "cancels": cancels},
    }


def _billing_key(key: BillingKey) -> dict[str, Any]:
    digest = hashlib.sha256(key.key.encode()).hexdigest()
    return {"sha256": digest, "end": key.key[-6:], "customerKey": key.customer_key, "removed": key.removed}
