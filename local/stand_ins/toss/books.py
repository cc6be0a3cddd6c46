"""Everything a Toss remembers, what it shows of it, and the webhooks that its changes cause."""

from collections.abc import Callable
from random import Random
from typing import Any

from local.stand_ins.toss.errors import TRANSIENT, Refused
from local.stand_ins.toss.payments import BillingKey, Payment
from local.stand_ins.toss.settings import Merchant, Switches
from local.stand_ins.toss.words import bare_stamp, word

type Announce = Callable[[dict[str, Any]], None]


class Books:
    """Payments and billing keys by their keys, in the order they were made.

    ``outcomes`` are for the next approvals in turn: a refusal's code or "ok", and whether the money moves all the same.
    """

    def __init__(self, clock: Callable[[], float], random: Random, announce: Announce, switches: Switches) -> None:
        self.now, self.random, self.switches = clock, random, switches
        self._announce = announce
        self.payments: dict[str, Payment] = {}
        self.billing_keys: dict[str, BillingKey] = {}
        self.outcomes: list[tuple[str, bool]] = []
        self._orders: dict[tuple[str, str], list[Payment]] = {}
        self._open: dict[str, Payment] = {}

    def add(self, payment: Payment) -> None:
        self.payments[payment.key] = self._open[payment.key] = payment
        self._orders.setdefault((payment.merchant.mid, payment.order_id), []).append(payment)

    def of_order(self, merchant: Merchant, order_id: str) -> list[Payment]:
        """All windows and charges of a merchant with this orderId, oldest first."""
        return self._orders.get((merchant.mid, order_id), [])

    def expire(self) -> None:
        """End the payments whose time is over, in the order in which it passed."""
        now = self.now()
        ends = [(payment.expires_at, payment) for payment in self._open.values()]
        self._open = {payment.key: payment for end, payment in ends if end is not None}
        over = [(end, payment) for end, payment in ends if end is not None and now > end]
        for _, payment in sorted(over, key=lambda pair: pair[0]):
            payment.status, payment.failure = "EXPIRED", ("EXPIRED_PAYMENT", "결제 시간이 만료되었습니다.")
            self.tell(payment)

    def approve(self, payment: Payment, standing: str | None) -> None:
        """Take the money, or raise `Refused` as the next outcome says, or else the card's own ``standing`` code.

        A transient refusal leaves a window's payment as it is, any other ends it. Only a window's sends a webhook.
        """
        code, charged = self.outcomes.pop(0) if self.outcomes else (standing or "ok", False)
        refusal = None if code == "ok" else Refused(code)
        if refusal is None or charged:
            payment.status, payment.approved_at = "DONE", self.now()
            payment.transaction_key = f"txn_{word(self.random, 16)}"
            payment.approve_no = f"{self.random.randrange(10**8):08}"
            payment.partial_cancelable = self.switches.partial_cancelable
        elif code not in TRANSIENT or payment.kind == "BILLING":
            payment.status, payment.failure = "ABORTED", (refusal.code, refusal.message)
        if payment.kind == "NORMAL" and payment.status != "IN_PROGRESS":
            self.tell(payment)
        if refusal is not None:
            raise refusal

    def shown(self, payment: Payment) -> dict[str, Any]:
        """The Payment object of an answer or a webhook."""
        body = payment.body()
        present = {"present": True, "absent": False}.get(self.switches.secret, self.random.random() < 0.5)
        body["secret"] = payment.secret if present else None
        if self.switches.unknown_fields and body["card"]:
            body["card"]["x_new_field"] = "new"
        return self.extended(body)

    def extended(self, body: dict[str, Any]) -> dict[str, Any]:
        """``body`` with fields that no documentation has, if the switch says so."""
        return {**body, "x_new_field": {"nested": [1, None, "new"]}} if self.switches.unknown_fields else body

    def tell(self, payment: Payment) -> None:
        """Send PAYMENT_STATUS_CHANGED."""
        self.send("PAYMENT_STATUS_CHANGED", self.shown(payment))

    def send(self, event: str, data: dict[str, Any]) -> None:
        digits = self.switches.created_at_digits
        created_at = bare_stamp(self.now(), self.random.randint(0, 6) if digits is None else digits)
        self._announce(self.extended({"eventType": event, "createdAt": created_at, "data": data}))
