"""Give one image's credits back, exactly once."""

from dataclasses import dataclass, replace
from decimal import Decimal

from veil.domain.deadlines import due_once_settled
from veil.domain.generation import Generation, Image, ImageError, ImageStatus
from veil.domain.ports import Clock, Ledger, Telemetry


@dataclass(frozen=True)
class Refund:
    ledger: Ledger
    clock: Clock
    telemetry: Telemetry

    def __call__(self, generation: Generation, image: Image, error: ImageError, *, billed: bool = True) -> Generation:
        """The generation as it stands afterwards; unchanged when somebody else settled the image first.

        ``billed`` is False for an attempt that the provider does not charge.
        """
        now = self.clock()
        refunded = replace(image, status=ImageStatus.REFUNDED, error=error, settled_at=now)
        due_at = due_once_settled(generation.with_images(refunded), now) or now
        cost = Decimal(0) if billed else -generation.price
        after = self.ledger.refund(generation, refunded, due_at, cost)
        if after is None:
            return generation
        self.telemetry.count("CreditsRefunded", generation.credits_per_image)
        self.telemetry.log(
            "image refunded", **generation.log_ids, image=image.index, prediction_id=image.prediction_id, error=error
        )
        return after
