"""What the use cases need of the world: small protocols, which the adapters and the tests' fakes inherit.

A method that reaches AWS may raise `StorageUnavailable`. A conditional write that returns None has changed nothing:
another process was first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, Self

from veil.domain.consents import Consent, Consents
from veil.domain.credits import Balance, Entry, EntryKind
from veil.domain.generation import Attempt, Generation, Image, StoredOutput
from veil.domain.likeness import FaceComparison, Likeness
from veil.domain.outcomes import Failure
from veil.domain.photos import Face, Photo
from veil.domain.predictions import Prediction, PredictionRequest
from veil.domain.uploads import Reason, Upload

type Clock = Callable[[], float]  # epoch seconds
type NewId = Callable[[float], str]  # a ULID of that time
type UserHash = Callable[[str], str]  # 64 hex digits, under a key of ours; may raise `StorageUnavailable`
type InParallel = Callable[[Iterable[Callable[[], None]]], None]  # runs all, and returns when all have ended


class StorageUnavailable(Exception):
    """AWS did not answer, or refused for now, after retries; the request may or may not have had an effect."""


class InvariantBroken(Exception):
    """The table holds what our own code rules out: a defect, which no retry mends."""


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """What an idempotency key stands for: the hash of the request's body, and the generation it made."""

    request_hash: str
    generation_id: str


class AlreadyReserved(Exception):
    """The idempotency key has been used; ``record`` says for what."""

    def __init__(self, record: IdempotencyRecord) -> None:
        super().__init__(record.generation_id)
        self.record = record


@dataclass(frozen=True, slots=True)
class Lookup:
    """What `POST /generations` must know before it reserves. ``available`` is None for an account not yet opened;
    ``welcome_due`` is that of its `Balance`.
    """

    upload: Upload | None
    idempotency: IdempotencyRecord | None
    available: int | None
    consents: Consents = field(default_factory=dict)
    welcome_due: bool = False


@dataclass(frozen=True, slots=True)
class Page[T]:
    """``next`` is the id to go on after, None on the last page."""

    items: tuple[T, ...]
    next: str | None


class Accounts(Protocol):
    """Credits and their ledger entries."""

    def open_account(self, user: str, welcome: int, now: float) -> None:
        """Open the account with its welcome credits, unless it is open.

        Where the stage's budget for the day is spent, it opens without them, and they are owed: then the first call on
        a later day whose budget has them gives them. Who had them and left gets none. Raises `AccountErased`.
        """

    def grant(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> bool:
        """Add credits to an open account; False when ``reference`` was granted before.

        Raises `InvariantBroken` when the account is not open, and `AccountErased`.
        """

    def erased(self, user: str, now: float) -> bool:
        """Whether the user has left."""

    def balance(self, user: str, now: float) -> Balance | None:
        """None for an account that is not open; raises `AccountErased`."""

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]: ...


class Ledger(Protocol):
    """Reservations, and the images that hold or have captured their credits."""

    def look_up(self, user: str, upload_id: str, idempotency_key: str | None, now: float) -> Lookup: ...

    def reserve(self, generation: Generation, idempotency: tuple[str, str] | None, now: float) -> None:
        """Take the credits and put the generation, all or nothing; ``idempotency`` is key and request hash.

        Raises `InsufficientCredits`, `AlreadyReserved`, `AccountErased`, and `InvariantBroken` when the generation's id
        is taken.
        """

    def claim(self, generation: Generation, attempts: Mapping[int, Attempt], now: float) -> Generation | None:
        """queued → running, before the provider is called; ``attempts`` by the index of their image."""

    def record_starts(
        self, generation: Generation, accepted: Mapping[int, str], back: Sequence[Image], due_at: float | None
    ) -> Generation | None:
        """Record the prediction ids of ``accepted`` images (index → id). Those that go ``back``, running → queued, were
        refused, for now or for good: nothing ran.
        """

    def requeue(self, generation: Generation, image: Image, failure: Failure) -> Generation | None:
        """running → queued after a failed attempt."""

    def capture(
        self, generation: Generation, image: Image, output: StoredOutput, now: float, due_at: float | None
    ) -> Generation | None:
        """open → stored; ``due_at`` is the generation's next due date, None for no more."""

    def refund(
        self, generation: Generation, image: Image, failure: Failure, now: float, due_at: float
    ) -> Generation | None:
        """open → refunded if this attempt is still the current one, and the credits given back, in one transaction.

        ``due_at`` is the generation's next due date.
        """


