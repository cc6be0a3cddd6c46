"""What is to be told, and who is told: the outbox, the bus, the queue of posts, the team's server."""

from tests.fakes.store import MemoryStore
from veil.domain.event_ports import Deliveries, EventBus, NotDelivered, Outbox, Receiver, ReceiverGone
from veil.domain.events import Event
from veil.domain.ports import StorageUnavailable, WorkItem, WorkQueue


class MemoryOutbox(Outbox):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def get(self, event_id: str) -> Event | None:
        found = self._store.events.get(event_id)
        return found[0] if found else None

    def told(self, event_id: str) -> None:
        self._store.events.pop(event_id, None)


class MemoryWorkQueue(WorkQueue):
    """``down``: nothing can be sent; ``items`` are what waits, as often as it was sent."""

    def __init__(self) -> None:
        self.items: list[WorkItem] = []
        self.down = False

    def send(self, item: WorkItem) -> None:
        if self.down:
            raise StorageUnavailable("no queue")
        self.items.append(item)


class MemoryBus(EventBus):
    """``down``: an error that may pass, before or after the event was taken."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.down, self.lost = False, False

    def put(self, event: Event) -> None:
        if self.down:
            raise StorageUnavailable("no bus")
        self.events.append(event)
        if self.lost:
            raise StorageUnavailable("no answer")


class MemoryDeliveries(Deliveries):
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.down = False

    def send(self, event: Event) -> None:
        if self.down:
            raise StorageUnavailable("no queue")
        self.events.append(event)


class FakeReceiver(Receiver):
    """Answers each post with the next of ``answers``, then with 200; ``posted`` are all that it got."""

    def __init__(self) -> None:
        self.posted: list[Event] = []
        self.answers: list[int] = []

    def post(self, event: Event) -> None:
        self.posted.append(event)
        status = self.answers.pop(0) if self.answers else 200
        if status == 410:
            raise ReceiverGone
        if status != 200:
            raise NotDelivered(f"receiver.test answers {status}")
