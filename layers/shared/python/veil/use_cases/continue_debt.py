"""Continue an account that owes credits: take what has come in meanwhile."""

from dataclasses import dataclass

from veil.domain.payment_ports import Orders
from veil.domain.ports import Clock, Telemetry, WorkItem, WorkList

COLLECT_SECONDS = 600  # images that fail give credits back, and people are granted some


@dataclass(frozen=True)
class ContinueDebt:
    work: WorkList
    orders: Orders
    clock: Clock
    telemetry: Telemetry

    def __call__(self, item: WorkItem) -> bool:
        now = self.clock()
        due_at = now + COLLECT_SECONDS
        if not self.work.move(item, due_at):
            return False
        customer = self.orders.customer(item.user)
        if customer and self.orders.collect(item.user, customer, due_at, now):
            taken = min(customer.owed, customer.available)
            if taken:
                self.telemetry.count("CreditsCollected", taken)
            self.telemetry.log("owed credits collected", user=item.user, credits=taken)
        return True