class Generations(Protocol):
    """Generations as their user sees them."""

    def get(self, user: str, generation_id: str) -> Generation | None:
        """None also for one that is deleted."""

    def deleted(self, user: str, generation_id: str) -> Generation | None:
        """One that is deleted."""

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]:
        """Read at the price of a page, however many were deleted before it."""

    def select(self, generation: Generation, index: int | None) -> Generation | None: ...

    def announced(self, generation: Generation, now: float, due_at: float | None) -> Generation | None:
        """Note that its end was told; ``due_at`` is its next due date, None for no more. None where that was noted
        before, or it is deleted.
        """

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        """Hide it and put it on the work list; None for one that is not there, deleted, or not finished."""


class WorkKind(StrEnum):
    """What can stand on the work list."""

    GENERATION = "generation"
    DELETED = "deleted"  # a generation whose images must be deleted once more
    ORDER = "order"
    REFUND = "refund"  # of an order's money
    SUBSCRIPTION = "subscription"
    CREDITS = "credits"  # an account that owes some
    ERASURE = "erasure"  # of an account whose user has left
    EVENT = "event"  # that is to be told; it has no user


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of the work list. ``id`` is empty where a user has one of the kind."""

    kind: WorkKind
    user: str
    id: str
    due_at: float

    @classmethod
    def of_event(cls, event_id: str, due_at: float) -> Self:
        return cls(WorkKind.EVENT, "", event_id, due_at)

    @classmethod
    def of(cls, generation: Generation, due_at: float) -> Self:
        kind = WorkKind.DELETED if generation.deleted else WorkKind.GENERATION
        return cls(kind, generation.user, generation.id, due_at)


class WorkList(Protocol):
    """Whatever must end stands here with the date on which the sweep looks at it next."""

    def due(self, now: float) -> Iterable[WorkItem]:
        """What is due, the longest due first; it may be slightly behind the table."""

    def lease(self, item: WorkItem, due_at: float) -> Generation | None:
        """Set a new due date if it is still the item's; of two sweeps one wins, the other gets None."""

    def move(self, item: WorkItem, due_at: float) -> bool:
        """Set a new due date if it is still the item's, whatever its kind; of two sweeps one wins."""

    def close(self, generation: Generation, due_at: float) -> None:
        """Take a generation off the list if its due date is still this one."""


class WorkQueue(Protocol):
    """Where work is handed to a function that alone may do it."""

    def send(self, item: WorkItem) -> None:
        """At least once, in no order; raises `StorageUnavailable`."""


class Uploads(Protocol):
    def create(self, upload: Upload) -> None:
        """Create the upload unless it exists; a second call has no effect."""

    def get(self, user: str, upload_id: str) -> Upload | None: ...

    def begin_check(self, upload: Upload) -> bool:
        """pending | checking → checking; False once it is settled."""

    def ready(self, upload: Upload, width: int, height: int) -> bool:
        """pending | checking → ready; False once it is settled."""

    def reject(self, upload: Upload, reason: Reason) -> None:
        """pending | checking → rejected."""


class ConsentBook(Protocol):
    """What users have agreed to. A read sees every write before it."""

    def of(self, user: str) -> Consents:
        """The last decision of each kind."""

    def decide(self, user: str, consent: Consent, before: Consent | None) -> bool:
        """Put the decision's record, and make it the last one of its kind; False when ``before`` no longer was that.

        Raises `AccountErased`.
        """


class RateLimiter(Protocol):
    def check(self, user: str, now: float) -> None:
        """Count one request; raise `RateLimited` with the seconds to wait when there were too many."""

    def give_back(self, user: str, now: float) -> None:
        """Take off the count what was counted at ``now``: nothing came of that request, and not by the user's fault."""


@dataclass(frozen=True, slots=True)
class PresignedPut:
    url: str
    headers: Mapping[str, str]


class PhotoStore(Protocol):
    """The private bucket."""

    def presign_put(self, key: str, content_type: str, size: int, sha256: str | None, seconds: int) -> PresignedPut:
        """A URL for exactly these bytes; ``sha256`` is base64."""

    def presign_get(self, key: str, seconds: int) -> tuple[str, float]:
        """A URL for a provider, and when it expires."""

    def read(self, key: str) -> bytes | None: ...

    def write_once(self, key: str, data: bytes, output: StoredOutput) -> StoredOutput:
        """Put the bytes unless the object exists; return what is stored there now."""

    def delete(self, keys: Sequence[str]) -> None: ...


