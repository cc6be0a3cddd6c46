"""PNG: its kinds of pixels, its chunks, and how much they can ask for."""

import zlib
from collections.abc import Iterator
from functools import partial
from struct import pack

from PIL import Image

from local.photos.case import QUARTERS, READY, TOO_LARGE, TOO_SMALL, UNREADABLE, Case, Corners, Make, cases_of, even
from local.photos.make import BLUE, GREEN, PNG_MAGIC, RED, WHITE, encode, huge_png, png_chunk, quarters
from local.photos.profiles import display_p3

MIME = "image/png"
MIB = 2**20
HEADER_END = 33  # magic number and IHDR
# Adam7: of each pass, the first column and row, and the steps (PNG specification, §8.2)
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def raw(size: tuple[int, int], depth: int, colour_type: int, lines: bytes, *, interlaced: bool = False) -> bytes:
    """A file of these lines, each behind its filter's byte."""
    header = pack(">IIBBBBB", *size, depth, colour_type, 0, 0, interlaced)
    return PNG_MAGIC + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(lines)) + png_chunk(b"IEND", b"")


def sixteen_bit() -> bytes:
    """RGB of 16 bits: `quarters`, finer by a byte."""
    image = quarters()
    lines = (bytes(byte for value in _line(image, y, 0, 1) for byte in (value, 77)) for y in range(image.height))
    return raw(image.size, 16, 2, b"".join(b"\0" + line for line in lines))


def interlaced() -> bytes:
    image = quarters()
    lines = (_line(image, y, x, step) for x, top, step, down in PASSES for y in range(top, image.height, down))
    return raw(image.size, 8, 2, b"".join(b"\0" + line for line in lines), interlaced=True)


def _line(image: Image.Image, y: int, x: int, step: int) -> bytes:
    """Every ``step``-th pixel of a line of RGB."""
    line = image.crop((0, y, image.width, y + 1)).tobytes()
    return b"".join(line[3 * column : 3 * column + 3] for column in range(x, image.width, step))


def attach(*chunks: bytes) -> bytes:
    """`quarters`, with these right behind the header."""
    whole = encode(quarters(), "PNG")
    return whole[:HEADER_END] + b"".join(chunks) + whole[HEADER_END:]


def fill(one: bytes) -> bytes:
    """`quarters`, with this as often as an upload can hold it."""
    return attach(one * ((10 * MIB - 10_000) // len(one)))


def wrong_sum(name: bytes) -> bytes:
    """The checksum of the first such chunk is off by one bit."""
    data = bytearray(attach(png_chunk(b"tEXt", b"Comment\0SECRET")))
    at = data.index(name)
    data[at + 4 + int.from_bytes(data[at - 4 : at])] ^= 1
    return bytes(data)


def inflating(size: int) -> bytes:
    """A compressed stream of so many zeros: a thousandth of them."""
    return zlib.compress(bytes(size), 9)


def transparent() -> bytes:
    """Its red is a transparent colour (tRNS)."""
    return encode(quarters(), "PNG", transparency=RED)


def animated() -> bytes:
    second = Image.new("RGB", (400, 300), BLUE)
    return encode(quarters(), "PNG", save_all=True, append_images=[second] * 5, duration=100)


def long_pixels() -> bytes:
    """Behind the image's own pixels, 64 MiB of zeros."""
    image = quarters()
    lines = b"".join(b"\0" + _line(image, y, 0, 1) for y in range(image.height))
    return raw(image.size, 8, 2, lines + bytes(64 * MIB))


TEXT = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>SECRET</x:xmpmeta>")
TIFF = b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
PROFILE = png_chunk(b"iCCP", b"a\0\0" + inflating(MIB))


def coloured(colour: tuple[int, int, int], *numbers: int) -> bytes:
    """One colour, and the numbers that say what it is (cICP)."""
    whole = encode(Image.new("RGB", (300, 300), colour), "PNG", icc_profile=display_p3())
    return whole[:HEADER_END] + png_chunk(b"cICP", bytes(numbers)) + whole[HEADER_END:]


WELL: dict[str, tuple[Make, Corners]] = {
    "interlaced": (interlaced, QUARTERS),
    "16-bit": (sixteen_bit, QUARTERS),
    "16-bit-grey": (partial(raw, (300, 300), 16, 0, (b"\0" + b"\x80\x40" * 300) * 300), even((128, 128, 128))),
    "palette": (lambda: encode(quarters().quantize(4), "PNG"), QUARTERS),
    "transparent-colour": (transparent, (WHITE, GREEN, BLUE, WHITE)),
    "p3-by-cicp": (partial(coloured, (234, 51, 35), 12, 13, 0, 1), even((255, 0, 0))),
    "srgb-by-cicp": (partial(coloured, (234, 51, 35), 1, 13, 0, 1), even((234, 51, 35))),  # whatever its profile says
    "white-in-pq-by-cicp": (partial(coloured, (148, 148, 148), 9, 16, 0, 1), even((255, 255, 255))),
    "cicp-of-one-byte": (partial(coloured, (234, 51, 35), 12), even((255, 0, 0))),  # its profile's
    "animated": (animated, QUARTERS),
    "text": (partial(attach, TEXT, png_chunk(b"zTXt", b"a\0\0" + zlib.compress(b"SECRET" * 9))), QUARTERS),
    "exif-of-4-mib": (partial(attach, png_chunk(b"eXIf", TIFF + b"SECRET" * 700_000)), QUARTERS),
    "unknown-chunks": (partial(attach, png_chunk(b"abCd", b"SECRET") * 1000), QUARTERS),
    "wrong-sum-of-the-pixels": (partial(wrong_sum, b"IDAT"), QUARTERS),  # their own sum, inside, is right
    "pixels-without-end": (long_pixels, QUARTERS),
    "trailing-zip": (lambda: encode(quarters(), "PNG") + b"PK\x03\x04SECRET" + bytes(99), QUARTERS),
}
REFUSED: dict[str, tuple[Make, str]] = {
    "wrong-sum-of-the-header": (partial(wrong_sum, b"IHDR"), UNREADABLE),
    "wrong-sum-of-a-text": (partial(wrong_sum, b"tEXt"), READY),
    "no-pixels": (lambda: PNG_MAGIC + png_chunk(b"IHDR", pack(">IIBBBBB", 400, 300, 8, 2, 0, 0, 0)), UNREADABLE),
    "no-palette": (partial(raw, (300, 300), 8, 3, bytes(301 * 300)), UNREADABLE),
    "text-of-64-mib": (partial(attach, png_chunk(b"zTXt", b"a\0\0" + inflating(64 * MIB))), READY),
    "xmp-of-64-mib": (partial(attach, png_chunk(b"iTXt", b"a\0\1\0\0\0" + inflating(64 * MIB))), READY),
    "text-of-1-mib-a-thousand-times": (
        partial(attach, png_chunk(b"zTXt", b"a\0\0" + inflating(MIB)) * 1000),
        READY,
    ),
    "900-megapixels": (huge_png, TOO_LARGE),
    "40000-by-40000": (partial(raw, (40_000, 40_000), 8, 2, b""), TOO_LARGE),
    "40000-by-1": (partial(encode, Image.new("1", (40_000, 1)), "PNG"), TOO_SMALL),
    "one-pixel": (partial(encode, Image.new("RGB", (1, 1)), "PNG"), TOO_SMALL),
}
BOMBS: dict[str, tuple[Make, str]] = {"profiles-of-10-gib": (partial(fill, PROFILE), READY)}


def cases() -> Iterator[Case]:
    return cases_of("png", MIME, WELL, REFUSED, BOMBS)
