"""What the table holds, in memory. One lock makes every write as atomic as the table's conditional ones."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import RLock

from veil.domain.consents import Consent, ConsentKind
from veil.domain.credits import Entry, EntryKind
from veil.domain.errors import AccountErased
from veil.domain.events import Event
from veil.domain.generation import Generation
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.ports import IdempotencyRecord, NewId, WorkItem, WorkKind
from veil.domain.subscriptions import Subscription
from veil.domain.uploads import Upload


def milliseconds(at: float) -> float:
    """A time as the table keeps it."""
    return round(at, 3)


@dataclass
class MemoryStore:
    """``idempotency`` maps (user, key) to its record and when it expires; a generation is on the work list while
    its ``due_at`` is set; ``erased`` are those who have left; ``watch`` is told of each write of one, before and after.
    """

    new_id: NewId
    lock: RLock = field(default_factory=RLock)
    available: dict[str, int] = field(default_factory=dict)
    entries: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    welcomed: Counter[str] = field(default_factory=Counter)  # credits, by the day
    welcome_owed: dict[str, str] = field(default_factory=dict)  # since which day, by user
    formers: set[str] = field(default_factory=set)  # who had their welcome and left
    references: set[tuple[str, str]] = field(default_factory=set)
    idempotency: dict[tuple[str, str], tuple[IdempotencyRecord, float]] = field(default_factory=dict)
    generations: dict[tuple[str, str], Generation] = field(default_factory=dict)
    consents: defaultdict[str, dict[ConsentKind, Consent]] = field(default_factory=lambda: defaultdict(dict))
    decisions: list[tuple[str, Consent]] = field(default_factory=list)
    uploads: dict[tuple[str, str], Upload] = field(default_factory=dict)
    records: dict[tuple[WorkKind, str, str], Order | OrderRefund | Subscription] = field(default_factory=dict)
    order_keys: dict[tuple[str, str], tuple[str, str, float]] = field(default_factory=dict)
    customer_keys: dict[str, str] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    debts_due: dict[str, float] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    events: dict[str, tuple[Event, float]] = field(default_factory=dict)  # that are to be told, and when they are due
    watch: Callable[[Generation | None, Generation], None] = lambda before, after: None

    def enter(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> None:
        """Change what is available, and write the entry that says so."""
        self.available[user] += amount
        self.entries[user].append(Entry(self.new_id(now), kind, amount, reference, milliseconds(now)))

    def require_stays(self, user: str) -> None:
        """Raise `AccountErased` for a user who has left."""
        if user in self.erased:
            raise AccountErased

    def put(self, generation: Generation) -> Generation:
        """Every write of a generation comes through here."""
        self.watch(self.generations.get((generation.user, generation.id)), generation)
        self.generations[generation.user, generation.id] = generation
        return generation

    def update(
        self,
        user: str,
        generation_id: str,
        condition: Callable[[Generation], bool],
        change: Callable[[Generation], Generation],
    ) -> Generation | None:
        """One conditional write: the generation as it stands afterwards, or None when the condition was lost."""
        with self.lock:
            stands = self.generations.get((user, generation_id))
            return self.put(change(stands)) if stands and condition(stands) else None

    def money_due(self) -> list[WorkItem]:
        """What of the work list has to do with money, and the events that are to be told."""
        dated = [
            WorkItem(kind, user, id_, record.due_at)
            for (kind, user, id_), record in self.records.items()
            if record.due_at is not None
        ]
        dated += [WorkItem(WorkKind.CREDITS, user, "", due_at) for user, due_at in self.debts_due.items()]
        return dated + [WorkItem.of_event(event_id, due_at) for event_id, (_, due_at) in self.events.items()]

    def move(self, item: WorkItem, due_at: float) -> bool:
        """One conditional write of a due date."""
        with self.lock:
            if item not in self.money_due():
                return False
            if item.kind is WorkKind.CREDITS:
                self.debts_due[item.user] = due_at
            elif item.kind is WorkKind.EVENT:
                self.events[item.id] = self.events[item.id][0], due_at
            else:
                key = item.kind, item.user, item.id
                self.records[key] = replace(self.records[key], due_at=due_at)
            return True
