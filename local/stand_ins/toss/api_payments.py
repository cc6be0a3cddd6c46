"""``/v1/payments`` and ``/v1/transactions``: confirm, read, cancel, list.

Source: https://docs.tosspayments.com/reference
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from local.stand_ins.toss.bodies import CancelRequest, Confirm
from local.stand_ins.toss.books import Books
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.payments import Cancel, Payment
from local.stand_ins.toss.settings import Merchant
from local.stand_ins.toss.words import KST, stamp, word

_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?)?")
_CANCELABLE = {"DONE", "PARTIAL_CANCELED"}


class PaymentsApi:
    """What the calls about payments do; each raises `Refused` when Toss refuses it."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._confirming: set[str] = set()

    @contextmanager
    def confirming(self, payment_key: str) -> Iterator[None]:
        """A confirm of this payment is under way while the block runs."""
        self._confirming.add(payment_key)
        try:
            yield
        finally:
            self._confirming.discard(payment_key)

    def confirm(self, merchant: Merchant, wanted: Confirm) -> dict[str, Any]:
        payment = self._books.payments.get(wanted.payment_key)
        if payment is None:
            raise Refused("NOT_FOUND_PAYMENT_SESSION")
        if payment.merchant != merchant:
            raise Refused("INVALID_API_KEY")
        if payment.status in {"READY", "EXPIRED"}:
            raise Refused("NOT_FOUND_PAYMENT_SESSION")
        if payment.order_id != wanted.order_id:
            raise Refused("FORBIDDEN_REQUEST")
        if payment.amount != wanted.amount:
            raise Refused(self._books.switches.amount_mismatch)
        if payment.key in self._confirming:
            raise Refused("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", "[S008] 기존 요청을 처리중입니다.")
        if payment.status != "IN_PROGRESS" or self._order_is_taken(payment):
            raise Refused("ALREADY_PROCESSED_PAYMENT")
        self._books.approve(payment, payment.decline)
        return self._books.shown(payment)

    def _order_is_taken(self, payment: Payment) -> bool:
        others = self._books.of_order(payment.merchant, payment.order_id)
        return not self._books.switches.approves_order_twice and any(other.approved for other in others)

    def by_key(self, merchant: Merchant, payment_key: str) -> dict[str, Any]:
        return self._books.shown(self._known(merchant, payment_key, readable=True))

    def by_order(self, merchant: Merchant, order_id: str) -> dict[str, Any]:
        found = [one for one in self._books.of_order(merchant, order_id) if self._readable(one)]
        if not found:
            raise Refused("NOT_FOUND_PAYMENT")
        return self._books.shown(found[-1 if self._books.switches.read_by_order == "latest" else 0])

    def cancel(self, merchant: Merchant, payment_key: str, wanted: CancelRequest) -> dict[str, Any]:
        payment = self._known(merchant, payment_key)
        self.give_back(payment, wanted.cancel_amount, wanted.cancel_reason, wanted.refundable_amount)
        return self._books.shown(payment)

    def give_back(self, payment: Payment, amount: int | None, reason: str, believed: int | None = None) -> None:
        """Cancel ``amount`` KRW, or all that is left. A payment that parts brought to 0 stays PARTIAL_CANCELED."""
        wanted = payment.balance if amount is None else amount
        if payment.status == "CANCELED":
            raise Refused("ALREADY_CANCELED_PAYMENT")
        if payment.status not in _CANCELABLE:
            raise Refused("NOT_CANCELABLE_PAYMENT")
        if believed is not None and believed != payment.balance:
            raise Refused("NOT_MATCHES_REFUNDABLE_AMOUNT")
        if not 0 < wanted <= payment.balance:
            raise Refused("NOT_CANCELABLE_AMOUNT")
        if not payment.partial_cancelable and wanted != payment.amount:
            raise Refused("NOT_ALLOWED_PARTIAL_REFUND")
        left, key = payment.balance - wanted, f"txn_{word(self._books.random, 16)}"
        payment.cancels.append(Cancel(key, wanted, reason, left, self._books.now()))
        payment.status = "CANCELED" if wanted == payment.amount else "PARTIAL_CANCELED"
        if payment.kind == "NORMAL" or self._books.switches.announces_billing_cancels:
            self._books.tell(payment)

    def transactions(self, merchant: Merchant, query: dict[str, str]) -> list[dict[str, Any]]:
        """Approvals and cancels between two Korean times, oldest first; ``startingAfter`` is a transactionKey."""
        start, end = _time(query.get("startDate", "")), _time(query.get("endDate", ""))
        limit = query.get("limit", "100")
        if not limit.isdecimal() or not 1 <= int(limit) <= 5000:
            raise Refused("INVALID_REQUEST")
        mine = [one for one in self._books.payments.values() if one.merchant == merchant]
        found = sorted((pair for one in mine for pair in _movements(one)), key=lambda pair: pair[0])
        rows = [row for at, row in found if start <= at <= end]
        keys = [row["transactionKey"] for row in rows]
        after = query.get("startingAfter")
        first = keys.index(after) + 1 if after in keys else 0
        return rows[first : first + int(limit)]

    def _known(self, merchant: Merchant, payment_key: str, *, readable: bool = False) -> Payment:
        payment = self._books.payments.get(payment_key)
        if payment is None or payment.merchant != merchant or (readable and not self._readable(payment)):
            raise Refused("NOT_FOUND_PAYMENT")
        return payment

    def _readable(self, payment: Payment) -> bool:
        if payment.kind == "BILLING" and not payment.approved:
            return self._books.switches.declined_charge_is_read
        return payment.status not in {"READY", "IN_PROGRESS"} or self._books.switches.reads_unapproved


def _movements(payment: Payment) -> Iterator[tuple[float, dict[str, Any]]]:
    """Each time money moved, with its Transaction."""
    same = {
        **{"mId": payment.merchant.mid, "paymentKey": payment.key, "orderId": payment.order_id, "method": "카드"},
        **{"customerKey": payment.customer_key, "useEscrow": False, "currency": "KRW"},
        "receiptUrl": f"https://dashboard.invalid/receipt/{payment.key}",
    }
    moved = (
        [] if payment.approved_at is None else [(payment.approved_at, payment.transaction_key, payment.amount, "DONE")]
    )
    status = "CANCELED" if payment.status == "CANCELED" else "PARTIAL_CANCELED"
    moved += [(cancel.at, cancel.transaction_key, -cancel.amount, status) for cancel in payment.cancels]
    for at, key, amount, how in moved:
        yield at, {**same, "transactionKey": key, "amount": amount, "status": how, "transactionAt": stamp(at)}


def _time(text: str) -> float:
    """Epoch seconds of a Korean time without a zone. Raises `Refused`."""
    if not _LOCAL_TIME.fullmatch(text):
        raise Refused("INVALID_DATE")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=KST).timestamp()
    except ValueError:
        raise Refused("INVALID_DATE") from None
