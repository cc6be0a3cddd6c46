"""The pixels decide: no metadata keeps a good photo out, a whole picture is whole however its file ends, and half a
picture stays half.
"""

import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from local.photos.make import MIMES, PNG_MAGIC, STORED, encode, exif, noise, png_chunk, quarters
from tests.photos.conftest import Read
from veil.adapters.containers import exif_orientation
from veil.adapters.photos.pillow import PillowReader
from veil.domain.photos import Rejected
from veil.domain.uploads import Reason

EXIF = exif(1).tobytes()
BROKEN_EXIF = {
    "nothing": b"",
    "a name alone": b"Exif\0\0",
    "zeros": bytes(64),
    "half a header": b"Exif\0\0II*",
    "BigTIFF": b"Exif\0\0II+\0\x08\0\0\0" + bytes(30),
    "a directory beyond its end": b"Exif\0\0MM\0*\xff\xff\xff\xff",
    "a count beyond its end": b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
    "half an entry": EXIF[:20],
    "text": b"Exif\0\0hello, world" * 9,
}
PILLOWS_KEYS = ("exif", "xmp", "icc_profile", "transparency", "interlace", "gamma", "dpi", "default_image", "loop")


def upright(read: Read, data: bytes, mime: str) -> bytes:
    return read(data, mime).tobytes()


@pytest.mark.parametrize("block", BROKEN_EXIF)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_broken_exif_decides_nothing(read: Read, kind: str, block: str) -> None:
    image = quarters()
    plain = upright(read, encode(image, kind), MIMES[kind])
    assert upright(read, encode(image, kind, exif=BROKEN_EXIF[block]), MIMES[kind]) == plain


@pytest.mark.parametrize("orientation", STORED)
def test_an_orientation_of_either_order(orientation: int) -> None:
    made = Image.Exif()
    made[0x0112] = orientation
    for order in "<>":
        made.endian = order
        assert exif_orientation(made.tobytes()) == orientation


@pytest.mark.parametrize("value", [0, 9, 65_535])
def test_an_orientation_that_is_none(value: int) -> None:
    made = Image.Exif()
    made[0x0112] = value
    assert exif_orientation(made.tobytes()) is None


@pytest.mark.parametrize("key", PILLOWS_KEYS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_text_of_a_png_is_no_word_of_pillows(read: Read, key: str, packed: bool) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text(key, "1", zip=packed)
    image = quarters()
    assert upright(read, encode(image, "PNG", pnginfo=text), "image/png") == upright(
        read, encode(image, "PNG"), "image/png"
    )


JUNK = {
    "JPEG": [
        b"\xff\xee\0\x0eAdobe\0",
        b"\xff\xee\0\x07Adobe",
        b"\xff\xe2\0\x0eICC_PROFILE\0",
        b"\xff\xe2\0\x10ICC_PROFILE\0\1\0",
        b"\xff\xed\0\x1cPhotoshop 3.0\x008BIM\x04\x04\0\0\0\0\0",
        b"\xff\xe1\0\x1fhttp://ns.adobe.com/xap/1.0/\0",
        b"\xff\xe0\0\x07JFIF\0",
    ],
    "PNG": [
        png_chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(2**21))),
        png_chunk(b"iCCP", b"name"),
        png_chunk(b"iCCP", b"name\0\0not packed"),
        png_chunk(b"pHYs", b"\0"),
        png_chunk(b"gAMA", b""),
        png_chunk(b"cHRM", b"\0" * 5),
        png_chunk(b"fcTL", b"\0" * 3),
        png_chunk(b"acTL", b"\0"),
        png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n99999\nzz")),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0not packed"),
        png_chunk(b"tEXt", b""),
    ],
}
CASES = [(kind, junk) for kind, every in JUNK.items() for junk in every]


