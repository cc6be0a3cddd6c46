"""What a test needs to start images and to settle them."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from tests.fakes.replicate import describe
from veil.domain.generation import Attempt, Image, ImageError
from veil.domain.likeness import Likeness
from veil.domain.outcomes import FAILURES, OVERDUE, UNLIKE
from veil.domain.predictions import PredictionStatus

ALIKE, UNALIKE = Likeness("fake", 80, 97, 1), Likeness("fake", 80, 12, 1)
OUTPUT = describe(b"an image")
PRICE = Decimal("0.04")
ATTEMPT = Attempt("replicate", "black-forest-labs/flux-kontext-pro", PRICE, seed=2_147_483_647)
UNPAID = replace(ATTEMPT, price=Decimal(0))  # one that turned out not to be billed
REFUSED = replace(UNPAID, refused=True)
BILLED, UNBILLED = OVERDUE, FAILURES[PredictionStatus.ABORTED]
NOT_ALIKE = replace(UNLIKE, likeness=UNALIKE)


def attempts(images: Iterable[Image]) -> dict[int, Attempt]:
    """What these images are claimed with."""
    return {image.index: ATTEMPT for image in images}


def asked(prediction_id: str) -> Attempt:
    """An attempt whose prediction is known."""
    return replace(ATTEMPT, prediction_id=prediction_id)


def stored(image: Image, at: float) -> Image:
    return image.stored(OUTPUT, at)


def refunded(image: Image, at: float, error: ImageError = ImageError.TIMED_OUT) -> Image:
    return image.refunded(error, at)
