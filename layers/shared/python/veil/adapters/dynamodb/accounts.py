"""Credits and entries. Invariant: a user's ``available`` is the sum of their entries, since whatever changes the
one puts the other in the same transaction.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.table import LAST, Expression, Table, Update
from veil.domain.credits import SEOUL, WELCOME, Balance, Entry, EntryKind, welcome_day
from veil.domain.errors import AccountErased
from veil.domain.ids import earliest_id
from veil.domain.ports import Accounts, InvariantBroken, NewId, Page, StorageUnavailable, Telemetry, UserHash

BALANCE_TRIES = 5
COUNTED_DAYS = 8  # how long a day's counter is kept, for the audit
HELD_WITHIN_SECONDS = 24 * 3600  # images are settled within the hour; a day covers a sweep that did not run


class WelcomeBudget:
    """What newcomers are granted in a day of the stage: ``per_day`` credits at the most, and nothing to who had theirs
    and left. All of them count on one item, which takes some tens of transactions a second.
    """

    def __init__(self, table: Table, per_day: int, user_hash: UserHash, telemetry: Telemetry) -> None:
        self.per_day = per_day
        self._table = table
        self._user_hash = user_hash
        self._telemetry = telemetry
        self._spent_on = ""  # once this process knows, it leaves the counter alone until the next day

    def is_spent(self, day: str) -> bool:
        return day == self._spent_on

    def put_off(self, day: str, *, newcomers: int) -> None:
        """The day's budget has no welcome left: so many have to wait."""
        self._spent_on = day
        if newcomers:
            self._telemetry.count("WelcomesPutOff", newcomers)

    def writes(self, user: str, welcome: int, day: str, now: float) -> list[dict[str, Any]]:
        """Invariant: a day's counter never passes its budget; what grants a welcome counts it in its transaction."""
        update = Update()
        update.add(welcome, "granted", start=0)
        update.set(self.per_day, "budget")
        last = datetime.fromisoformat(day).replace(tzinfo=SEOUL) + timedelta(days=COUNTED_DAYS)
        update.set(int(last.timestamp()), "expires_at")
        granted = update.path("granted")
        update.require(f"attribute_not_exists({granted}) OR {granted} <= {update.value(self.per_day - welcome)}")
        e = Expression()
        stays = f"attribute_not_exists(pk) OR {e.path('expires_at')} <= {e.value(int(now))}"  # the TTL takes days
        former = items.former(self._user_hash(user))
        return [self._table.updated_at(*items.welcomes(day), update), self._table.checked(*former, e, stays)]


