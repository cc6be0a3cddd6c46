"""Orders, refunds and subscriptions, and the credits that move with them."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from tests.fakes.store import MemoryStore, milliseconds
from veil.domain.credits import EntryKind
from veil.domain.erasure import RetainedOrder
from veil.domain.erasure_ports import RetainedOrders
from veil.domain.errors import CreditsOwed
from veil.domain.events import order_paid
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind
from veil.domain.payment_ports import AlreadyOrdered, Customer, Orders, Subscriptions
from veil.domain.ports import InvariantBroken, Page, WorkKind
from veil.domain.subscriptions import Subscription

KEY_SECONDS = 24 * 3600


def _kept[R: Order | OrderRefund | Subscription](record: R) -> R:
    """A record as the table keeps it."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    times: Any = {name: milliseconds(of) for name, of in values.items() if isinstance(of, float)}
    return replace(record, **times)


def _key(record: Order | OrderRefund | Subscription) -> tuple[WorkKind, str, str]:
    match record:
        case Order():
            return WorkKind.ORDER, record.user, record.id
        case OrderRefund():
            return WorkKind.REFUND, record.user, record.id
        case Subscription():
            return WorkKind.SUBSCRIPTION, record.user, ""


def _over(store: MemoryStore, *records: Order | OrderRefund | Subscription) -> bool:
    """Put these versions, each over the one before it, or none of them."""
    for record in records:
        stands = store.records.get(_key(record))
        if (stands.version if stands else 0) != record.version - 1:
            return False
    for record in records:
        store.records[_key(record)] = _kept(record)
    return True


