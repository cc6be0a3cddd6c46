"""What leaving needs of the world; as `veil.domain.ports`, of which these are apart by their readers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

from veil.domain.erasure import Erasure, Kept, Receipt, RetainedOrder
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order


class Erasures(Protocol):
    """Tombstones, receipts, and the items of who has left."""

    def begin(self, erasure: Erasure) -> str:
        """Set the tombstone, write the receipt and put the erasure on the work list, in one transaction. Answers the
        id of the receipt that holds: an earlier one where there is one.
        """

    def get(self, user: str) -> Erasure | None:
        """One that is under way, or is looked at once more."""

    def receipt(self, receipt: str) -> Receipt | None: ...

    def counted(self, erasure: Erasure, objects: int, items: int) -> Erasure:
        """Note how many there were, unless that was noted before."""

    def sorts(self, user: str, keep: Collection[str]) -> Iterator[str]:
        """The sort keys of a user's items, the last first, but for those of the kinds ``keep``."""

    def delete(self, user: str, sorts: Sequence[str]) -> None: ...

    def refunds(self, user: str) -> Iterator[OrderRefund]: ...

    def retain(self, order: Order, retained: RetainedOrder) -> bool:
        """Move an order to where the law keeps it; what finds it by its id then leads there. The erasure notes until
        when, of the first one. False where the order has changed.
        """

    def drop(self, order: Order) -> bool:
        """Delete an order for which nobody was charged, and what finds it. False where it has changed."""

    def finish(self, erasure: Erasure, kept: Mapping[Kept, float], now: float, look_at: float) -> bool:
        """All is gone: write it on the receipt, leave of the tombstone what a token that is still good must meet, and
        remember the user by a keyed hash. False where another was first. ``look_at`` is when to look once more.
        """

    def close(self, erasure: Erasure) -> None:
        """Take it off the work list: of the user stands the tombstone alone."""


class RetainedOrders(Protocol):
    """Orders of people who have left, found by the order's id."""

    def retained(self, order_id: str) -> RetainedOrder | None: ...

    def money_went_back(self, retained: RetainedOrder, amount: int) -> None:
        """Note that so many KRW in all have gone back."""


class Folders(Protocol):
    """All objects of one user, by listing: whatever put them there."""

    def count(self, user: str) -> int: ...

    def delete(self, user: str) -> None:
        """All of them, in all their versions."""


class Identities(Protocol):
    """Whoever gives out the access tokens."""

    def forget(self, username: str) -> None:
        """Delete the user there; one that is not there is no error."""

    def knows(self, username: str) -> bool: ...