class FaceDetector(Protocol):
    def detect(self, photo: Photo) -> list[Face]:
        """Raises `Rejected`, `FaceServiceRefused`, `FaceServiceDown`."""


class PhotoReader(Protocol):
    def read(self, data: bytes, content_type: str) -> Photo:
        """Decode and re-encode what a person sent; raises `Rejected` and `ReaderFailed`."""


class ImageProvider(Protocol):
    """Who runs image models."""

    def start(self, request: PredictionRequest) -> str:
        """Start one prediction and return its id; raises `Throttled`, `Refused` or `OutcomeUnknown`."""

    def fetch(self, prediction_id: str) -> Prediction:
        """Raises `PredictionGone` or `ProviderDown`."""

    def cancel(self, prediction_id: str) -> None:
        """Ask the provider to stop; raises `PredictionGone` or `ProviderDown`."""


class PolledProvider(ImageProvider, Protocol):
    """One that calls nobody back, and whose queue is ours to look at."""

    def has_room(self, images: int) -> bool:
        """Whether its queue takes so many more; False also where it does not answer. Raises nothing but
        `StorageUnavailable`.
        """

    def find(self, key: str) -> str | None:
        """The prediction that was started with this key; None where it knows none, though one may be about to run.

        Raises `ProviderDown`.
        """

    def forget(self, prediction_id: str) -> None:
        """Delete the photo that was sent to it for this prediction; raises `PredictionGone` where it has none, and
        `ProviderDown`.
        """


class CallbackReader(Protocol):
    """Reads what one provider sends when a prediction has ended, signed with the secret of this name."""

    secret_name: str

    def read(self, headers: Mapping[str, str], body: bytes) -> Prediction:
        """Verify the signature over the raw body, then parse it.

        Raises `InvalidSignature`, and `InvalidRequest` for a signed body that is no prediction.
        """


class OutputFetcher(Protocol):
    def fetch(self, url: str) -> tuple[bytes, StoredOutput]:
        """The bytes at ``url`` and what they are; raises `BadOutput` or `OutputUnavailable`."""


class OutputCheck(Protocol):
    """Stands between the fetch of an output and its storage."""

    def __call__(self, generation: Generation, data: bytes, output: StoredOutput, /) -> Failure | Likeness | None:
        """A failure keeps it from being stored; None lets it pass, and so does a likeness, which is kept with it."""


class FaceMatcher(Protocol):
    """Compares faces, and keeps none; ``name`` is kept with what it found."""

    name: str

    def compare(self, source_key: str, data: bytes, content_type: str) -> FaceComparison:
        """The photo at ``source_key`` of the bucket with an output's bytes.

        Raises `MatcherUnavailable`, `NotComparable`, and `BadOutput` for what is no picture.
        """


@dataclass(frozen=True, slots=True)
class AttemptRef:
    """One attempt at one image."""

    user: str
    generation_id: str
    index: int
    attempt: int


class PollQueue(Protocol):
    """Where an attempt waits until its provider is asked about it."""

    def send(self, refs: Sequence[AttemptRef], seconds: int) -> None:
        """Ask about these attempts, ten at the most, in so many seconds: at least once about each. Raises
        `StorageUnavailable` where one of them may not be asked about.
        """


class WebhookTokens(Protocol):
    """What names an attempt in the URL of a callback."""

    def seal(self, ref: AttemptRef) -> str: ...

    def unseal(self, token: str) -> AttemptRef:
        """Raises `TokenNotFound` for one that is not ours."""


class Secret(Protocol):
    """A secret that may change under a running function. Every call may raise `StorageUnavailable`.

    ``name`` is what Secrets Manager calls it, for the log: who has to put another value must know where.
    """

    name: str

    def __call__(self) -> str:
        """The current value."""

    def renew(self) -> None:
        """A provider refused the current value: read the secret again, at most every few seconds."""

    def honoured(self) -> Iterator[str]:
        """The values that what comes in may have been made with, the likeliest first."""

    def signing(self) -> Sequence[str]:
        """The values that what goes out is signed with: the current one and, while it is honoured, the one before."""


class Telemetry(Protocol):
    """Metrics and log lines: ids only, never a token, a URL or a photo."""

    def count(self, name: str, value: float = 1) -> None: ...

    def seconds(self, name: str, value: float) -> None: ...

    def log(self, message: str, *, user: str | None = None, **ids: object) -> None:
        """Write one log line; the user id is logged only as a hash."""
