"""JPEG, segment by segment (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from veil.adapters.containers import Plain, orientation_alone

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
DHT, SOS, DQT, DRI = 0xC4, 0xDA, 0xDB, 0xDD
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NEEDED = frozenset(range(0xC0, 0xD0)) | {DQT, DRI}
APP0, APP1, APP2, APP14 = 0xE0, 0xE1, 0xE2, 0xEE
WITHOUT_LENGTH = frozenset((0x00, 0x01, *range(0xD0, 0xD9)))
PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)
ALL_COEFFICIENTS = (1 << 64) - 1
JFIF = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"  # version 1.1, no density, no thumbnail
# Of their segments, libjpeg believes those alone that are as long as they have to be (jdmarker.c).
JFIF_LENGTH, ADOBE_LENGTH = 14, 12
EXIF_NAME, XMP_NAME, ICC_NAME = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0"
_NEXT = re.compile(rb"\xff+[^\xff]")
_AFTER_PIXELS = re.compile(rb"\xff[^\0\xd0-\xd7\xff]")  # no stuffed byte, no restart, no fill


@dataclass(frozen=True, slots=True)
class Frame:
    """``marker`` names its coding (T.81, table B.1); ``components`` are their ids."""

    marker: int
    width: int
    components: tuple[int, ...]

    @classmethod
    def parse(cls, marker: int, data: bytes) -> "Frame":
        """Raises `ValueError` for half of one."""
        count = data[5] if len(data) > 5 else 0
        if not count or len(data) < 6 + 3 * count:
            raise ValueError("half a frame header")
        return cls(marker, int.from_bytes(data[3:5]), tuple(data[6 : 6 + 3 * count : 3]))


@dataclass(frozen=True, slots=True)
class Segment:
    """``data[start:end]`` from its marker on; ``body`` without marker and length. A scan's ``end`` is that of its
    coded data.
    """

    marker: int
    start: int
    end: int
    body: bytes


def segments(data: bytes) -> Iterator[Segment]:
    """Each segment, to the end of the image or the file; bytes between them are passed over, as libjpeg does."""
    at = 2
    while found := _NEXT.search(data, at):
        marker, start, at = data[found.end() - 1], found.end() - 2, found.end()
        if marker == EOI[1]:
            yield Segment(marker, start, at, b"")
            return
        if marker in WITHOUT_LENGTH:
            continue
        at += max(2, int.from_bytes(data[at : at + 2]))
        body = data[start + 4 : at]
        if marker == SOS:
            found = _AFTER_PIXELS.search(data, at)
            at = found.start() if found else len(data)
        yield Segment(marker, start, min(at, len(data)), body)


@dataclass(slots=True)
class _Arrived:
    """Which of the coefficients of each component have come in full precision, as the scans' headers say."""

    frame: Frame
    final: dict[int, int] = field(default_factory=dict)  # bits of coefficients, by component

    def scan(self, body: bytes) -> None:
        count = body[0] if body else 0
        if not count or len(body) < 4 + 2 * count:
            raise ValueError("half a scan header")
        first, last, precision = body[1 + 2 * count : 4 + 2 * count]
        whole = self.frame.marker not in PROGRESSIVE
        bits = ALL_COEFFICIENTS if whole else ((1 << (min(last, 63) + 1)) - 1) & ~((1 << first) - 1)
        for component in body[1 : 1 + 2 * count : 2]:
            before = self.final.get(component, 0)
            self.final[component] = before | bits if whole or not precision & 15 else before & ~bits

    @property
    def all(self) -> bool:
        return all(self.final.get(each) == ALL_COEFFICIENTS for each in self.frame.components)


@dataclass(frozen=True, slots=True)
class Picture:
    """The first picture of a file: its segments up to the last scan that it needs.

    ``arrived``: whether the scans' headers promise every coefficient; ``closed``: whether the end of the image stands
    where it has to, right behind the last scan. Neither says that the last scan is whole.
    """

    segments: tuple[Segment, ...]
    frame: Frame
    arrived: bool
    closed: bool

    @property
    def scans(self) -> list[Segment]:
        return [segment for segment in self.segments if segment.marker == SOS]

    @property
    def end(self) -> int:
        """Behind the coded data."""
        return self.segments[-1].end


