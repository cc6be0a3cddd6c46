"""Credits and entries. Invariant: a user's ``available`` is the sum of their entries, since whatever changes the
one puts the other in the same transaction.
"""

from itertools import islice
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Expression, Table, number, partition
from veil.domain.credits import Balance, Entry, EntryKind
from veil.domain.ids import earliest_id
from veil.domain.ports import NewId, Page, StorageUnavailable

HELD_WITHIN_SECONDS = 24 * 3600  # images are settled within the hour; a day covers a sweep that did not run


class DynamoAccounts:
    """`veil.domain.ports.Accounts`."""

    def __init__(self, table: Table, new_id: NewId) -> None:
        self._table = table
        self._new_id = new_id

    def open_account(self, user: str, welcome: int, now: float) -> None:
        """Invariant: the welcome is granted once; a failed condition says that the account was open."""
        account = {"pk": partition(user), "sk": items.CREDITS, "available": welcome}
        writes = [self._table.put_new(account)]
        if welcome:
            writes.append(self.put_entry(user, EntryKind.GRANT, welcome, "welcome", now))
        self._table.transact(writes)

    def grant(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> bool:
        """Invariant: a reference is granted once, however often it is sent."""
        once = {"pk": partition(user), "sk": f"REFERENCE#{reference}", "created_at": number(now)}
        entry = self.put_entry(user, kind, amount, reference, now)
        failed = self._table.transact([self.add_credits(user, amount), entry, self._table.put_new(once)])
        if failed and 2 not in failed:
            raise StorageUnavailable("no such account")
        return not failed

    def balance(self, user: str, now: float) -> Balance | None:
        account = self._table.get(user, items.CREDITS)
        return Balance(int(account["available"]), self._held(user, now)) if account else None

    def _held(self, user: str, now: float) -> int:
        """Held credits are counted from the open images themselves, all of which are young."""
        e = Expression()
        first = items.generation_sort(earliest_id(now - HELD_WITHIN_SECONDS))
        young = items.between(e, user, first, items.generation_sort("~"))
        found = self._table.query(e, young, ConsistentRead=True)
        return sum(items.generation_from_item(item).held for item in found)

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]:
        e = Expression()
        before = items.before(e, user, "ENTRY#", after)
        found = self._table.query(e, before, ConsistentRead=True, ScanIndexForward=False, Limit=limit + 1)
        entries = tuple(items.entry_from_item(item) for item in islice(found, limit + 1))
        return Page(entries[:limit], entries[limit - 1].id if len(entries) > limit else None)

    def add_credits(self, user: str, amount: int) -> dict[str, Any]:
        """Give credits; only ever to an account that is open, so that none goes without its welcome."""
        e = Expression()
        available = e.path("available")
        update = f"SET {available} = {available} + {e.value(amount)}"
        request = self._table.update_request(user, items.CREDITS, e, update, f"attribute_exists({available})")
        return {"Update": request}

    def take_credits(self, user: str, amount: int) -> dict[str, Any]:
        """Take credits. Invariant: never below zero; of two that both saw enough, one loses this condition."""
        e = Expression()
        available, taken = e.path("available"), e.value(amount)
        update = f"SET {available} = {available} - {taken}"
        request = self._table.update_request(user, items.CREDITS, e, update, f"{available} >= {taken}")
        return {"Update": {**request, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}

    def put_entry(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> dict[str, Any]:
        entry = Entry(self._new_id(now), kind, amount, reference, now)
        return self._table.put_new(items.entry_to_item(user, entry))
