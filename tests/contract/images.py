"""Images as a settlement leaves them."""

from dataclasses import replace

from tests.fakes.replicate import describe
from veil.domain.generation import Image, ImageError, ImageStatus


def stored(image: Image, at: float) -> Image:
    return replace(image, status=ImageStatus.STORED, output=describe(b"a portrait"), settled_at=at)


def refunded(image: Image, at: float, error: ImageError = ImageError.TIMED_OUT) -> Image:
    return replace(image, status=ImageStatus.REFUNDED, error=error, settled_at=at)
