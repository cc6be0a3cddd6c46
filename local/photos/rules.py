"""What may come out of the check: the pixels of one small, plain photo, and not a byte more."""

import re
from collections.abc import Iterator

from local.photos.case import SECRET
from veil.domain.photos import Photo

MAX_SIDE = 1024
JFIF = b"JFIF\0\1\1\0\0\1\0\1\0\0"  # version 1.1, no density, no thumbnail
APP0, DQT, BASELINE, DHT, SOS = 0xE0, 0xDB, 0xC0, 0xC4, 0xDA


def fault(photo: Photo) -> str | None:
    """What is wrong with it; None for a baseline JPEG of three components, of the size that it is said to have and at
    most 1024 pixels, in which nothing stands but JFIF's header, tables, one frame and one scan.
    """
    if SECRET in photo.jpeg:
        return "it carries something that was attached"
    segments = list(_segments(photo.jpeg))
    for marker, data in segments:
        if marker not in (APP0, DQT, BASELINE, DHT, SOS) or (marker == APP0 and data != JFIF):
            return f"it has a segment {marker:02X} of {len(data)} bytes"
    frames = [data for marker, data in segments if marker == BASELINE]
    size = [(int.from_bytes(data[3:5]), int.from_bytes(data[1:3]), data[5]) for data in frames]
    if size != [(photo.width, photo.height, 3)] or not 0 < max(photo.width, photo.height) <= MAX_SIDE:
        return f"its frame is {size}, and it is said to be {photo.width}x{photo.height}"
    return None


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with its data, to the scan; a marker of 0 for what should not be there."""
    at = 2
    while jpeg[:2] == b"\xff\xd8" and jpeg[at : at + 1] == b"\xff":
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        yield jpeg[at + 1], jpeg[at + 4 : at + 2 + length]
        at += 2 + length
        if jpeg[at - length - 1] == SOS:
            break
    end = re.compile(rb"\xff[^\0]").search(jpeg, at)
    if not end or jpeg[end.start() :] != b"\xff\xd9":
        yield 0, jpeg[end.start() if end else at :]