class MemoryOrders(Orders):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def customer(self, user: str) -> Customer | None:
        with self._store.lock:
            erased = user in self._store.erased
            if user not in self._store.available:
                return Customer(0, erased=True) if erased else None
            owed, key = self._store.owed.get(user, 0), self._store.customer_keys.get(user)
            return Customer(self._store.available[user], owed, key, erased=erased)

    def customer_key(self, user: str, new_key: str) -> str:
        with self._store.lock:
            self._store.require_stays(user)
            if user not in self._store.available:
                raise InvariantBroken("an account that is not open")
            return self._store.customer_keys.setdefault(user, new_key)

    def place(self, order: Order, customer_key: str, idempotency: tuple[str, str] | None, now: float) -> None:
        store, user = self._store, order.user
        with store.lock:
            if idempotency:
                order_id, request_hash, expires_at = store.order_keys.get((user, idempotency[0]), ("", "", 0.0))
                if expires_at > int(now):
                    raise AlreadyOrdered(order_id, request_hash)
            store.require_stays(user)
            if store.owed.get(user):
                raise CreditsOwed(owed=store.owed[user])
            if user not in store.available or not _over(store, order):
                raise InvariantBroken(f"the id of order {order.id} is taken")
            store.customer_keys[user] = customer_key
            if idempotency:
                store.order_keys[user, idempotency[0]] = order.id, idempotency[1], int(now + KEY_SECONDS)

    def get(self, user: str, order_id: str) -> Order | None:
        found = self._get(WorkKind.ORDER, user, order_id)
        return found if isinstance(found, Order) else None

    def owner(self, order_id: str) -> str | None:
        with self._store.lock:
            owners = (user for kind, user, id_ in self._store.records if (kind, id_) == (WorkKind.ORDER, order_id))
            return next(owners, None)

    def newest(self, user: str, limit: int, after: str | None) -> Page[Order]:
        rest = [one for one in self.all(user) if after is None or one.id < after]
        return Page(tuple(rest[:limit]), rest[limit - 1].id if len(rest) > limit else None)

    def all(self, user: str) -> Iterator[Order]:
        with self._store.lock:
            found = [one for one in self._store.records.values() if isinstance(one, Order) and one.user == user]
        return iter(sorted(found, key=lambda one: one.id, reverse=True))

    def save(self, after: Order) -> bool:
        with self._store.lock:
            return _over(self._store, after)

    def pay(self, after: Order, now: float) -> bool:
        kind = EntryKind.PURCHASE if after.kind is OrderKind.PACK else EntryKind.GRANT
        with self._store.lock:
            if after.user not in self._store.available or not _over(self._store, after):
                return False
            self._store.enter(after.user, kind, after.credits, after.id, now)
            event = order_paid(_kept(after))
            self._store.events[event.id] = event, milliseconds(now)
            return True

    def withdraw(self, after: Order, refund: OrderRefund, now: float) -> bool:
        with self._store.lock:
            if self._store.available.get(after.user, 0) < refund.credits or not _over(self._store, after, refund):
                return False
            self._store.enter(after.user, EntryKind.WITHDRAW, -refund.credits, after.id, now)
            return True

    def finish_refund(self, after: Order, refund: OrderRefund) -> bool:
        with self._store.lock:
            return _over(self._store, after, refund)

    def restore(self, after: Order, refund: OrderRefund, now: float) -> bool:
        with self._store.lock:
            if not _over(self._store, after, refund):
                return False
            self._store.enter(after.user, EntryKind.RESTORE, refund.credits, after.id, now)
            return True

    def take_back(self, before: Order, after: Order, customer: Customer, now: float) -> bool:
        amount = after.refunded_credits - before.refunded_credits
        taken = min(amount, customer.available)
        with self._store.lock:
            if (amount and not self._stands(after.user, customer)) or not _over(self._store, after):
                return False
            if amount:
                self._account(after.user, taken, customer.owed + amount - taken, now, (after.id, now))
            return True

    def collect(self, user: str, customer: Customer, due_at: float, now: float) -> bool:
        taken = min(customer.owed, customer.available)
        with self._store.lock:
            if taken and not self._stands(user, customer):
                return False
            if taken:
                self._account(user, taken, customer.owed - taken, due_at, ("debt", now))
            return True

    def refund(self, user: str, refund_id: str) -> OrderRefund | None:
        found = self._get(WorkKind.REFUND, user, refund_id)
        return found if isinstance(found, OrderRefund) else None

    def save_refund(self, after: OrderRefund) -> bool:
        with self._store.lock:
            return _over(self._store, after)

    def _get(self, kind: WorkKind, user: str, id_: str) -> Any:
        with self._store.lock:
            return self._store.records.get((kind, user, id_))

    def _stands(self, user: str, customer: Customer) -> bool:
        return (self._store.available.get(user), self._store.owed.get(user, 0)) == (customer.available, customer.owed)

    def _account(self, user: str, taken: int, owed: int, due_at: float, entry: tuple[str, float]) -> None:
        self._store.owed[user] = owed
        self._store.debts_due.pop(user, None)
        if owed:
            self._store.debts_due[user] = milliseconds(due_at)
        if taken:
            self._store.enter(user, EntryKind.WITHDRAW, -taken, *entry)


class MemoryRetainedOrders(RetainedOrders):
    """``orders`` are by their own ids, not those of their records."""

    def __init__(self) -> None:
        self.orders: dict[str, RetainedOrder] = {}

    def retained(self, order_id: str) -> RetainedOrder | None:
        return self.orders.get(order_id)

    def money_went_back(self, retained: RetainedOrder, amount: int) -> None:
        self.orders[retained.order_id] = replace(retained, refunded_amount=amount)


class MemorySubscriptions(Subscriptions):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def get(self, user: str) -> Subscription | None:
        with self._store.lock:
            found = self._store.records.get((WorkKind.SUBSCRIPTION, user, ""))
            return found if isinstance(found, Subscription) else None

    def save(self, after: Subscription) -> bool:
        with self._store.lock:
            return _over(self._store, after)

    def take_card(self, after: Subscription) -> bool:
        with self._store.lock:
            self._store.require_stays(after.user)
            if owed := self._store.owed.get(after.user):
                raise CreditsOwed(owed=owed)
            return _over(self._store, after)

    def begin_charge(self, after: Subscription, order: Order) -> bool:
        with self._store.lock:
            return _over(self._store, after, order)
