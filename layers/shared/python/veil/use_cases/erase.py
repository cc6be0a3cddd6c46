"""Continue an erasure: each step does nothing where it was done before, so that a crash between any two of them, and
another eraser at the same time, change nothing.

What shows a person goes first: records of photos and images, then the objects themselves, by listing. Money that is on
its way is waited for. Nothing is ``done`` before it was read that nothing is left; and when nobody who began earlier
can still write, it is looked at once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from veil.domain.delivery import EdgeCache
from veil.domain.erasure import DAY, FORMER_DAYS, LEASE_SECONDS, LOOK_AGAIN_SECONDS, WAIT_SECONDS, Erasure, Kept
from veil.domain.erasure_ports import Erasures, Folders, Identities
from veil.domain.events import account_erased_id
from veil.domain.generation import results_folder
from veil.domain.ports import Clock, Telemetry, WorkItem, WorkList, WorkQueue
from veil.use_cases.end_images import EndImages
from veil.use_cases.end_money import EndMoney
from veil.use_cases.hand_over import hand_over_soon

TOMBSTONE = ("CREDITS", "ERASURE")  # kinds of items: what stays until the last look
MONEY = ("ORDER", "REFUND", "SUBSCRIPTION")  # what is needed until no money is on its way


@dataclass(frozen=True)
class Erase:
    """`veil.use_cases.sweep.Continue` of erasures."""

    work: WorkList
    erasures: Erasures
    folders: Folders
    edge: EdgeCache
    identities: Identities
    end_images: EndImages
    end_money: EndMoney
    events: WorkQueue
    clock: Clock
    telemetry: Telemetry

    def __call__(self, item: WorkItem) -> bool:
        """False where another eraser was first, or it is no longer due."""
        leased = replace(item, due_at=round(self.clock() + LEASE_SECONDS, 3))
        if not self.work.move(item, leased.due_at):
            return False
        erasure = self.erasures.get(item.user)
        if erasure is None:
            return False
        if erasure.done_at is not None:
            self._look_again(erasure)
            return True
        self.telemetry.seconds("ErasureSeconds", self.clock() - erasure.erased_at)
        if not self._emptied(erasure):
            self.work.move(leased, round(self.clock() + WAIT_SECONDS, 3))
        return True

    def _emptied(self, erasure: Erasure) -> bool:
        """Whether it is done; else something has to be waited for."""
        user = erasure.user
        self.end_images(user)
        erasure = self._counted(erasure)
        self._delete(user, (*TOMBSTONE, *MONEY))
        self.folders.delete(user)
        self.edge.forget(results_folder(user), f"{erasure.receipt} erased")
        if not self.end_money(user, erasure.erased_at):
            self.telemetry.log("an erasure waits for money", **erasure.log_ids)
            return False
        self._delete(user, TOMBSTONE)
        self.identities.forget(erasure.username or user)
        return self._verified(erasure) and self._finished(self.erasures.get(user) or erasure)

    def _counted(self, erasure: Erasure) -> Erasure:
        if erasure.objects is not None:
            return erasure
        items = sum(1 for _ in self.erasures.sorts(erasure.user, TOMBSTONE))
        return self.erasures.counted(erasure, self.folders.count(erasure.user), items)

    def _delete(self, user: str, keep: Sequence[str]) -> None:
        self.erasures.delete(user, list(self.erasures.sorts(user, keep)))

    def _verified(self, erasure: Erasure) -> bool:
        """By reading, whatever was deleted before: another may have written meanwhile."""
        left = {
            "items": sum(1 for _ in self.erasures.sorts(erasure.user, TOMBSTONE)),
            "objects": self.folders.count(erasure.user),
            "identities": int(self.identities.knows(erasure.username or erasure.user)),
        }
        if any(left.values()):
            self.telemetry.log("an erasure is not done yet", **erasure.log_ids, left=left)
        return not any(left.values())

    def _finished(self, erasure: Erasure) -> bool:
        now = self.clock()
        payments = {} if erasure.retained_until is None else {Kept.PAYMENTS: erasure.retained_until}
        kept = {**payments, Kept.FORMER: now + FORMER_DAYS * DAY}
        if self.erasures.finish(erasure, kept, now, round(now + LOOK_AGAIN_SECONDS, 3)):
            self.telemetry.log("an erasure is done", **erasure.log_ids, objects=erasure.objects, items=erasure.items)
            told = WorkItem.of_event(account_erased_id(erasure), now)
            hand_over_soon(self.events, self.telemetry, told, erasure.log_ids)
        return True

    def _look_again(self, erasure: Erasure) -> None:
        """A photo whose URL was good when the user left, or an image of a callback that had begun, may have come since;
        so may a record, by a request that had.
        """
        self._delete(erasure.user, TOMBSTONE)
        self.folders.delete(erasure.user)
        self.edge.forget(results_folder(erasure.user), f"{erasure.receipt} erased again")
        self.erasures.close(erasure)
