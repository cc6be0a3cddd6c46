"""What the customer does: opens a window, authenticates, closes it, registers a card.

The browser says what the window is for, so the amount may be a lie. Steps that Toss's window refuses raise `Refused`.
Source: https://docs.tosspayments.com/sdk/v2/js
"""

from collections.abc import Mapping

from local.stand_ins.toss.api_billing import BillingApi, Registration
from local.stand_ins.toss.books import Books
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.payments import Payment
from local.stand_ins.toss.settings import Merchant
from local.stand_ins.toss.words import CUSTOMER_KEY, MAXIMUM_AMOUNT, MINIMUM_AMOUNT, ORDER_ID, local_time, word

GOOD_CARD = "5365101234561234"
CLOSED = {"code": "PAY_PROCESS_CANCELED", "message": "사용자가 결제를 취소하였습니다."}
_LONGEST_CUSTOMER_KEY, _LONGEST_NAME = 50, 100
_METADATA_PAIRS, _METADATA_KEY, _METADATA_VALUE = 5, 40, 2000


class Customer:
    """A browser in front of the windows of two merchants."""

    def __init__(self, books: Books, billing: BillingApi, accounts: tuple[Merchant, Merchant]) -> None:
        self._books, self._billing = books, billing
        self._payments_merchant, self._billing_merchant = accounts

    def open_window(
        self,
        order_id: str,
        amount: int,
        order_name: str,
        customer_key: str,
        client_key: str,
        *,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """The paymentKey of a READY payment."""
        self._check_keys(self._payments_merchant, client_key, customer_key)
        _check_order(order_id, amount, order_name, metadata)
        self._books.expire()
        windows = self._books.of_order(self._payments_merchant, order_id)
        if not self._books.switches.approves_order_twice and any(window.approved for window in windows):
            raise Refused("DUPLICATED_ORDER_ID")
        now, random = self._books.now(), self._books.random
        payment = Payment(
            merchant=self._payments_merchant,
            key=f"tveil{local_time(now):%Y%m%d%H%M%S}{word(random, 12)}",
            order_id=order_id,
            order_name=order_name,
            amount=amount,
            customer_key=customer_key,
            requested_at=now,
            secret=f"ps_{word(random, 16)}",
            metadata=dict(metadata) if metadata else None,
        )
        self._books.add(payment)
        return payment.key

    def authenticate(
        self, payment_key: str, card_number: str = GOOD_CARD, decline: str | None = None
    ) -> dict[str, str]:
        """The success query. A card may be one that confirm is going to ``decline`` with this code."""
        payment = self._open(payment_key)
        payment.status, payment.authenticated_at = "IN_PROGRESS", self._books.now()
        payment.card_number, payment.decline = card_number, decline
        return {"paymentKey": payment.key, "orderId": payment.order_id, "amount": str(payment.amount)}

    def close(self, payment_key: str) -> dict[str, str]:
        """The fail query of a window that the customer closed; it has no orderId."""
        self._open(payment_key)
        return dict(CLOSED)

    def fail(self, payment_key: str, code: str = "REJECT_CARD_COMPANY") -> dict[str, str]:
        """The fail query of a card that was refused in the window."""
        payment = self._open(payment_key)
        return {"code": code, "message": Refused(code).message, "orderId": payment.order_id}

    def check_billing_window(self, customer_key: str, client_key: str) -> None:
        """Whether a window for registering a card opens."""
        self._check_keys(self._billing_merchant, client_key, customer_key)

    def authorize_billing(self, customer_key: str, client_key: str, card_number: str = GOOD_CARD) -> str:
        """The authKey of a card that the customer lets the merchant charge; its number decides what becomes of it."""
        self.check_billing_window(customer_key, client_key)
        if not card_number.isdecimal():
            raise Refused("INVALID_CARD_NUMBER")
        auth_key = f"ak_{word(self._books.random, 24)}"
        self._billing.registrations[auth_key] = Registration(customer_key, card_number)
        return auth_key

    def _open(self, payment_key: str) -> Payment:
        self._books.expire()
        payment = self._books.payments.get(payment_key)
        if payment is None or payment.status == "EXPIRED":
            raise Refused("NOT_FOUND_PAYMENT_SESSION")
        if payment.status != "READY":
            raise Refused("ALREADY_PROCESSED_PAYMENT")
        return payment

    def _check_keys(self, merchant: Merchant, client_key: str, customer_key: str) -> None:
        if client_key != merchant.client_key:
            raise Refused("INVALID_API_KEY")
        if len(customer_key) > _LONGEST_CUSTOMER_KEY or not CUSTOMER_KEY.fullmatch(customer_key):
            raise Refused("INVALID_CUSTOMER_KEY")


def _check_order(order_id: str, amount: int, order_name: str, metadata: Mapping[str, str] | None) -> None:
    if not ORDER_ID.fullmatch(order_id):
        raise Refused("INVALID_ORDER_ID")
    if amount < MINIMUM_AMOUNT:
        raise Refused("BELOW_MINIMUM_AMOUNT")
    if amount > MAXIMUM_AMOUNT or not 1 <= len(order_name) <= _LONGEST_NAME:
        raise Refused("INVALID_REQUEST")
    pairs = (metadata or {}).items()
    if len(pairs) > _METADATA_PAIRS or any(
        len(key) > _METADATA_KEY or set(key) & set("[]") or len(value) > _METADATA_VALUE for key, value in pairs
    ):
        raise Refused("INVALID_REQUEST")
