"""All that is kept of one user, as the audit's rules see it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from veil.domain.consents import Consent
from veil.domain.credits import WELCOME, Entry, EntryKind
from veil.domain.generation import Generation, ImageStatus
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order
from veil.domain.subscriptions import Subscription
from veil.domain.uploads import Upload


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object of the bucket: bytes, and SHA-256 (hex) as the bucket knows it, None where it does not."""

    size: int
    sha256: str | None
    modified_at: float


@dataclass(frozen=True, slots=True)
class Debt:
    """Credits that an account owes, and when (epoch seconds) it is looked at next."""

    owed: int = 0
    due_at: float | None = None


@dataclass(frozen=True)
class Money:
    """What a user bought. ``customer_key`` and ``debt`` are the account's; ``pointers`` are the ids of those orders
    that can be found by their id alone.
    """

    orders: Sequence[Order] = ()
    refunds: Sequence[OrderRefund] = ()
    subscription: Subscription | None = None
    pointers: Collection[str] = ()
    customer_key: str | None = None
    debt: Debt = Debt()

    def order(self, order_id: str | None) -> Order | None:
        return next((order for order in self.orders if order.id == order_id), None)


@dataclass(frozen=True)
class Tombstone:
    """What stands of a user who has left: ``others`` are the sort keys of what should be gone; ``due_at`` is when the
    erasure goes on, None where it is off the list; ``expires_at`` is there once it is done. Epoch seconds.
    """

    erased_at: float
    expires_at: float | None = None
    due_at: float | None = None
    others: Sequence[str] = ()


@dataclass(frozen=True)
class Apart:
    """A record that is kept of nobody who can be named: its attributes, and when it goes."""

    attributes: Collection[str]
    expires_at: float | None


@dataclass(frozen=True)
class OwedEvent:
    """An event that is to be told: since when, and when the sweep looks at it next. One that was told ``stands`` no
    more; one without a date of the first kind is none. Epoch seconds.
    """

    stands: bool
    owed_at: float | None = None
    due_at: float | None = None


@dataclass(frozen=True)
class Holdings:
    """All that is kept of one user; ``available`` is None without an account, ``objects`` are by their keys,
    ``malformed`` are the items that could not be read. What points to an order that there is not is nobody's: ``user``
    is then its partition, ``stray`` says where it points. Of who has left stands a ``tombstone``; what is kept
    ``apart``, without a name, goes by its partition, too, and so does an ``event`` that is to be told.
    """

    user: str
    available: int | None
    entries: Sequence[Entry]
    generations: Sequence[Generation]
    uploads: Sequence[Upload]
    objects: Mapping[str, StoredObject]
    malformed: Sequence[str] = ()
    money: Money = field(default_factory=Money)
    stray: str | None = None
    welcomed_on: str | None = None  # the day whose budget the welcome was taken from; unknown of the oldest accounts
    tombstone: Tombstone | None = None
    apart: Apart | None = None
    event: OwedEvent | None = None
    consents: Mapping[str, Consent] = field(default_factory=dict)  # each decision, by its record's id

    @property
    def is_a_users(self) -> bool:
        return self.stray is None and self.apart is None and self.event is None

    @property
    def welcome(self) -> int:
        return sum(entry.amount for entry in self.entries if entry.reference == WELCOME)

    def given(self, kind: EntryKind) -> int:
        return sum(entry.amount for entry in self.entries if entry.kind is kind)

    @property
    def withdrawn(self) -> int:
        """Credits that were taken back, without those that were given again."""
        return -self.given(EntryKind.WITHDRAW) - self.given(EntryKind.RESTORE)

    @property
    def held(self) -> int:
        return sum(generation.held for generation in self.generations)

    @property
    def captured(self) -> int:
        return sum(generation.credits_in(ImageStatus.STORED) for generation in self.generations)

    @property
    def expected_available(self) -> int:
        """granted + purchased + restored − withdrawn − held − captured."""
        given = self.given(EntryKind.GRANT) + self.given(EntryKind.PURCHASE)
        return given - self.withdrawn - self.held - self.captured


@dataclass(frozen=True, slots=True)
class WelcomeCounter:
    """What a stage's newcomers were granted on one day, by its counter, and what they might be, in credits."""

    granted: int
    budget: int


class Records(Protocol):
    """All that is kept, only ever read; raises `veil.domain.ports.StorageUnavailable`."""

    def users(self) -> Iterator[str]:
        """Everyone of whom something is kept, once each; last, what points to no order of theirs."""

    def of(self, user: str) -> Holdings:
        """What is kept of one user, from strongly consistent reads."""

    def welcomes(self) -> Mapping[str, WelcomeCounter]:
        """The counters that were there while `users` was read, by their day, as they stand now."""