@pytest.mark.parametrize(("kind", "junk"), CASES, ids=lambda case: str(case)[:40])
def test_what_nobody_wants_is_not_looked_at(read: Read, kind: str, junk: bytes) -> None:
    data = encode(quarters(), kind)
    behind = 2 if kind == "JPEG" else len(PNG_MAGIC) + 25  # the magic number, or the header
    if junk.startswith(b"\xff"):
        junk = junk[:2] + (len(junk) - 2).to_bytes(2) + junk[4:]
    assert upright(read, data[:behind] + junk + data[behind:], MIMES[kind]) == upright(read, data, MIMES[kind])


def jpeg(image: Image.Image, **options: Any) -> bytes:
    return encode(image, "JPEG", quality=85, **options)


WAYS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "progressive": {"progressive": True},
    "restarts": {"restart_marker_rows": 1},
}
TAILS = {
    "no end": b"",
    "zeros": bytes(1000),
    "a phone's trailer": b"\0\0\x01\x0aImage_UTC_Data1612345678901SEFHk\0\0\0\0\0SEFT",
    "an end, and text": b"\xff\xd9" + b"trailer" * 99,
    "an end, and another picture": b"\xff\xd9" + jpeg(noise()),
}


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("way", WAYS)
def test_a_whole_jpeg_is_whole_however_it_ends(read: Read, way: str, tail: str) -> None:
    for image in (noise(), quarters()):
        data = jpeg(image, **WAYS[way])
        assert upright(read, data[:-2] + TAILS[tail], "image/jpeg") == upright(read, data, "image/jpeg")


@pytest.mark.parametrize("end", [b"\xff\xd9", b"", b"\xff\xd9" + b"trailer" * 99], ids=["closed", "open", "trailer"])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("way", WAYS)
def test_half_a_jpeg_is_half_however_neatly_it_ends(reader: PillowReader, way: str, share: float, end: bytes) -> None:
    data = jpeg(noise(640, 480), **WAYS[way])
    with pytest.raises(Rejected) as rejected:
        reader.read(data[: int(len(data) * share)] + end, "image/jpeg")
    assert rejected.value.reason is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize("way", WAYS)
def test_half_a_jpeg_is_half_where_it_was_cut_within_a_byte(reader: PillowReader, way: str) -> None:
    """Coded data has a zero behind each FF; without it, that FF and the end's are a fill byte and a marker."""
    data = jpeg(noise(640, 480), **WAYS[way])
    cuts = [at for at in range(len(data) // 3, len(data) - 1000) if data[at - 1 : at + 1] == b"\xff\0"]
    for cut in cuts[:: max(1, len(cuts) // 8)]:
        with pytest.raises(Rejected):
            reader.read(data[:cut] + b"\xff\xd9", "image/jpeg")


@pytest.mark.parametrize("tail", [b"", b"trailer" * 99, png_chunk(b"tEXt", b"a\0b")], ids=["cut", "text", "chunk"])
def test_a_whole_png_is_whole_however_it_ends(read: Read, tail: bytes) -> None:
    data = encode(noise(), "PNG")
    plain = upright(read, data, "image/png")
    assert upright(read, data + tail, "image/png") == plain
    assert upright(read, data[:-12], "image/png") == plain


def test_half_a_png_is_half_however_neatly_it_ends(reader: PillowReader) -> None:
    buffer = BytesIO()
    noise(640, 480).save(buffer, "PNG")
    data = buffer.getvalue()
    start = data.index(b"IDAT") - 4
    body = data[start + 8 : start + 8 + int.from_bytes(data[start : start + 4])]
    half = data[:start] + png_chunk(b"IDAT", body[: len(body) // 2]) + data[-12:]
    with pytest.raises(Rejected):
        reader.read(half, "image/png")


@pytest.mark.parametrize("lossless", [False, True])
def test_half_a_webp_is_half_however_neatly_it_ends(reader: PillowReader, lossless: bool) -> None:
    data = encode(noise(640, 480), "WEBP", lossless=lossless)
    body = data[20 : 20 + len(data) // 4 * 2]
    half = data[12:16] + len(body).to_bytes(4, "little") + body
    with pytest.raises(Rejected):
        reader.read(b"RIFF" + (len(half) + 4).to_bytes(4, "little") + b"WEBP" + half, "image/webp")
