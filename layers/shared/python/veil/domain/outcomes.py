"""Every way in which an attempt makes no image, and what it means: one table for all providers."""

from dataclasses import dataclass
from decimal import Decimal

from veil.domain.generation import Image, ImageError
from veil.domain.likeness import Likeness
from veil.domain.predictions import PredictionStatus


@dataclass(frozen=True, slots=True)
class Failure:
    """``error`` is what the client is told once the image is refunded; ``retry``: another attempt may help; ``billed``:
    the provider charges for this one. ``likeness`` is what a comparison found, where that is why.
    """

    error: ImageError
    retry: bool
    billed: bool
    likeness: Likeness | None = None

    def unbills(self, image: Image) -> bool:
        """Whether the price of the image's current attempt is taken off when it ends so."""
        return not self.billed and image.attempt in image.attempts

    def cost_of(self, image: Image) -> Decimal:
        """What the generation's cost changes by when the image's current attempt ends so: USD, 0 or less."""
        return -image.attempts[image.attempt].price if self.unbills(image) else Decimal(0)


FAILURES: dict[PredictionStatus, Failure] = {  # what a provider says of a prediction that ended
    PredictionStatus.FAILED: Failure(ImageError.PROVIDER_FAILED, retry=True, billed=True),
    PredictionStatus.FLAGGED: Failure(ImageError.CONTENT_FLAGGED, retry=False, billed=True),
    PredictionStatus.CANCELED: Failure(ImageError.TIMED_OUT, retry=True, billed=True),
    PredictionStatus.ABORTED: Failure(ImageError.TIMED_OUT, retry=True, billed=False),
}
# What we find ourselves: it succeeded, and shows somebody else, or no other check lets its output pass; it must have
# ended, and no answer came; the generation's deadline has passed; the provider refused the start for good.
UNLIKE = Failure(ImageError.UNLIKE, retry=True, billed=True)
BAD_OUTPUT = Failure(ImageError.BAD_OUTPUT, retry=True, billed=True)
OVERDUE = Failure(ImageError.TIMED_OUT, retry=True, billed=True)
OUT_OF_TIME = Failure(ImageError.TIMED_OUT, retry=False, billed=True)
REFUSED = Failure(ImageError.START_FAILED, retry=False, billed=False)
