"""Place an order and read orders."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from veil.domain.errors import (
    AccountErased,
    CreditsOwed,
    IdempotencyKeyReused,
    InvalidField,
    InvalidRequest,
    OrderNotFound,
    PaymentsUnavailable,
)
from veil.domain.ids import is_id
from veil.domain.orders import PAYABLE_SECONDS, Order, OrderKind, OrderStatus, ShownOrder, refundable
from veil.domain.payment_ports import AlreadyOrdered, Customer, Orders
from veil.domain.ports import Accounts, Clock, NewId, Page, RateLimiter, Telemetry
from veil.domain.products import Catalogue


@dataclass(frozen=True)
class Customers:
    """Whom we sell to: an account, opened when it is first needed, that owes nothing."""

    orders: Orders
    accounts: Accounts
    clock: Clock
    new_key: Callable[[], str]
    welcome_credits: int

    def of(self, user: str) -> Customer:
        """Raises `CreditsOwed` and `AccountErased`."""
        customer = self.orders.customer(user)
        if customer is None or customer.erased:
            self.accounts.open_account(user, self.welcome_credits, self.clock())  # refuses who has left
            customer = Customer(0)  # at the least: the welcome may have to wait
        if customer.owed:
            raise CreditsOwed(owed=customer.owed)
        return customer

    def key_of(self, user: str) -> str:
        """What the provider knows the user by; raises `CreditsOwed`."""
        return self.of(user).key or self.orders.customer_key(user, self.new_key())


@dataclass(frozen=True)
class PlaceOrder:
    """``sells``: whether this stage takes payments."""

    orders: Orders
    customers: Customers
    limiter: RateLimiter
    catalogue: Catalogue
    sells: bool
    clock: Clock
    new_id: NewId
    telemetry: Telemetry

    def __call__(self, user: str, product_id: str, idempotency_key: str | None) -> tuple[ShownOrder, bool]:
        """The order, at our price, and whether an earlier request with this key made it.

        Raises `InvalidRequest` for no product that can be ordered, `PaymentsUnavailable`, `RateLimited`, `CreditsOwed`
        and `IdempotencyKeyReused`.
        """
        product = self.catalogue.pack(product_id)
        if product is None:
            known = ", ".join(pack.id for pack in self.catalogue.packs)
            raise InvalidRequest(InvalidField("product", "literal_error", {"expected": known}))
        if not self.sells:
            raise PaymentsUnavailable
        now = self.clock()
        customer_key = self.customers.key_of(user)  # before a count, which would stay behind of who has left
        self.limiter.check(user, now)
        order = Order(
            user=user,
            id=self.new_id(now),
            kind=OrderKind.PACK,
            product=product.id,
            credits=product.credits,
            amount=product.amount,
            created_at=now,
            customer_key=customer_key,
            due_at=now + PAYABLE_SECONDS,
        )
        request_hash = sha256(product.id.encode()).hexdigest()
        try:
            self.orders.place(order, customer_key, (idempotency_key, request_hash) if idempotency_key else None, now)
        except AlreadyOrdered as error:
            return self._replay(user, error, request_hash), True
        self.telemetry.log("order placed", **order.log_ids, product=product.id)
        return ShownOrder(order), False

    def _replay(self, user: str, earlier: AlreadyOrdered, request_hash: str) -> ShownOrder:
        if earlier.request_hash != request_hash:
            raise IdempotencyKeyReused
        order = self.orders.get(user, earlier.order_id)
        if order is None:
            raise OrderNotFound
        return ShownOrder(order)


@dataclass(frozen=True)
class ReadOrders:
    orders: Orders

    def get(self, user: str, order_id: str) -> ShownOrder:
        """Raises `OrderNotFound`."""
        order = self.orders.get(user, order_id) if is_id(order_id) else None
        if order is None:
            raise OrderNotFound
        return self.show(order)

    def page(self, user: str, limit: int, after: str | None) -> Page[ShownOrder]:
        """Newest first."""
        page = self.orders.newest(user, limit, after)
        return Page(tuple(self._shown(user, page.items)), page.next)

    def show(self, order: Order) -> ShownOrder:
        return self._shown(order.user, (order,))[0]

    def _shown(self, user: str, orders: tuple[Order, ...]) -> list[ShownOrder]:
        """What can be refunded of one depends on all others: they are read only where it may be something."""
        if not any(order.status is OrderStatus.PAID for order in orders):
            return [ShownOrder(order) for order in orders]
        customer = self.orders.customer(user) or Customer(0)
        if customer.erased:
            raise AccountErased
        every = tuple(self.orders.all(user))
        return [ShownOrder(order, refundable(order, every, customer.available)) for order in orders]
