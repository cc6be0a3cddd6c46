"""Credits and their entries."""

from tests.fakes.store import MemoryStore
from veil.domain.credits import Balance, Entry, EntryKind, welcome_day
from veil.domain.ports import Accounts, InvariantBroken, Page


class MemoryAccounts(Accounts):
    def __init__(self, store: MemoryStore, budget: int = 10**9) -> None:
        self._store, self._budget = store, budget

    def open_account(self, user: str, welcome: int, now: float) -> None:
        with self._store.lock:
            day = welcome_day(now)
            self._store.require_stays(user)
            if user in self._store.available and not self._due(user, now):
                return
            self._store.available.setdefault(user, 0)
            self._store.welcome_owed.pop(user, None)
            if not (welcome and self._budget) or user in self._store.formers:
                return
            if self._store.welcomed[day] + welcome > self._budget:
                self._store.welcome_owed[user] = day
                return
            self._store.welcomed[day] += welcome
            self._store.enter(user, EntryKind.GRANT, welcome, "welcome", now)

    def _due(self, user: str, now: float) -> bool:
        day = welcome_day(now)
        return self._store.welcome_owed.get(user, day) < day

    def grant(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> bool:
        with self._store.lock:
            self._store.require_stays(user)
            if (user, reference) in self._store.references:
                return False
            if user not in self._store.available:
                raise InvariantBroken("a grant to an account that is not open")
            self._store.references.add((user, reference))
            self._store.enter(user, kind, amount, reference, now)
            return True

    def erased(self, user: str, now: float) -> bool:
        return user in self._store.erased

    def balance(self, user: str, now: float) -> Balance | None:
        with self._store.lock:
            self._store.require_stays(user)
            if user not in self._store.available:
                return None
            held = sum(one.held for (owner, _), one in self._store.generations.items() if owner == user)
            return Balance(self._store.available[user], held, welcome_due=self._due(user, now))

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]:
        with self._store.lock:
            newest = sorted(self._store.entries[user], key=lambda entry: entry.id, reverse=True)
        rest = [entry for entry in newest if after is None or entry.id < after]
        return Page(tuple(rest[:limit]), rest[limit - 1].id if len(rest) > limit else None)
