"""Credits: what a user has, the ledger's entries, and grants."""

from dataclasses import dataclass

from veil.domain.credits import Balance, Entry, EntryKind
from veil.domain.ports import Accounts, Clock, Page


@dataclass(frozen=True)
class Credits:
    """An account is opened, with its welcome credits, when it is first read or by its first generation; welcome credits
    that are owed are asked for once a day, by the same calls.
    """

    accounts: Accounts
    clock: Clock
    welcome_credits: int

    def balance(self, user: str) -> Balance:
        now = self.clock()
        balance = self.accounts.balance(user, now)
        if balance is None or balance.welcome_due:
            self.accounts.open_account(user, self.welcome_credits, now)
            balance = self.accounts.balance(user, now)
        return balance or Balance(0, 0)

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]:
        """Newest first."""
        page = self.accounts.entries(user, limit, after)
        if page.items or after:
            return page
        self.accounts.open_account(user, self.welcome_credits, self.clock())
        return self.accounts.entries(user, limit, after)

    def grant(self, user: str, amount: int, reference: str, kind: EntryKind = EntryKind.GRANT) -> bool:
        """Add ``amount`` credits, once for each ``reference``; False when that was granted before."""
        now = self.clock()
        self.accounts.open_account(user, self.welcome_credits, now)
        return self.accounts.grant(user, kind, amount, reference, now)
