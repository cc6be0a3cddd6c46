"""WebP: lossy and lossless, with alpha, in motion, and with chunks that lie."""

from collections.abc import Iterator
from functools import partial
from struct import pack

from PIL import Image

from local.photos.case import QUARTERS, READY, TOO_LARGE, TOO_SMALL, Case, Corners, Make, cases_of, even
from local.photos.make import BLUE, encode, exif, huge_webp, quarters, webp_chunk

MIME = "image/webp"


def attach(*chunks: bytes) -> bytes:
    """`quarters`, with these behind its pixels, told of in no header."""
    body = encode(quarters(), "WEBP", lossless=True, exif=exif(1))[12:] + b"".join(chunks)
    return b"RIFF" + pack("<I", len(body) + 4) + b"WEBP" + body


def long_riff() -> bytes:
    """Says that it is larger than it is."""
    data = encode(quarters(), "WEBP", lossless=True)
    return data[:4] + pack("<I", 2**31) + data[8:]


def animated(count: int = 5) -> bytes:
    frames = [Image.new("RGB", (400, 300), (0, 0, 100 + index)) for index in range(count)]
    return encode(quarters(), "WEBP", save_all=True, append_images=frames, duration=100, lossless=True)


def clear(alpha: int) -> bytes:
    return encode(Image.new("RGBA", (300, 300), (*BLUE, alpha)), "WEBP", lossless=True, exact=True)


WELL: dict[str, tuple[Make, Corners]] = {
    "lossless": (partial(encode, quarters(), "WEBP", lossless=True), QUARTERS),
    "half-clear": (partial(clear, 128), even((127, 127, 252))),
    "clear": (partial(clear, 0), even((255, 255, 255))),
    "animated": (animated, QUARTERS),
    "three-hundred-pictures": (partial(animated, 300), QUARTERS),
    "unknown-chunks": (partial(attach, webp_chunk(b"SECR", b"SECRET" * 99) * 1000), QUARTERS),
    "trailing-page": (lambda: encode(quarters(), "WEBP", lossless=True) + b"<script>SECRET</script>", QUARTERS),
}
REFUSED: dict[str, tuple[Make, str]] = {
    "longer-than-it-is": (long_riff, READY),
    "one-pixel": (partial(encode, Image.new("RGB", (1, 1)), "WEBP"), TOO_SMALL),
}
BOMBS: dict[str, tuple[Make, str]] = {
    "900-megapixels": (huge_webp, TOO_LARGE),
    "as-large-as-can-be": (partial(huge_webp, 65_535), TOO_LARGE),
}


def cases() -> Iterator[Case]:
    return cases_of("webp", MIME, WELL, REFUSED, BOMBS)
