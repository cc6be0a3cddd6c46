"""What the use cases need of the world, each a small protocol with one real adapter.

Every method may raise `StorageUnavailable` where it reaches AWS. A write that returns None lost its
condition: somebody else was first, and there is nothing left to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from veil.domain.credits import Balance, Entry, EntryKind
from veil.domain.generation import Generation, Image, StoredOutput
from veil.domain.photos import Face, Photo
from veil.domain.predictions import Prediction, PredictionRequest
from veil.domain.uploads import Reason, Upload

type Clock = Callable[[], float]  # epoch seconds
type NewId = Callable[[float], str]  # a ULID of that time
type InParallel = Callable[[Iterable[Callable[[], None]]], None]  # runs all of them, and returns when all are done


class StorageUnavailable(Exception):
    """AWS did not answer, or refused for now, after its own retries; what was asked may or may not have happened."""


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
    """All that `POST /generations` must know before it reserves. ``available`` is None for an unseen account."""

    upload: Upload | None
    idempotency: IdempotencyRecord | None
    available: int | None


@dataclass(frozen=True, slots=True)
class Page[T]:
    """``next`` is the id to go on after, None on the last page."""

    items: tuple[T, ...]
    next: str | None


class Accounts(Protocol):
    """Credits and their ledger entries."""

    def open_account(self, user: str, welcome: int, now: float) -> None:
        """Grant the welcome credits unless the account has been seen before."""

    def grant(self, user: str, kind: EntryKind, amount: int, reference: str, now: float) -> bool:
        """Add credits to an open account; False when ``reference`` was granted before."""

    def balance(self, user: str, now: float) -> Balance | None:
        """None for an account that has not been seen."""

    def entries(self, user: str, limit: int, after: str | None) -> Page[Entry]: ...


class Ledger(Protocol):
    """Reservations, and the images that hold or have captured their credits."""

    def look_up(self, user: str, upload_id: str, idempotency_key: str | None, now: float) -> Lookup: ...

    def reserve(self, generation: Generation, idempotency: tuple[str, str] | None, now: float) -> None:
        """Take the credits and put the generation, all or nothing; ``idempotency`` is key and request hash.

        Raises `InsufficientCredits` and `AlreadyReserved`.
        """

    def claim(self, generation: Generation, images: Sequence[Image], now: float) -> Generation | None:
        """queued → running, before the provider is called."""

    def record_starts(
        self, generation: Generation, accepted: Mapping[int, str], throttled: Sequence[Image], due_at: float | None
    ) -> Generation | None:
        """Note the predictions of ``accepted`` images (index → id); ``throttled`` ones go running → queued."""

    def requeue(self, generation: Generation, image: Image, cost: Decimal) -> Generation | None:
        """running → queued after a failed attempt; ``cost`` (0 or less) corrects what it was taken to cost."""

    def capture(self, generation: Generation, image: Image, due_at: float | None) -> Generation | None:
        """open → stored: ``image`` is as it shall be, and ``due_at`` the generation's."""

    def refund(self, generation: Generation, image: Image, due_at: float, cost: Decimal) -> Generation | None:
        """open → refunded at this attempt, its credits given back and entered: ``image`` is as it shall be."""


class Generations(Protocol):
    """Generations as people see them."""

    def get(self, user: str, generation_id: str) -> Generation | None: ...

    def newest(self, user: str, limit: int, after: str | None) -> Page[Generation]: ...

    def select(self, generation: Generation, index: int | None) -> Generation | None: ...

    def begin_delete(self, generation: Generation, due_at: float) -> Generation | None:
        """Hide it, and put it on the work list."""


class WorkList(Protocol):
    """What the sweep has to look at, and when."""

    def due(self, now: float) -> Iterable[tuple[str, str, float]]:
        """User, generation id and date of what is due; it may be slightly behind the table."""

    def lease(self, user: str, generation_id: str, seen: float, due_at: float) -> Generation | None:
        """Move the date from ``seen``: of two sweeps, one gets the generation."""

    def close(self, generation: Generation) -> None:
        """Take a leased generation off the list."""


class Uploads(Protocol):
    def create(self, upload: Upload) -> None:
        """Once: creating it again changes nothing, whatever it has become."""

    def get(self, user: str, upload_id: str) -> Upload | None: ...

    def begin_check(self, upload: Upload) -> bool:
        """pending | checking → checking; False once it is settled."""

    def defer(self, upload: Upload) -> None:
        """pending | checking → pending."""

    def ready(self, upload: Upload, width: int, height: int) -> bool:
        """pending | checking → ready; False once it is settled."""

    def reject(self, upload: Upload, reason: Reason) -> None:
        """pending | checking → rejected."""


class RateLimiter(Protocol):
    def check(self, user: str, now: float) -> None:
        """Count one; raise `RateLimited` with the seconds to wait when there were too many."""


@dataclass(frozen=True, slots=True)
class PresignedPut:
    url: str
    headers: Mapping[str, str]


class PhotoStore(Protocol):
    """The private bucket."""

    def presign_put(self, key: str, content_type: str, size: int, sha256: str | None, seconds: int) -> PresignedPut:
        """A URL for exactly these bytes; ``sha256`` is base64."""

    def presign_get(self, key: str, seconds: int) -> tuple[str, float]:
        """A URL, and when it expires; both stay the same for a minute, so that an answer may be cached."""

    def read(self, key: str) -> bytes | None: ...

    def write(self, key: str, data: bytes, content_type: str) -> None: ...

    def write_once(self, key: str, data: bytes, output: StoredOutput) -> StoredOutput:
        """Put the bytes unless the object exists, and say what stands there now."""

    def delete(self, keys: Sequence[str]) -> None: ...


class FaceDetector(Protocol):
    def detect(self, photo: Photo) -> list[Face]:
        """Raises `Rejected`, `FaceServiceRefused`, `FaceServiceDown`."""


class PhotoReader(Protocol):
    def read(self, data: bytes, content_type: str) -> Photo:
        """Decode and re-encode what a person sent; raises `Rejected`."""


class ImageModel(Protocol):
    """The provider of predictions."""

    def start(self, request: PredictionRequest) -> str:
        """Start one prediction and return its id; raises `Throttled`, `Refused` or `OutcomeUnknown`."""

    def fetch(self, prediction_id: str) -> Prediction:
        """Raises `PredictionGone` or `ProviderDown`."""

    def cancel(self, prediction_id: str) -> None:
        """Ask the provider to stop; raises `PredictionGone` or `ProviderDown`."""


class OutputSource(Protocol):
    def fetch(self, url: str) -> tuple[bytes, StoredOutput]:
        """The bytes at ``url`` and what they are; raises `BadOutput` or `OutputUnavailable`."""


@dataclass(frozen=True, slots=True)
class AttemptRef:
    """One attempt at one image."""

    user: str
    generation_id: str
    index: int
    attempt: int


class WebhookTokens(Protocol):
    def seal(self, ref: AttemptRef) -> str: ...

    def unseal(self, token: str) -> AttemptRef:
        """Raises `TokenNotFound` for one that is not ours."""


class Telemetry(Protocol):
    """Where metrics and the context of log lines go; ids only, never a token, a URL or a photo."""

    def count(self, name: str, value: float = 1) -> None: ...

    def seconds(self, name: str, value: float) -> None: ...

    def log(self, message: str, *, user: str | None = None, **ids: object) -> None:
        """Write one log line; the user id is logged only as a hash."""
