"""What the sweeper may not do itself is handed over: money to the charger, which alone has the provider's keys,
erasures to the eraser, which alone may list a bucket, and events to `notify`, which alone talks to the team's server.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from veil.domain.generation import Generation
from veil.domain.ports import Clock, StorageUnavailable, Telemetry, WorkItem, WorkList, WorkQueue

HANDED_OVER_SECONDS = 120  # until it is handed over again, in case the message or who had it was lost


@dataclass(frozen=True)
class HandOver:
    """`veil.use_cases.sweep.Continue` of orders, refunds, subscriptions, debts, erasures and events."""

    work: WorkList
    queue: WorkQueue
    clock: Clock

    def __call__(self, item: WorkItem) -> bool:
        due_at = round(self.clock() + HANDED_OVER_SECONDS, 3)
        if not self.work.move(item, due_at):
            return False
        self.queue.send(replace(item, due_at=due_at))
        return True


@contextmanager
def left_to_the_sweep(telemetry: Telemetry, what: str, **ids: Any) -> Iterator[None]:
    """A message that cannot be sent now is no error: the sweep comes to ``what`` it is about all the same."""
    try:
        yield
    except StorageUnavailable as error:
        telemetry.log(f"{what} left to the sweep", **ids, why=str(error))


def hand_over_soon(queue: WorkQueue, telemetry: Telemetry, item: WorkItem, log_ids: Mapping[str, str]) -> None:
    """Without waiting for the sweep, which hands over what is lost here."""
    with left_to_the_sweep(telemetry, item.kind, **log_ids):
        queue.send(item)


def announce_soon(queue: WorkQueue, telemetry: Telemetry, generation: Generation, now: float) -> None:
    """Have its end told, if that is owed, without waiting for the sweep."""
    if generation.unannounced:
        hand_over_soon(queue, telemetry, WorkItem.of(generation, now), generation.log_ids)
