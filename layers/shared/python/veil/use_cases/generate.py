"""`POST /generations`: reserve the credits, start the predictions, answer.

Five round trips to AWS and Redis, and one to the provider (four starts in parallel): look up, count against the rate
limit, reserve, claim, start, record. A model of one's own that stands before others is asked for room before the claim.
A start there reads the photo from S3, pushes it and submits a job; and for each image a message is sent in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from veil.domain.consents import ConsentKind, in_force, missing
from veil.domain.deadlines import Policy
from veil.domain.errors import (
    ConsentRequired,
    GenerationNotFound,
    IdempotencyKeyReused,
    InsufficientCredits,
    ProviderUnavailable,
    RateLimited,
    UploadNotFound,
    UploadNotReady,
    UploadRejected,
)
from veil.domain.generation import Generation, GenerationStatus, Image, ImageError
from veil.domain.ids import is_id
from veil.domain.ports import (
    Accounts,
    AlreadyReserved,
    Clock,
    Generations,
    IdempotencyRecord,
    Ledger,
    Lookup,
    NewId,
    RateLimiter,
    StorageUnavailable,
    Telemetry,
)
from veil.domain.styles import Role
from veil.domain.uploads import Upload, UploadStatus
from veil.use_cases.start import StartQueued


@dataclass(frozen=True)
class Offer:
    """What a generation is made of, and what it costs its user; ``model`` is the first attempts'."""

    model: str
    images: int
    credits_per_image: int
    welcome_credits: int


@dataclass(frozen=True)
class Generate:
    """``required`` are the consents without which no photo is sent to a provider."""

    ledger: Ledger
    accounts: Accounts
    generations: Generations
    limiter: RateLimiter
    start: StartQueued
    policy: Policy
    offer: Offer
    required: Sequence[ConsentKind]
    clock: Clock
    new_id: NewId
    telemetry: Telemetry

    def __call__(
        self, user: str, upload_id: str, style: str, idempotency_key: str | None, role: Role | None = None
    ) -> tuple[Generation, bool]:
        """The generation, and whether an earlier request with this key made it.

        Raises `IdempotencyKeyReused`, `UploadNotFound`, `UploadNotReady`, `UploadRejected`, `ConsentRequired`,
        `RateLimited`, `InsufficientCredits` and `ProviderUnavailable`.
        """
        request_hash = _hash_of(upload_id, style, role)
        if not is_id(upload_id):
            raise UploadNotFound
        now = self.clock()
        lookup = self.ledger.look_up(user, upload_id, idempotency_key, now)
        if lookup.idempotency:
            return self._replay(user, lookup.idempotency, request_hash), True
        _require_ready(lookup.upload, now)
        if kind := missing(lookup.consents, self.required):
            raise ConsentRequired(kind)
        comparison = in_force(lookup.consents, ConsentKind.FACE_COMPARISON)
        generation = self._new(user, upload_id, style, role, now)
        generation = replace(generation, face_consent=comparison.id if comparison else None)
        try:
            self._require_credits(user, lookup, now)
            self.limiter.check(user, now)
            self._reserve(generation, (idempotency_key, request_hash) if idempotency_key else None, now)
        except AlreadyReserved as error:  # two requests with one key at once: the other one was first
            return self._replay(user, error.record, request_hash), True
        except (InsufficientCredits, RateLimited):  # we may have lost to our own first request: look the key up again
            again = self.ledger.look_up(user, upload_id, idempotency_key, now) if idempotency_key else lookup
            if again.idempotency is None:
                raise
            return self._replay(user, again.idempotency, request_hash), True
        self.telemetry.count("CreditsReserved", generation.reserved)
        self.telemetry.log("credits reserved", **generation.log_ids, credits=generation.reserved)
        return self._started(generation), False

    def _reserve(self, generation: Generation, idempotency: tuple[str, str] | None, now: float) -> None:
        try:
            self.ledger.reserve(generation, idempotency, now)
        except StorageUnavailable:
            self._give_back(generation)
            raise

    def _give_back(self, generation: Generation) -> None:
        """The request fails by our fault or the provider's: it shall not use up the user's rate limit."""
        try:
            self.limiter.give_back(generation.user, generation.created_at)
        except StorageUnavailable as error:
            self.telemetry.log("rate limit not given back", **generation.log_ids, why=str(error))

    def _require_credits(self, user: str, lookup: Lookup, now: float) -> None:
        """Fail early, so that a request without credits does not use up the rate limit. `reserve` is the real check."""
        required = self.offer.images * self.offer.credits_per_image
        if lookup.available is None or (lookup.welcome_due and lookup.available < required):
            self.accounts.open_account(user, self.offer.welcome_credits, now)
        elif lookup.available < required:
            raise InsufficientCredits(required=required, available=lookup.available)

    def _new(self, user: str, upload_id: str, style: str, role: Role | None, now: float) -> Generation:
        generation = Generation(
            user=user,
            id=self.new_id(now),
            style=style,
            model=self.offer.model,
            upload_id=upload_id,
            created_at=now,
            images=tuple(Image(index) for index in range(self.offer.images)),
            credits_per_image=self.offer.credits_per_image,
            role=role,
            announces=True,
        )
        return replace(generation, due_at=self.policy.next_due(now, now))

    def _started(self, generation: Generation) -> Generation:
        """Once the credits are reserved, the sweep finishes what this request cannot: failing storage is no error."""
        try:
            generation = self.start(generation)
        except StorageUnavailable as error:
            self.telemetry.log("start left to the sweep", **generation.log_ids, why=str(error))
        errors = {image.error for image in generation.images}
        if generation.status is GenerationStatus.FAILED and errors == {ImageError.START_FAILED}:
            self._give_back(generation)
            raise ProviderUnavailable
        return generation

    def _replay(self, user: str, record: IdempotencyRecord, request_hash: str) -> Generation:
        if record.request_hash != request_hash:
            raise IdempotencyKeyReused
        generation = self.generations.get(user, record.generation_id)
        if generation is None:
            raise GenerationNotFound
        return generation


def _hash_of(upload_id: str, style: str, role: Role | None) -> str:
    """A key's request; one without a role has the hash that it had before there were roles."""
    said = [upload_id, style, *([] if role is None else [role])]
    return sha256("\n".join(said).encode()).hexdigest()


def _require_ready(upload: Upload | None, now: float) -> None:
    if upload is None or upload.is_gone(now):
        raise UploadNotFound
    if upload.status is UploadStatus.REJECTED and upload.reason:
        raise UploadRejected(upload.reason)
    if upload.status is not UploadStatus.READY:
        raise UploadNotReady
