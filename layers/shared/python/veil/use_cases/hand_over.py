"""What of the work list has to do with money is the charger's: the sweeper has no key of the payment provider."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from veil.domain.payment_ports import MoneyQueue
from veil.domain.ports import Clock, StorageUnavailable, Telemetry, WorkItem, WorkList

HANDED_OVER_SECONDS = 120  # until it is handed over again, in case the message or the charger was lost


@dataclass(frozen=True)
class HandOver:
    """`veil.use_cases.sweep.Continue` of orders, refunds, subscriptions and debts."""

    work: WorkList
    queue: MoneyQueue
    clock: Clock

    def __call__(self, item: WorkItem) -> bool:
        due_at = round(self.clock() + HANDED_OVER_SECONDS, 3)
        if not self.work.move(item, due_at):
            return False
        self.queue.send(replace(item, due_at=due_at))
        return True


def hand_over_soon(queue: MoneyQueue, telemetry: Telemetry, item: WorkItem, log_ids: Mapping[str, str]) -> None:
    """Without waiting for the sweep, which hands over what is lost here."""
    try:
        queue.send(item)
    except StorageUnavailable as error:
        telemetry.log(f"{item.kind} left to the sweep", **log_ids, why=str(error))
