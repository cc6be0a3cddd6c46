"""Photos that people send: most are good; of the others, every one has its reason."""

from io import BytesIO
from random import Random
from typing import NamedTuple

from PIL import Image

from local.demo import PHOTO


class Photo(NamedTuple):
    """Its bytes, what is said of them, and the reason that it has to be rejected with; none for a good one."""

    data: bytes
    content_type: str
    reason: str | None


class Album:
    """All that a user may choose from."""

    def __init__(self) -> None:
        portrait = PHOTO.read_bytes()
        self.good = Photo(portrait, "image/jpeg", None)
        self.bad = (
            Photo(_plain("JPEG", 512), "image/jpeg", "no_face"),
            Photo(_plain("PNG", 100), "image/png", "image_too_small"),
            Photo(portrait, "image/png", "type_mismatch"),
            Photo(portrait[: len(portrait) // 2], "image/jpeg", "unreadable_image"),
            Photo(b"not a photo at all, just a line of text\n" * 20, "image/jpeg", "not_an_image"),
        )

    def choose_bad(self, random: Random) -> Photo:
        return random.choice(self.bad)


def _plain(kind: str, side: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side, side), (120, 140, 160)).save(file, kind)
    return file.getvalue()
