"""``/v1/billing``: a registered card is issued a key, charged, and forgotten.

Source: https://docs.tosspayments.com/guides/v2/billing/integration
"""

import base64
from dataclasses import dataclass
from typing import Any

from local.stand_ins.toss.bodies import Charge, Issue
from local.stand_ins.toss.books import Books
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.payments import BillingKey, Payment
from local.stand_ins.toss.settings import Merchant
from local.stand_ins.toss.words import MINIMUM_AMOUNT, word

CARD_DIGITS = 16
# Measured on test keys: issued, but refused when charged.
_NOT_CHARGEABLE = ("433012", "552022", "411111")


@dataclass
class Registration:
    """What a customer allowed in the window, and whether a billing key was made of it."""

    customer_key: str
    card_number: str
    used: bool = False


class BillingApi:
    """``registrations`` are by authKey. Only ``merchant`` has the contract for billing."""

    def __init__(self, books: Books, merchant: Merchant) -> None:
        self._books, self._merchant = books, merchant
        self.registrations: dict[str, Registration] = {}

    def check(self, merchant: Merchant) -> None:
        """Raises `Refused` for a merchant without the contract."""
        if merchant != self._merchant:
            raise Refused("INVALID_API_KEY")

    def issue(self, wanted: Issue) -> dict[str, Any]:
        given = self.registrations.get(wanted.auth_key)
        if given is None or given.used or given.customer_key != wanted.customer_key:
            raise Refused("NOT_FOUND_BILLING")
        if len(given.card_number) != CARD_DIGITS:
            raise Refused("INVALID_CARD_NUMBER")
        given.used = True
        # real keys hold "=", which a path may carry raw or percent-encoded
        key = "bk_" + base64.urlsafe_b64encode(word(self._books.random, 26).encode()).decode()
        made = BillingKey(self._merchant, key, wanted.customer_key, given.card_number, self._books.now())
        if given.card_number.startswith(_NOT_CHARGEABLE):
            made.outcome = "NOT_SUPPORTED_CARD_TYPE"
        self._books.billing_keys[key] = made
        return self._books.extended(made.body())

    def charge(self, billing_key: str, wanted: Charge) -> dict[str, Any]:
        card = self._known(billing_key)
        if card.customer_key != wanted.customer_key:
            raise Refused("NOT_MATCHES_CUSTOMER_KEY")
        if wanted.amount < MINIMUM_AMOUNT:
            raise Refused("BELOW_MINIMUM_AMOUNT")
        charges = self._books.of_order(self._merchant, wanted.order_id)
        if any(one.approved or self._books.switches.declined_charge_takes_order for one in charges):
            raise Refused("DUPLICATED_ORDER_ID")
        payment = self._payment(card, wanted)
        self._books.add(payment)
        self._books.approve(payment, card.outcome)
        return self._books.shown(payment)

    def _payment(self, card: BillingKey, wanted: Charge) -> Payment:
        now, random = self._books.now(), self._books.random
        return Payment(
            merchant=self._merchant,
            key=f"tbill{word(random, 20)}",
            order_id=wanted.order_id,
            order_name=wanted.order_name,
            amount=wanted.amount,
            customer_key=wanted.customer_key,
            requested_at=now,
            secret=f"ps_{word(random, 16)}",
            kind="BILLING",
            status="IN_PROGRESS",
            authenticated_at=now,
            card_number=card.card_number,
        )

    def delete(self, billing_key: str) -> None:
        card = self._books.billing_keys.get(billing_key)
        if card is not None and card.removed and self._books.switches.second_delete == "ok":
            return
        if card is not None and card.removed and self._books.switches.second_delete == "not_found":
            raise Refused("NOT_FOUND_BILLING")
        self._known(billing_key)
        self.remove(billing_key, None)

    def remove(self, billing_key: str, reason: str | None) -> None:
        """Delete it, whoever asked for it, and tell."""
        self._known(billing_key).removed = True
        self._books.send("BILLING_DELETED", {"billingKey": billing_key, "reason": reason})

    def _known(self, billing_key: str) -> BillingKey:
        card = self._books.billing_keys.get(billing_key)
        if card is None:
            raise Refused("BILLING_KEY_NOT_FOUND")
        if card.removed:
            raise Refused("ALREADY_REMOVED_BILLING_KEY")
        return card
