"""Credits and entries. Invariant: a user's ``available`` is the sum of their entries, since whatever changes the
one puts the other in the same transaction.
"""

from itertools import islice
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.table import LAST, Table, Update
from veil.domain.credits import Balance, Entry, EntryKind
from veil.domain.ids import earliest_id
from veil.domain.ports import Accounts, InvariantBroken, NewId, Page, StorageUnavailable

BALANCE_TRIES = 5
HELD_WITHIN_SECONDS = 24 * 3600  # images are settled within the hour; a day covers a sweep that did not run


class DynamoAccounts(Accounts):
    def __init__(self, table: Table, new_id: NewId) -> None:
        self._table = table
        self._new_id = new_id

    def open_account(self, user: str, welcome: int, now: float) -> None:
        """Invariant: the welcome is granted once; a failed condition says that the account was open."""
        account = {"pk": items.partition(user), "sk": items.CREDITS, "available": welcome}
        writes = [self._table.put_new(account)]
        if welcome:
            writes.append(self.put_entry(user, EntryKind.GRANT, welcome, "welcome", now))
        self._table.transact(writes)

    def grant(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> bool:
        """Invariant: a reference is granted once, however often it is sent."""
        once = {"pk": items.partition(user), "sk": items.reference_sort(reference), "created_at": number(now)}
        entry = self.put_entry(user, kind, amount, reference, now)
        failed = self._table.transact([self.add_credits(user, amount), entry, self._table.put_new(once)])
        if failed and 2 not in failed:
            raise InvariantBroken("a grant to an account that is not open")
        return not failed

    def balance(self, user: str, now: float) -> Balance | None:
        """One state: whatever opens or refunds an image changes ``available`` too, so the images were counted between
        two changes if it is the same before and after.
        """
        account = self._table.get(user, items.CREDITS)
        for _ in range(BALANCE_TRIES):
            if account is None:
                return None
            held, before = self._held(user, now), account
            account = self._table.get(user, items.CREDITS)
            if account and account["available"] == before["available"]:
                return Balance(int(account["available"]), held, int(account.get("owed", 0)))
        raise StorageUnavailable("the credits change too fast")

    def _held(self, user: str, now: float) -> int:
        """Held credits are counted from the open images themselves, all of which are young."""
        first = items.generation_sort(earliest_id(now - HELD_WITHIN_SECONDS))
        young = self._table.between(user, first, items.generation_sort(LAST))
        return sum(items.generation_from_item(item).held for item in young)

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]:
        found = self._table.newest(user, items.entry_sort(""), after, limit + 1)
        entries = tuple(items.entry_from_item(item) for item in islice(found, limit + 1))
        return Page(entries[:limit], entries[limit - 1].id if len(entries) > limit else None)

    def add_credits(self, user: str, amount: int) -> dict[str, Any]:
        """Give credits; only ever to an account that is open, so that none goes without its welcome."""
        update = Update()
        update.add(amount, "available")
        update.require_present("available")
        return self._table.updated(user, items.CREDITS, update)

    def take_credits(self, user: str, amount: int) -> dict[str, Any]:
        """Take credits. Invariant: never below zero; of two that both saw enough, one loses this condition."""
        update = Update()
        update.add(-amount, "available")
        update.require_at_least(amount, "available")
        return self._table.updated(user, items.CREDITS, update)

    def put_entry(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> dict[str, Any]:
        entry = Entry(self._new_id(now), kind, amount, reference, now)
        return self._table.put_new(items.entry_to_item(user, entry))
