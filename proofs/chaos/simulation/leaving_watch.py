"""Watches who leaves: nobody comes back, nothing is called done that is not, and the books are balanced when they are
closed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.simulated.expressions import Item
from proofs.chaos.simulation.process import CURRENT
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.items import CREDITS, ERASURE, partition
from veil.domain.credits import EntryKind
from veil.domain.generation import ImageStatus
from veil.domain.uploads import user_folder

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld


@dataclass
class Left:
    """One who has left: ``done_at`` is None while anything is left of them."""

    erased_at: float
    receipt: str
    done_at: float | None = None


class LeavingWatch:
    """``left`` are those who have left, by user."""

    def __init__(self, world: "SimulatedWorld") -> None:
        self._world = world
        self._written_at: dict[tuple[str, str], float] = {}
        self.left: dict[str, Left] = {}

    def __call__(self, before: Item | None, after: Item) -> None:
        """An item was written."""
        pk, sk = after["pk"]["S"], after["sk"]["S"]
        if not pk.startswith(partition("")):
            return
        self._written_at[pk, sk] = self._world.now()
        user = pk.removeprefix(partition(""))
        if sk == CREDITS:
            self._account(user, from_item(before or {}), from_item(after))
        elif sk == ERASURE and "done_at" in after and "done_at" not in (before or {}):
            self._done(user)

    def _account(self, user: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        over = "expires_at" in before and float(before["expires_at"]) <= self._world.now()
        if "erased_at" in before and before.get("receipt") != after.get("receipt") and not over:
            self._violation(f"{user} has left, and their tombstone was overwritten")
        if "erased_at" in after and user not in self.left:
            self.left[user] = Left(float(after["erased_at"]), after["receipt"])
        if "available" in before and "available" not in after and "erased_at" in before:
            self._closed(user, int(before["available"]))

    def _done(self, user: str) -> None:
        """The receipt says so now: what is there has come since the eraser began, or it did not look."""
        process, now = CURRENT.get(), self._world.now()
        began_at = process.began_at if process else now
        self.left[user].done_at = now
        pk = partition(user)
        for sk in self._world.dynamodb.sorts(pk):
            if sk not in (CREDITS, ERASURE) and self._written_at[pk, sk] < began_at:
                self._violation(f"the erasure of {user} is called done, and {sk} stands")
        for key, found in self._world.s3.objects.items():
            if f"/{user_folder(user)}/" in key and found.modified_at < began_at:
                self._violation(f"the erasure of {user} is called done, and {key} stands")

    def _closed(self, user: str, available: int) -> None:
        """Their books: what they were given is what they had left, what their images took, and what was withdrawn."""
        entries = self._world.watch.money.entries[user].values()
        if available != sum(entry.amount for entry in entries):
            self._violation(f"{user} left with {available} credits, and other entries")
        own = [one for one in self._world.watch.generations.values() if one.user == user]
        for one in own:
            if one.open_images:
                self._violation(f"{user} has left, and {one.id} is open")
        captured = sum(one.credits_in(ImageStatus.STORED) for one in own)
        taken = -sum(entry.amount for entry in entries if entry.kind in (EntryKind.RESERVE, EntryKind.REFUND))
        if captured != taken:
            self._violation(f"{user} left with {captured} credits captured, and {taken} taken")

    def _violation(self, what: str) -> None:
        self._world.score.violation(what)
