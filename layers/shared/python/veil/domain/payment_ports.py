"""What the use cases of money need of the world; as `veil.domain.ports`, of which these are apart by their readers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.payments import BillingKey, Payment
from veil.domain.ports import Page
from veil.domain.subscriptions import Subscription


@dataclass(frozen=True, slots=True)
class Customer:
    """An account as payments see it. ``key`` is what the provider knows the user by, None before the first order;
    ``erased``: the user has left.
    """

    available: int
    owed: int = 0
    key: str | None = None
    erased: bool = False


class AlreadyOrdered(Exception):
    """The idempotency key has been used: for the order ``order_id``, by a request of this hash."""

    def __init__(self, order_id: str, request_hash: str) -> None:
        super().__init__(order_id)
        self.order_id = order_id
        self.request_hash = request_hash


class Orders(Protocol):
    """Orders, and the credits that move with them. What answers False has changed nothing: another was first.

    Every method that takes an order after its change demands, in the same write, that the version before it stands.
    """

    def customer(self, user: str) -> Customer | None:
        """None for an account that is not open."""

    def customer_key(self, user: str, new_key: str) -> str:
        """What the provider knows the user by: ``new_key`` unless there is one."""

    def place(self, order: Order, customer_key: str, idempotency: tuple[str, str] | None, now: float) -> None:
        """Put a new order and what finds it by its id; ``idempotency`` is key and request hash.

        Raises `AlreadyOrdered`, `CreditsOwed` for an account that owes, and `AccountErased`.
        """

    def get(self, user: str, order_id: str) -> Order | None: ...

    def owner(self, order_id: str) -> str | None:
        """The user whose order this is."""

    def newest(self, user: str, limit: int, after: str | None) -> Page[Order]: ...

    def all(self, user: str) -> Iterator[Order]:
        """Every order of a user, newest first."""

    def save(self, after: Order) -> bool:
        """One arrow that moves no credits."""

    def pay(self, after: Order, now: float) -> bool:
        """The order is paid, and its credits are given, in one transaction."""

    def withdraw(self, after: Order, refund: OrderRefund, now: float) -> bool:
        """Take the refund's credits and put the refund, in one transaction; False also where too few are there."""

    def finish_refund(self, after: Order, refund: OrderRefund) -> bool:
        """The money went back."""

    def restore(self, after: Order, refund: OrderRefund, now: float) -> bool:
        """The money can't go back: the credits are given again, in one transaction."""

    def take_back(self, before: Order, after: Order, customer: Customer, now: float) -> bool:
        """Money went back by another's hand: its credits are taken as far as they are there; the rest is owed. False
        also where the account is no longer as ``customer`` has it.
        """

    def collect(self, user: str, customer: Customer, due_at: float, now: float) -> bool:
        """Take what is owed and available; ``due_at`` is when to look again at an account that still owes."""

    def refund(self, user: str, refund_id: str) -> OrderRefund | None: ...

    def save_refund(self, after: OrderRefund) -> bool:
        """One arrow of a refund that moves nothing."""


class Subscriptions(Protocol):
    """One subscription a user; each arrow demands the version before it."""

    def get(self, user: str) -> Subscription | None: ...

    def save(self, after: Subscription) -> bool:
        """The first version too: only where there is none."""

    def take_card(self, after: Subscription) -> bool:
        """As `save`, of one that was just given a card: raises `AccountErased` and `CreditsOwed`."""

    def begin_charge(self, after: Subscription, order: Order) -> bool:
        """Put the order of a charge with the subscription that names it."""


class Payments(Protocol):
    """One merchant's account at a payment provider. Every method raises `PaymentUnsettled` where there is no answer
    that can be acted on.
    """

    merchant: str | None  # whose payments ours are, where that is to be compared

    def confirm(self, order: Order) -> Payment:
        """Charge what the customer authenticated; raises `PaymentRefused`, `PaymentGone` and `PaymentForeign`."""

    def by_key(self, payment_key: str) -> Payment | None: ...

    def by_order(self, order_id: str) -> Payment | None: ...

    def cancel(self, payment: Payment, refund: OrderRefund) -> Payment:
        """Give a part of the money back; raises `CancelRefused` and `BalanceDiffers`."""


class Billing(Payments, Protocol):
    """Cards that are charged by us. As `Payments`."""

    def issue(self, auth_key: str, customer_key: str, idempotency_key: str) -> BillingKey:
        """A key for a card that was just registered; raises `PaymentRefused`."""

    def charge(self, order: Order, billing_key: str, customer_key: str, order_name: str) -> Payment:
        """Raises `PaymentRefused`."""

    def delete_key(self, billing_key: str) -> None:
        """Make the provider forget it; one that it does not know is no error."""


class Sealer(Protocol):
    """Encrypts what no other function may read, bound to its user. Raises `veil.domain.ports.StorageUnavailable`."""

    def seal(self, user: str, text: str) -> str: ...

    def unseal(self, user: str, sealed: str) -> str: ...
