"""Give one image's credits back, exactly once."""

from dataclasses import dataclass

from veil.domain.deadlines import due_for_cleanup, due_once_settled
from veil.domain.generation import Generation, Image
from veil.domain.outcomes import Failure
from veil.domain.ports import Clock, Ledger, Telemetry, WorkQueue


@dataclass(frozen=True)
class Refund:
    """``events`` is where a generation goes that has finished by this; None where that is told to nobody, since its
    user has left.
    """

    ledger: Ledger
    events: WorkQueue | None
    clock: Clock
    telemetry: Telemetry

    def __call__(self, generation: Generation, image: Image, failure: Failure) -> Generation | None:
        """The generation as it stands afterwards; None when another process settled the image first."""
        now = self.clock()
        due_at = due_once_settled(generation.with_images(image.refunded(failure.error, now)), now)
        after = self.ledger.refund(generation, image, failure, now, due_for_cleanup(now) if due_at is None else due_at)
        if after:
            self.telemetry.count("CreditsRefunded", generation.credits_per_image)
            self.telemetry.log(
                "image refunded",
                **generation.log_ids,
                image=image.index,
                prediction_id=image.prediction_id,
                error=failure.error,
            )
            if self.events is not None:
                from veil.use_cases.hand_over import announce_soon  # noqa: PLC0415 - a cold start pays for it

                announce_soon(self.events, self.telemetry, after, now)
        return after
