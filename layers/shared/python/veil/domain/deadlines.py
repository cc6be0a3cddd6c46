"""The rules that need a clock: when the sweep looks at a generation, when to try again, when to give up."""

from dataclasses import dataclass

from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.outcomes import Failure

CLEANUP_SECONDS = 360  # twice the longest any function runs: by then nothing that began before a refund still writes
OVERDUE_MARGIN_SECONDS = 45  # for the provider's own deadline to take effect and its callback to arrive
AFTER_DEADLINE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Policy:
    """``check_ages`` are a generation's ages at which the sweep looks at it; the last is its deadline. In seconds.
    ``unlike_retries``: how many of the attempts at an image may follow one that showed somebody else.
    """

    max_attempts: int
    prediction_timeout: int
    check_ages: tuple[int, ...]
    unlike_retries: int = 1

    def deadline(self, generation: Generation) -> float:
        return generation.created_at + self.check_ages[-1]

    def out_of_time(self, generation: Generation, now: float) -> bool:
        return now >= self.deadline(generation)

    def next_due(self, created_at: float, now: float) -> float:
        """The next age at which to look; past the deadline every few minutes, so that leftover work is not lost."""
        dates = (created_at + age for age in self.check_ages)
        return next((at for at in dates if at > now), now + AFTER_DEADLINE_SECONDS)

    def may_retry(self, generation: Generation, image: Image, failure: Failure, now: float) -> bool:
        """Whether there may be another attempt: it may help, some are left, and one can end before the deadline."""
        attempts_left = image.failures + 1 < self.max_attempts
        if failure.likeness:
            attempts_left &= len(image.unlike) < self.unlike_retries
        return failure.retry and attempts_left and now + self.prediction_timeout <= self.deadline(generation)

    def overdue(self, image: Image, now: float) -> bool:
        """Whether a running attempt must have ended at the provider by now, though we have no answer."""
        if image.status is not ImageStatus.RUNNING or image.started_at is None:
            return False
        return now > image.started_at + self.prediction_timeout + OVERDUE_MARGIN_SECONDS


def due_once_settled(generation: Generation, now: float) -> float | None:
    """When the sweep looks next at a generation of which an image has just been settled.

    Unchanged while images are open; at once while its end is still to be told; then as `due_once_told`.
    """
    if generation.open_images:
        return generation.due_at
    return now if generation.unannounced else due_once_told(generation, now)


def due_once_told(generation: Generation, now: float) -> float | None:
    """When the sweep looks next at a generation that has finished, of which nothing is to be told any more.

    In `CLEANUP_SECONDS` after its end if an image was refunded, since a late upload may need deleting; otherwise never.
    """
    finished_at = now if generation.finished_at is None else generation.finished_at
    return due_for_cleanup(finished_at) if generation.refunded_images else None


def due_for_cleanup(now: float) -> float:
    """When no function that began before ``now`` still writes."""
    return now + CLEANUP_SECONDS
