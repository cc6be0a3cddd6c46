"""A generation and its images. An open image *is* the hold on its credits; nothing else records it.

One image's life is ``queued → running → stored | refunded``, and back ``running → queued`` for another attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Self

from veil.domain.likeness import Likeness
from veil.domain.styles import Role
from veil.domain.uploads import input_key, user_folder


class ImageStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    STORED = "stored"
    REFUNDED = "refunded"


class ImageError(StrEnum):
    """Why an image could not be made."""

    CONTENT_FLAGGED = "content_flagged"
    PROVIDER_FAILED = "provider_failed"
    TIMED_OUT = "timed_out"
    BAD_OUTPUT = "bad_output"
    START_FAILED = "start_failed"
    UNLIKE = "unlike"


class GenerationStatus(StrEnum):
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StoredOutput:
    """What stands in the bucket for a stored image, or a checked photo: bytes, SHA-256 (hex), pixels; ``likeness`` is
    what was found of these very bytes, None where nobody was to compare them.
    """

    size: int
    sha256: str
    width: int
    height: int
    content_type: str
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One start of one image: who was asked for which model, what this costs us in USD, the prediction's id, which is
    None until the provider's answer is recorded, and its seed, None where the model takes none. ``refused``: the
    provider did not take it, and the image went back into the queue: nothing ran.

    ``price`` is 0 once it is known that nobody bills it: a generation's cost is the sum over all attempts.
    """

    provider: str
    model: str
    price: Decimal
    prediction_id: str | None = None
    seed: int | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """One image. ``attempt`` counts from 1 and is the number of the current attempt; ``failures`` counts the attempts
    that ran and failed (a refused start did not run); ``attempts`` are those that were started, by their number.
    ``unlike`` is what was found of the attempts that showed somebody else, or not one face.
    """

    index: int
    status: ImageStatus = ImageStatus.QUEUED
    attempt: int = 1
    failures: int = 0
    started_at: float | None = None
    attempts: Mapping[int, Attempt] = field(default_factory=dict)
    output: StoredOutput | None = None
    error: ImageError | None = None
    settled_at: float | None = None
    unlike: Mapping[int, Likeness] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.status in (ImageStatus.QUEUED, ImageStatus.RUNNING)

    def unbilled(self) -> Self:
        """This image, whose current attempt nobody bills."""
        attempt = self.attempts[self.attempt]
        return replace(self, attempts={**self.attempts, self.attempt: replace(attempt, price=Decimal(0))})

    @property
    def prediction_id(self) -> str | None:
        """The current attempt's prediction, once it is known."""
        current = self.attempts.get(self.attempt)
        return current.prediction_id if current else None

    def judged(self, likeness: Likeness | None) -> Self:
        """This image, once its current attempt has failed; ``likeness`` is there if that is why."""
        return self if likeness is None else replace(self, unlike={**self.unlike, self.attempt: likeness})

    def stored(self, output: StoredOutput, at: float) -> Self:
        """This image, stored at ``at`` (epoch seconds)."""
        return replace(self, status=ImageStatus.STORED, output=output, settled_at=at)

    def refunded(self, error: ImageError, at: float) -> Self:
        """This image, refunded at ``at`` (epoch seconds)."""
        return replace(self, status=ImageStatus.REFUNDED, error=error, settled_at=at)


def results_folder(user: str) -> str:
    """Where the bytes of all of a user's images stand."""
    return f"results/{user_folder(user)}"


@dataclass(frozen=True, slots=True)
class Generation:
    """``model`` is the first attempts'; ``cost`` is the sum of all attempts' prices in USD, an upper bound of what they
    cost us; ``due_at`` is when the sweep looks at it next, None once there is nothing left to do. What is ``deleted``
    is a record for the books, which its user sees no more. ``face_consent`` is the record of the consent to compare
    faces that was in force when it was reserved; without one, none of its images is ever compared. ``role`` is who the
    person is at the wedding. ``announces``: it was reserved by a version that owes an event once it is finished;
    ``announced_at`` is when that was told.
    """

    user: str
    id: str
    style: str
    model: str
    upload_id: str
    created_at: float
    images: tuple[Image, ...]
    credits_per_image: int
    cost: Decimal = Decimal(0)
    selected: int | None = None
    due_at: float | None = None
    deleted: bool = False
    face_consent: str | None = None
    role: Role | None = None
    announces: bool = False
    announced_at: float | None = None

    @property
    def status(self) -> GenerationStatus:
        if self.open_images:
            return GenerationStatus.PROCESSING
        stored = sum(image.status is ImageStatus.STORED for image in self.images)
        if stored == len(self.images):
            return GenerationStatus.COMPLETED
        return GenerationStatus.PARTIAL if stored else GenerationStatus.FAILED

    @property
    def open_images(self) -> tuple[Image, ...]:
        return tuple(image for image in self.images if image.is_open)

    @property
    def refunded_images(self) -> tuple[Image, ...]:
        return tuple(image for image in self.images if image.status is ImageStatus.REFUNDED)

    @property
    def finished_at(self) -> float | None:
        """When the last image was settled; None while one is open."""
        settled = [image.settled_at for image in self.images if image.settled_at is not None]
        return max(settled) if len(settled) == len(self.images) else None

    @property
    def unannounced(self) -> bool:
        """Whether it has finished and that is still to be told. Of what its user has deleted nothing is told."""
        told = self.announced_at is not None or self.deleted
        return self.announces and not told and not self.open_images

    @property
    def log_ids(self) -> dict[str, str]:
        """The ids on every log line about it."""
        return {"user": self.user, "generation_id": self.id}

    @property
    def reserved(self) -> int:
        return self.credits_per_image * len(self.images)

    def credits_in(self, status: ImageStatus) -> int:
        return self.credits_per_image * sum(image.status is status for image in self.images)

    @property
    def held(self) -> int:
        return self.credits_per_image * len(self.open_images)

    @property
    def input_key(self) -> str:
        return input_key(self.user, self.upload_id)

    def result_key(self, index: int) -> str:
        """Where an image's bytes stand: a function of the image alone, so that storing it again changes nothing."""
        return f"{self.result_folder}/{index}"

    @property
    def result_folder(self) -> str:
        """Where all its images' bytes stand."""
        return f"{results_folder(self.user)}/{self.id}"

    def with_images(self, *changed: Image) -> Self:
        by_index = {image.index: image for image in changed}
        return replace(self, images=tuple(by_index.get(image.index, image) for image in self.images))
