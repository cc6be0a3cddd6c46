"""Give one image's credits back, exactly once."""

from dataclasses import dataclass

from veil.domain.deadlines import due_for_cleanup
from veil.domain.generation import Generation, Image
from veil.domain.outcomes import Failure
from veil.domain.ports import Clock, Ledger, Telemetry


@dataclass(frozen=True)
class Refund:
    ledger: Ledger
    clock: Clock
    telemetry: Telemetry

    def __call__(self, generation: Generation, image: Image, failure: Failure) -> Generation | None:
        """The generation as it stands afterwards; None when another process settled the image first."""
        now = self.clock()
        others_open = len(generation.open_images) > 1
        due_at = generation.due_at if others_open and generation.due_at is not None else due_for_cleanup(now)
        after = self.ledger.refund(generation, image, failure, now, due_at)
        if after:
            self.telemetry.count("CreditsRefunded", generation.credits_per_image)
            self.telemetry.log(
                "image refunded",
                **generation.log_ids,
                image=image.index,
                prediction_id=image.prediction_id,
                error=failure.error,
            )
        return after