def picture(data: bytes) -> Picture:
    """Raises `ValueError` where there is none."""
    kept: list[Segment] = []
    arrived: _Arrived | None = None
    closed = False
    for segment in segments(data):
        if closed or (arrived and arrived.all):  # the rest is a trailer, a second picture, a film
            closed = segment.marker == EOI[1] and segment.start == kept[-1].end
            break
        if segment.marker == EOI[1]:
            closed = True
            break
        kept.append(segment)
        if segment.marker in FRAMES:
            arrived = _Arrived(Frame.parse(segment.marker, segment.body))
        if segment.marker == SOS and arrived:
            arrived.scan(segment.body)
    if arrived is None or not any(segment.marker == SOS for segment in kept):
        raise ValueError("no picture")
    while kept[-1].marker != SOS:
        kept.pop()
    return Picture(tuple(kept), arrived.frame, arrived.all, closed)


def _closed(data: bytes) -> Picture | None:
    try:
        found = picture(data)
    except ValueError:
        return None
    return found if found.arrived and found.closed else None


def end(data: bytes) -> int | None:
    """Where the picture ends, its end included; None where it is not closed. That its last scan is whole, only a
    decoder can tell.
    """
    found = _closed(data)
    return found.end + len(EOI) if found else None


def labelled(data: bytes, xmp: bytes) -> bytes | None:
    """The picture with this XMP, right behind its JFIF header; see `veil.adapters.containers.label`."""
    found = _closed(data)
    if found is None:
        return None
    jfif, turned, kept = b"", b"", []
    view = memoryview(data)  # megabytes are copied once
    for segment in found.segments:
        marker, body = segment.marker, segment.body
        if marker == APP0 and body.startswith(b"JFIF\0") and len(body) >= JFIF_LENGTH:
            jfif = JFIF
        elif marker == APP1 and body.startswith(EXIF_NAME):
            turned = turned or orientation_alone(body)
        elif _shapes_pixels(segment) or (marker == APP2 and body.startswith(ICC_NAME)):
            kept.append(view[segment.start : segment.end])
    exif = _app1(EXIF_NAME + turned) if turned else b""
    return b"".join([SOI, jfif, exif, _app1(XMP_NAME + xmp), *kept, EOI])


def _app1(body: bytes) -> bytes:
    return b"\xff\xe1" + (2 + len(body)).to_bytes(2) + body


def _shapes_pixels(segment: Segment) -> bool:
    """Whether the decoder needs it; Adobe's tells the colours' transform."""
    if segment.marker == APP14:
        return segment.body.startswith(b"Adobe") and len(segment.body) >= ADOBE_LENGTH
    return segment.marker in NEEDED or segment.marker in (DHT, SOS)


def plain(data: bytes, found: Picture) -> Plain:
    """The file with nothing but ``found``, its picture, closed whether or not it was."""
    kept: list[bytes | memoryview] = [SOI]
    wishes, profile = {EXIF_NAME: b"", XMP_NAME: b""}, {}
    view = memoryview(data)  # megabytes are copied once
    for segment in found.segments:
        body, whole = segment.body, view[segment.start : segment.end]
        if _shapes_pixels(segment):
            kept.append(whole)
        elif segment.marker == APP0 and body.startswith(b"JFIF\0") and len(body) >= JFIF_LENGTH:
            kept.append(JFIF)
        elif segment.marker == APP1:
            wishes |= {name: body[len(name) :] for name in wishes if body.startswith(name) and not wishes[name]}
        elif segment.marker == APP2 and body.startswith(ICC_NAME):
            profile[body[len(ICC_NAME) : len(ICC_NAME) + 1]] = body[len(ICC_NAME) + 2 :]
    icc = b"".join(profile[number] for number in sorted(profile))
    return Plain(b"".join([*kept, EOI]), wishes[EXIF_NAME], wishes[XMP_NAME], icc)
