"""Photos that people send: each with what the check has to make of it."""

from typing import NamedTuple

from PIL import Image

from local.photos.make import encode


class Photo(NamedTuple):
    """Its bytes, the type it is declared as, and the reason it has to be rejected with; None for a good one."""

    data: bytes
    content_type: str
    reason: str | None = None


def bad_photos(good: bytes) -> tuple[Photo, ...]:
    """Photos to reject, some made of ``good``, a JPEG."""
    small = encode(Image.new("RGB", (20, 20), (120, 140, 160)), "PNG")
    return (
        Photo(small, "image/png", "image_too_small"),
        Photo(good, "image/png", "type_mismatch"),
        Photo(b"not a photo at all, just a line of text\n" * 20, "image/jpeg", "not_an_image"),
        Photo(good[: len(good) // 2], "image/jpeg", "unreadable_image"),
    )
