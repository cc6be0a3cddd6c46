"""Tell what has ended: to the bus and, where there is a server of the team's, to the queue of what is posted there.

Only then is it noted as told. A crash in between leaves it on the work list, and it is told again, under the same id.
"""

from collections.abc import Callable
from dataclasses import dataclass

from veil.domain.deadlines import due_once_told
from veil.domain.event_ports import Deliveries, EventBus, Outbox
from veil.domain.events import Event, generation_finished
from veil.domain.ports import Clock, Generations, Telemetry, WorkItem, WorkKind


@dataclass(frozen=True)
class Announce:
    """``deliveries`` is None where nothing is posted; ``has_left`` says whether a user has."""

    generations: Generations
    outbox: Outbox
    bus: EventBus
    deliveries: Deliveries | None
    has_left: Callable[[str], bool]
    clock: Clock
    telemetry: Telemetry

    def __call__(self, item: WorkItem) -> None:
        """What was told before is not told again. Raises `StorageUnavailable`: the sweep hands it over again."""
        match item.kind:
            case WorkKind.GENERATION:
                self._generation(item)
            case WorkKind.EVENT:
                self._event(item)
            case _:
                raise ValueError(f"{item.kind} is nothing to be told")

    def _generation(self, item: WorkItem) -> None:
        """Of one that its user has deleted, or whose user has left, nothing is told; the eraser takes it away."""
        generation = self.generations.get(item.user, item.id)
        if generation is None or not generation.unannounced or self.has_left(generation.user):
            return
        self._tell(generation_finished(generation))
        now = self.clock()
        self.generations.announced(generation, now, due_once_told(generation, now))

    def _event(self, item: WorkItem) -> None:
        event = self.outbox.get(item.id)
        if event is None:
            return
        self._tell(event)
        self.outbox.told(event.id)

    def _tell(self, event: Event) -> None:
        self.bus.put(event)
        if self.deliveries is not None:
            self.deliveries.send(event)
        self.telemetry.count("EventsAnnounced")
        self.telemetry.log("event announced", **event.log_ids, type=event.type)
