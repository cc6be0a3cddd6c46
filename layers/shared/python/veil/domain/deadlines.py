"""The rules of one image's life that need a clock: when to look, when to try again, when to give up."""

from dataclasses import dataclass

from veil.domain.generation import Generation, Image, ImageStatus

CLEANUP_SECONDS = 360  # twice the longest any function runs: by then nothing that began before a refund still writes
OVERDUE_MARGIN_SECONDS = 45  # for Replicate's own deadline to take effect and its webhook to arrive
AFTER_DEADLINE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Policy:
    """``due`` are the ages at which a generation is looked at, the last being its deadline; all in seconds."""

    max_attempts: int
    prediction_timeout: int
    due: tuple[int, ...]

    def deadline(self, generation: Generation) -> float:
        return generation.created_at + self.due[-1]

    def out_of_time(self, generation: Generation, now: float) -> bool:
        return now >= self.deadline(generation)

    def next_due(self, created_at: float, now: float) -> float:
        """The next rung of the ladder, or a few minutes on when all are climbed: work left over is never forgotten."""
        rungs = (created_at + age for age in self.due)
        return next((at for at in rungs if at > now), now + AFTER_DEADLINE_SECONDS)

    def may_retry(self, generation: Generation, image: Image, now: float) -> bool:
        """Whether a failed attempt is worth another: some are left, and one more can end before the deadline."""
        attempts_left = image.failures + 1 < self.max_attempts
        return attempts_left and now + self.prediction_timeout <= self.deadline(generation)

    def overdue(self, image: Image, now: float) -> bool:
        """Whether a running attempt must have ended at the provider by now, whatever became of its answer."""
        if image.status is not ImageStatus.RUNNING or image.started_at is None:
            return False
        return now > image.started_at + self.prediction_timeout + OVERDUE_MARGIN_SECONDS


def due_once_settled(generation: Generation, now: float) -> float | None:
    """When to look at a generation next, of which an image has just been settled: as before while others are
    open; a while later, to clear away what a late writer may have put, when some are refunded; else never.
    """
    if generation.open_images:
        return generation.due_at
    refunded = any(image.status is ImageStatus.REFUNDED for image in generation.images)
    return now + CLEANUP_SECONDS if refunded else None
