"""What the sweeper may not do itself is handed over: money to the charger, which alone has the provider's keys, and
erasures to the eraser, which alone may list a bucket.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from veil.domain.ports import Clock, StorageUnavailable, Telemetry, WorkItem, WorkList, WorkQueue

HANDED_OVER_SECONDS = 120  # until it is handed over again, in case the message or who had it was lost


@dataclass(frozen=True)
class HandOver:
    """`veil.use_cases.sweep.Continue` of orders, refunds, subscriptions, debts and erasures."""

    work: WorkList
    queue: WorkQueue
    clock: Clock

    def __call__(self, item: WorkItem) -> bool:
        due_at = round(self.clock() + HANDED_OVER_SECONDS, 3)
        if not self.work.move(item, due_at):
            return False
        self.queue.send(replace(item, due_at=due_at))
        return True


def hand_over_soon(queue: WorkQueue, telemetry: Telemetry, item: WorkItem, log_ids: Mapping[str, str]) -> None:
    """Without waiting for the sweep, which hands over what is lost here."""
    try:
        queue.send(item)
    except StorageUnavailable as error:
        telemetry.log(f"{item.kind} left to the sweep", **log_ids, why=str(error))