class DynamoAccounts(Accounts):
    """Without a ``budget``, a welcome is owed: whoever has the budget gives it."""

    def __init__(self, table: Table, new_id: NewId, budget: WelcomeBudget | None = None) -> None:
        self._table = table
        self._new_id = new_id
        self._budget = budget

    def open_account(self, user: str, welcome: int, now: float) -> None:
        """Invariant: the welcome is granted once: with the account, or by the write that ends its being owed. Who has
        left can't open one before their tombstone's day is over.
        """
        day, budget = welcome_day(now), self._budget
        if budget is None or not (welcome and budget.per_day):
            self._open(user, "" if welcome and budget is None else None, now)
        elif budget.is_spent(day) or not self._welcome(user, welcome, budget, now):
            budget.put_off(day, newcomers=self._open(user, day, now))

    def _welcome(self, user: str, welcome: int, budget: WelcomeBudget, now: float) -> bool:
        """Open the account with its welcome, or give what is owed; False where the day's budget does not have it."""
        day = welcome_day(now)
        entry = self.put_entry(user, EntryKind.GRANT, welcome, WELCOME, now)
        shared = [entry, *budget.writes(user, welcome, day, now)]
        account = self._new(user, welcome, now) | {"welcomed_on": day}
        failed = self._table.transact([self._opened(account, now), *shared])
        require_stays(failed.get(0))
        if items.welcome_due(failed.get(0, {}), now):
            update = self._owed_no_more()
            update.add(welcome, "available")
            update.set(day, "welcomed_on")
            failed = self._table.transact([self._table.updated(user, items.CREDITS, update), *shared])
        if 0 in failed:  # it was open, and had its welcome
            return True
        if 3 in failed:  # who is back had theirs
            self._open(user, None, now)
            self._table.update(user, items.CREDITS, self._owed_no_more())
            return True
        return not failed

    def _open(self, user: str, owed: str | None, now: float) -> bool:
        """Open it without a welcome, which is ``owed`` since a day, or not; one that stays owed is asked for no more
        today. False where nothing changed.
        """
        since = {} if owed is None else {"welcome_owed": owed}
        account = self._new(user, 0, now) | since
        failed = self._table.transact([self._opened(account, now)])
        if not failed:
            return True
        require_stays(failed[0])
        if self._budget is None or not items.welcome_due(failed[0], now):
            return False
        update = Update()
        update.set(welcome_day(now), "welcome_owed")
        update.require_present("welcome_owed")
        return self._table.update(user, items.CREDITS, update) is not None

    @staticmethod
    def _new(user: str, available: int, now: float) -> dict[str, Any]:
        opened = number(now)  # of who comes back, it tells that this account is not the one that they left
        return {"pk": items.partition(user), "sk": items.CREDITS, "available": available, "opened_at": opened}

    def _opened(self, account: Mapping[str, Any], now: float) -> dict[str, Any]:
        """A tombstone whose day is over is none, though the TTL has not cleared it yet."""
        e = Expression()
        return self._table.put_new(account, e, unless=f"{e.path('expires_at')} <= {e.value(int(now))}")

    @staticmethod
    def _owed_no_more() -> Update:
        update = Update()
        update.remove("welcome_owed")
        update.require_present("welcome_owed")
        return update

    def grant(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> bool:
        """Invariant: a reference is granted once, however often it is sent."""
        once = {"pk": items.partition(user), "sk": items.reference_sort(reference), "created_at": number(now)}
        entry = self.put_entry(user, kind, amount, reference, now)
        given = self.add_credits(user, amount, to_erased=False)
        failed = self._table.transact([given, entry, self._table.put_new(once)])
        require_stays(failed.get(0))
        if failed and 2 not in failed:
            raise InvariantBroken("a grant to an account that is not open")
        return not failed

    def erased(self, user: str, now: float) -> bool:
        account = self._table.get(user, items.CREDITS)
        return account is not None and "erased_at" in account and account.get("expires_at", now + 1) > now

    def balance(self, user: str, now: float) -> Balance | None:
        """One state: whatever opens or refunds an image changes ``available`` too, so the images were counted between
        two changes if it is the same before and after.
        """
        account = self._table.get(user, items.CREDITS)
        for _ in range(BALANCE_TRIES):
            if account is None:
                return None
            if "erased_at" in account:
                self._require_over(account, now)
                return None
            held, before = self._held(user, now), account
            account = self._table.get(user, items.CREDITS)
            if account and account["available"] == before["available"]:
                owed, due = int(account.get("owed", 0)), items.welcome_due(account, now)
                return Balance(int(account["available"]), held, owed, due)
        raise StorageUnavailable("the credits change too fast")

    def _require_over(self, tombstone: Mapping[str, Any], now: float) -> None:
        """Raise `AccountErased`, unless the tombstone's day is over."""
        if tombstone.get("expires_at", now + 1) > now:
            raise AccountErased

    def _held(self, user: str, now: float) -> int:
        """Held credits are counted from the open images themselves, all of which are young."""
        first = items.generation_sort(earliest_id(now - HELD_WITHIN_SECONDS))
        young = self._table.between(user, first, items.generation_sort(LAST))
        return sum(items.generation_from_item(item).held for item in young)

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]:
        found = self._table.newest(user, items.entry_sort(""), after, limit + 1)
        entries = tuple(items.entry_from_item(item) for item in islice(found, limit + 1))
        return Page(entries[:limit], entries[limit - 1].id if len(entries) > limit else None)

    def add_credits(self, user: str, amount: int, *, to_erased: bool = True) -> dict[str, Any]:
        """Give credits; only ever to an account that is open, so that none goes without its welcome. One that is being
        erased still gets back what was held or paid, so that its books balance until they are closed.
        """
        update = Update()
        update.add(amount, "available")
        update.require_present("available")
        if not to_erased:
            update.require_absent("erased_at")
        return self._table.updated(user, items.CREDITS, update)

    def take_credits(self, user: str, amount: int, *, to_spend: bool = False) -> dict[str, Any]:
        """Take credits. Invariants: never below zero; of two that both saw enough, one loses this condition; who has
        left spends none.
        """
        update = Update()
        update.add(-amount, "available")
        update.require_at_least(amount, "available")
        if to_spend:
            update.require_absent("erased_at")
        return self._table.updated(user, items.CREDITS, update)

    def sold_to(self, user: str, customer_key: str) -> dict[str, Any]:
        """Nothing is sold to who owes or has left, nor to an account that is not open."""
        update = Update()
        update.set(customer_key, "customer_key")
        update.require_present("available")
        update.require_absent("erased_at")
        owed = update.path("owed")
        update.require(f"(attribute_not_exists({owed}) OR {owed} = {update.value(0)})")
        return self._table.updated(user, items.CREDITS, update)

    def put_entry(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> dict[str, Any]:
        entry = Entry(self._new_id(now), kind, amount, reference, now)
        return self._table.put_new(items.entry_to_item(user, entry))


def require_stays(stands: Mapping[str, Any] | None) -> None:
    """Raise `AccountErased` if what a failed condition found is a tombstone."""
    if stands and "erased_at" in stands:
        raise AccountErased
