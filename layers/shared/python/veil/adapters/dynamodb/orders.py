"""Orders and the credits that move with them: every condition that guards money stands here or in `Table.version`."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from veil.adapters.dynamodb import items, records
from veil.adapters.dynamodb.accounts import DynamoAccounts, require_stays
from veil.adapters.dynamodb.table import Expression, Table, Update
from veil.domain.credits import EntryKind
from veil.domain.errors import AccountErased, CreditsOwed
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind
from veil.domain.payment_ports import AlreadyOrdered, Customer, Orders
from veil.domain.ports import InvariantBroken, Page

KEY_SECONDS = 24 * 3600  # how long an idempotency key stands for its order
PAGE = 50
KEY_TRIES = 3
DEBT = "debt"  # the reference of what is collected


class DynamoOrders(Orders):
    def __init__(self, table: Table, accounts: DynamoAccounts) -> None:
        self._table = table
        self._accounts = accounts

    def customer(self, user: str) -> Customer | None:
        account = self._table.get(user, items.CREDITS)
        if account is None:
            return None
        owed, key = int(account.get("owed", 0)), account.get("customer_key")
        return Customer(int(account.get("available", 0)), owed, key, erased="erased_at" in account)

    def customer_key(self, user: str, new_key: str) -> str:
        """Invariant: a user has one key for ever; of two that make one, the first stays."""
        for _ in range(KEY_TRIES):
            customer = self.customer(user)
            if customer and customer.erased:
                raise AccountErased
            if customer and customer.key:
                return customer.key
            update = Update()
            update.set(new_key, "customer_key")
            update.require_absent("customer_key")
            update.require_present("available")
            if self._table.update(user, items.CREDITS, update):
                return new_key
        raise InvariantBroken("an account that is not open, or has no customer key")

    def place(self, order: Order, customer_key: str, idempotency: tuple[str, str] | None, now: float) -> None:
        """Invariants: an order can be found by its id alone; nothing is sold to who owes; a key makes one order."""
        pk, sk = items.pointer(order.id)
        writes = [
            self._accounts.sold_to(order.user, customer_key),
            self._table.version(records.to_item(order), order.version),
            self._table.put_new({"pk": pk, "sk": sk, "user": order.user}),
        ]
        if idempotency:
            writes.append(self._put_key(order, *idempotency, now))
        failed = self._table.transact(writes)
        if 3 in failed:
            raise AlreadyOrdered(failed[3]["order_id"], failed[3]["request_hash"])
        require_stays(failed.get(0))
        if failed.get(0):
            raise CreditsOwed(owed=int(failed[0].get("owed", 0)))
        if failed:
            raise InvariantBroken(f"the id of order {order.id} is taken")

    def _put_key(self, order: Order, idempotency_key: str, request_hash: str, now: float) -> dict[str, Any]:
        """A key that has outlived its day may be used again, though the TTL has not cleared it yet."""
        e = Expression()
        item = {
            "pk": items.partition(order.user),
            "sk": items.order_key_sort(idempotency_key),
            "request_hash": request_hash,
            "order_id": order.id,
            "expires_at": int(now + KEY_SECONDS),
        }
        return self._table.put_new(item, e, unless=f"{e.path('expires_at')} <= {e.value(int(now))}")

    def get(self, user: str, order_id: str) -> Order | None:
        item = self._table.get(user, items.order_sort(order_id))
        return records.from_item(Order, item) if item else None

    def owner(self, order_id: str) -> str | None:
        item = self._table.at(*items.pointer(order_id))
        return str(item["user"]) if item and "user" in item else None

    def newest(self, user: str, limit: int, after: str | None) -> Page[Order]:
        found = self._table.newest(user, items.order_sort(""), after, limit + 1)
        page = tuple(records.from_item(Order, item) for item in islice(found, limit + 1))
        return Page(page[:limit], page[limit - 1].id if len(page) > limit else None)

    def all(self, user: str) -> Iterator[Order]:
        found = self._table.newest(user, items.order_sort(""), None, PAGE)
        return (records.from_item(Order, item) for item in found)

    def save(self, after: Order) -> bool:
        return self._table.put_version(records.to_item(after), after.version)

    def pay(self, after: Order, now: float) -> bool:
        """Invariant: an order's credits are given once. It is its own reference: its version is in the transaction, and
        no arrow leads into ``paid`` twice. The event that tells of it is owed from the same write on.
        """
        from veil.adapters.dynamodb.outbox import event_to_item  # noqa: PLC0415 - few requests pay
        from veil.domain.events import order_paid  # noqa: PLC0415

        kind = EntryKind.PURCHASE if after.kind is OrderKind.PACK else EntryKind.GRANT
        return self._transact(
            self._version(after),
            self._accounts.add_credits(after.user, after.credits),
            self._accounts.put_entry(after.user, kind, after.credits, after.id, now),
            self._table.put(event_to_item(order_paid(after), now)),
        )

    def withdraw(self, after: Order, refund: OrderRefund, now: float) -> bool:
        """Invariant: what is being refunded can't be spent: it is taken before anybody is asked to pay it back."""
        return self._transact(
            self._version(after),
            self._table.version(records.to_item(refund), refund.version),
            self._accounts.take_credits(after.user, refund.credits),
            self._accounts.put_entry(after.user, EntryKind.WITHDRAW, -refund.credits, after.id, now),
        )

    def finish_refund(self, after: Order, refund: OrderRefund) -> bool:
        """Invariant: the order's figures and the refund's end are one write."""
        return self._transact(self._version(after), self._table.version(records.to_item(refund), refund.version))

    def restore(self, after: Order, refund: OrderRefund, now: float) -> bool:
        """Invariant: a withdrawal is given again once, with the end of its refund."""
        return self._transact(
            self._version(after),
            self._table.version(records.to_item(refund), refund.version),
            self._accounts.add_credits(after.user, refund.credits),
            self._accounts.put_entry(after.user, EntryKind.RESTORE, refund.credits, after.id, now),
        )

    def take_back(self, before: Order, after: Order, customer: Customer, now: float) -> bool:
        """Invariant: ``available`` stays at 0 or more; what is missing is owed, and its account is on the work list."""
        amount = after.refunded_credits - before.refunded_credits
        taken = min(amount, customer.available)
        writes = [self._version(after)]
        if amount:
            owed = customer.owed + amount - taken
            writes.append(self._account(after.user, customer, taken, owed, now if owed else None))
        if taken:
            writes.append(self._accounts.put_entry(after.user, EntryKind.WITHDRAW, -taken, after.id, now))
        return self._transact(*writes)

    def collect(self, user: str, customer: Customer, due_at: float, now: float) -> bool:
        """Invariant: what is collected is taken from both at once."""
        taken = min(customer.owed, customer.available)
        if not taken:
            return True
        owed = customer.owed - taken
        return self._transact(
            self._account(user, customer, taken, owed, due_at if owed else None),
            self._accounts.put_entry(user, EntryKind.WITHDRAW, -taken, DEBT, now),
        )

    def refund(self, user: str, refund_id: str) -> OrderRefund | None:
        item = self._table.get(user, items.refund_sort(refund_id))
        return records.from_item(OrderRefund, item) if item else None

    def save_refund(self, after: OrderRefund) -> bool:
        return self._table.put_version(records.to_item(after), after.version)

    def _version(self, order: Order) -> dict[str, Any]:
        return self._table.version(records.to_item(order), order.version)

    def _account(self, user: str, customer: Customer, taken: int, owed: int, due_at: float | None) -> dict[str, Any]:
        """The account as it was read, with ``taken`` credits fewer and so many ``owed``."""
        update = Update()
        update.add(-taken, "available")
        update.set(owed, "owed")
        update.require_equal(customer.available, "available")
        if customer.owed:
            update.require_equal(customer.owed, "owed")
        else:
            path = update.path("owed")
            update.require(f"(attribute_not_exists({path}) OR {path} = {update.value(0)})")
        if due_at is None:
            update.remove("work_shard")
            update.remove("due_at")
        else:
            for name, value in items.work_attributes(user, due_at).items():
                update.set(value, name)
        return self._table.updated(user, items.CREDITS, update)

    def _transact(self, *writes: dict[str, Any]) -> bool:
        return not self._table.transact(list(writes))
