"""What is done to a photo of any format: cut, flipped, turned, dressed up as something else."""

import random
from collections.abc import Iterator
from functools import cache, partial
from io import BytesIO
from zipfile import ZipFile

from local.photos.case import MISMATCH, NOT_AN_IMAGE, QUARTERS, READY, TOO_LARGE, TOO_SMALL, UNREADABLE, Case
from local.photos.jpeg import attach, segment
from local.photos.make import ENCODINGS, MIMES, STORED, encode, exif, noise, quarters, sideways

ANY_END = (READY, UNREADABLE, TOO_LARGE, TOO_SMALL, NOT_AN_IMAGE, MISMATCH)  # but an end
FLIPS = 6  # copies of each encoding, each with other bits wrong
GIF_AND_SCRIPT = b"GIF89a/*\1\0\1\0\0\0\0*/=1;alert('SECRET')//" + bytes(2000)
PAGE = b"<!doctype html><script>alert('SECRET')</script>"


@cache
def whole(encoding: int) -> bytes:
    """What is damaged: one of `ENCODINGS`, that EXIF says is on its side."""
    kind, options = ENCODINGS[encoding]
    return encode(noise(), kind, exif=exif(6), **options)


def cut(encoding: int, quarter: int) -> bytes:
    data = whole(encoding)
    return data[: len(data) * quarter // 4]


def flipped(encoding: int, seed: int) -> bytes:
    """A few wrong bits, the odd seeds' in the head, where a file is described."""
    rng = random.Random(seed)  # noqa: S311 - the same ones each time
    data = bytearray(whole(encoding))
    end = min(600, len(data)) if seed % 2 else len(data)
    for _ in range(rng.choice((1, 2, 8, 40))):
        data[rng.randrange(12, end)] ^= 1 << rng.randrange(8)
    return bytes(data)


def archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as files:
        files.writestr("SECRET.html", PAGE)
    return out.getvalue()


def cases() -> Iterator[Case]:
    yield from _damaged()
    yield from _disguised()
    for kind, mime in MIMES.items():
        for orientation in STORED:
            make = partial(sideways, kind, orientation)
            yield Case(f"{kind.lower()}-orientation-{orientation}", mime, make, corners=QUARTERS)
        for declared in sorted(set(MIMES.values()) - {mime}):
            name = f"{kind.lower()}-declared-{declared.removeprefix('image/')}"
            yield Case(name, declared, partial(encode, quarters(), kind), (MISMATCH,))


def _damaged() -> Iterator[Case]:
    for encoding, (kind, options) in enumerate(ENCODINGS):
        name, mime = "-".join((kind.lower(), *options)), MIMES[kind]
        for quarter in (1, 2, 3):
            yield Case(f"{name}-cut-at-{quarter}-quarters", mime, partial(cut, encoding, quarter), (UNREADABLE,))
        for seed in range(FLIPS):
            yield Case(f"{name}-flipped-{seed}", mime, partial(flipped, encoding, seed), ANY_END)


def _disguised() -> Iterator[Case]:
    photo = partial(encode, quarters(), "JPEG")
    for mime in MIMES.values():
        yield Case(f"nothing-declared-{mime.removeprefix('image/')}", mime, bytes, (NOT_AN_IMAGE,))
        yield Case(f"gif-and-script-declared-{mime.removeprefix('image/')}", mime, lambda: GIF_AND_SCRIPT, (MISMATCH,))
    yield Case("jpeg-and-zip", "image/jpeg", lambda: photo() + archive(), corners=QUARTERS)
    yield Case("jpeg-and-page", "image/jpeg", lambda: attach(segment(0xFE, PAGE)) + PAGE, corners=QUARTERS)
    yield Case("zip-and-jpeg", "image/jpeg", lambda: archive() + photo(), (NOT_AN_IMAGE,))
    yield Case("page-and-jpeg", "image/jpeg", lambda: PAGE + photo(), (NOT_AN_IMAGE,))
    yield Case("pdf-and-jpeg", "image/jpeg", lambda: b"%PDF-1.7\n" + photo(), (NOT_AN_IMAGE,))
