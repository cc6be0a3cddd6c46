"""JPEG: its codings, what is attached to it, and what its decoder can be made to do."""

from collections.abc import Iterator
from functools import partial
from struct import pack

from PIL import Image

from local.photos.case import QUARTERS, READY, TOO_LARGE, TOO_SMALL, UNREADABLE, Case, Corners, Make, cases_of, even
from local.photos.make import BLUE, encode, noise, quarters
from local.photos.profiles import display_p3

MIME = "image/jpeg"
BASELINE, PROGRESSIVE, LOSSLESS, ARITHMETIC = 0xC0, 0xC2, 0xC3, 0xC9  # the frame's marker (ITU-T T.81, table B.1)
TEN_MIB = 10 * 2**20


def segment(marker: int, data: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(data) + 2) + data


def attach(*segments: bytes) -> bytes:
    """`quarters`, with these before all else."""
    whole = encode(quarters(), "JPEG")
    return whole[:2] + b"".join(segments) + whole[2:]


def fill(one: bytes) -> bytes:
    """`quarters`, with this before all else as often as an upload can hold it."""
    return attach(one * ((TEN_MIB - 20_000) // len(one)))


def frame(*, marker: int | None = None, precision: int | None = None, size: tuple[int, int] | None = None) -> bytes:
    """`quarters`, whose frame header says something else than its pixels."""
    data = bytearray(encode(quarters(), "JPEG"))
    at = data.index(b"\xff\xc0") + 1
    data[at] = marker or data[at]
    data[at + 3] = precision or data[at + 3]
    if size:
        data[at + 4 : at + 8] = pack(">HH", size[1], size[0])
    return bytes(data)


def scans(count: int, width: int, height: int) -> bytes:
    """Progressive and grey: one scan of the DC coefficients, ``count`` of the AC ones, each of nothing but zeros.

    A code of one bit stands for all: in the AC table for a run of 2¹⁴ + 14 further bits of empty blocks, the longest.
    """
    blocks = -(-width // 8) * -(-height // 8)
    quantities = segment(0xDB, b"\0" + b"\1" * 64)
    header = segment(PROGRESSIVE, pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    tables = segment(0xC4, b"\0\1" + bytes(15) + b"\0") + segment(0xC4, b"\x10\1" + bytes(15) + b"\xe0")
    first = segment(0xDA, b"\1\1\0\0\0\0") + _coded("0" * blocks)
    run = segment(0xDA, b"\1\1\0\1\x3f\0") + _coded(("0" + "1" * 14) * -(-blocks // 32_767))
    return b"\xff\xd8" + quantities + header + tables + first + run * count + b"\xff\xd9"


def _coded(bits: str) -> bytes:
    size = -(-len(bits) // 8)
    return int(bits.ljust(size * 8, "1"), 2).to_bytes(size).replace(b"\xff", b"\xff\0")


def thumbnail() -> bytes:
    """In its EXIF's second directory another picture, with a comment of its own."""

    def entry(tag: int, kind: int, value: int) -> bytes:
        return pack(">HHIHH" if kind == 3 else ">HHII", tag, kind, 1, value, *((0,) if kind == 3 else ()))

    small = encode(Image.new("RGB", (160, 120), BLUE), "JPEG", comment=b"SECRET-THUMBNAIL")
    first = pack(">H", 1) + entry(0x0112, 3, 1) + pack(">I", 26)
    second = pack(">H", 3) + entry(0x0103, 3, 6) + entry(0x0201, 4, 68) + entry(0x0202, 4, len(small)) + bytes(4)
    return attach(segment(0xE1, b"Exif\0\0MM\0*" + pack(">I", 8) + first + second + small))


def two_pictures(**attached: bytes) -> bytes:
    """As for Ultra HDR: behind the photo another one, its gain map."""
    second = noise()
    second.info["comment"] = b"SECRET-SECOND"
    return encode(quarters(), "MPO", save_all=True, append_images=[second], **attached)


def cmyk() -> bytes:
    return encode(Image.new("CMYK", (300, 300), (0, 255, 255, 0)), "JPEG", comment=b"SECRET")


def p3(colour: tuple[int, int, int]) -> bytes:
    return encode(Image.new("RGB", (300, 300), colour), "JPEG", icc_profile=display_p3(), quality=95)


XMP_GAIN_MAP = b'<x:xmpmeta xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0">SECRET</x:xmpmeta>'
EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
ICC_PARTS = [segment(0xE2, b"ICC_PROFILE\0" + bytes((part, 40)) + b"SECRET" * 9000) for part in range(1, 41)]

WELL: dict[str, tuple[Make, Corners | None]] = {
    "restart-markers": (partial(encode, quarters(), "JPEG", restart_marker_blocks=2), QUARTERS),
    "no-subsampling": (partial(encode, quarters(), "JPEG", subsampling=0), QUARTERS),
    "thumbnail-of-something-else": (thumbnail, QUARTERS),
    "two-pictures": (two_pictures, QUARTERS),
    "gain-map": (partial(two_pictures, xmp=XMP_GAIN_MAP), QUARTERS),
    "comment": (partial(attach, segment(0xFE, b"SECRET" * 10_000)), QUARTERS),
    "exif-of-64-kib": (partial(attach, segment(0xE1, EXIF + b"SECRET" * 10_000)), QUARTERS),
    "icc-of-2-mib": (partial(attach, *ICC_PARTS), QUARTERS),
    "a-thousand-segments": (partial(attach, segment(0xEF, b"SECRET") * 1000), QUARTERS),
    "trailing-film": (lambda: encode(quarters(), "JPEG") + b"\0\0\0\x18ftypmp42SECRET" + bytes(5000), QUARTERS),
    "thousand-scans-of-4-megapixels": (partial(scans, 1000, 2000, 2000), None),
    "40000-wide": (partial(encode, Image.new("RGB", (40_000, 300), BLUE), "JPEG"), even(BLUE)),
    "cmyk": (cmyk, even((255, 0, 0))),
    "display-p3": (partial(p3, (234, 51, 35)), even((255, 0, 0))),
}
REFUSED: dict[str, tuple[Make, str]] = {
    "twelve-bits": (partial(frame, precision=12), UNREADABLE),
    "lossless": (partial(frame, marker=LOSSLESS), UNREADABLE),
    "header-alone": (lambda: encode(quarters(), "JPEG")[:20], UNREADABLE),
    "40000-by-40000": (partial(frame, size=(40_000, 40_000)), TOO_LARGE),
    "65535-by-1": (partial(frame, size=(65_535, 1)), TOO_SMALL),
    "no-height": (partial(frame, size=(400, 0)), UNREADABLE),
    "one-pixel": (partial(encode, Image.new("RGB", (1, 1)), "JPEG"), TOO_SMALL),
}
BOMBS: dict[str, tuple[Make, str]] = {
    "hundred-thousand-scans": (partial(scans, 100_000, 10_000, 5000), READY),
    "exif-in-a-million-pieces": (partial(fill, segment(0xE1, b"Exif\0\0zz")), UNREADABLE),
}


def cases() -> Iterator[Case]:
    yield from cases_of("jpeg", MIME, WELL, REFUSED, BOMBS)
    yield Case("jpeg-arithmetic-of-noise", MIME, partial(frame, marker=ARITHMETIC), (READY, UNREADABLE))
