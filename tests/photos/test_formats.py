"""Every format and kind of photo comes out upright, in sRGB, within 1024 pixels, and with nothing attached."""

from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from local.photos.make import (
    BLUE,
    GREEN,
    MIMES,
    RED,
    STORED,
    WHITE,
    encode,
    exif,
    noise,
    quarters,
    sideways,
)
from local.photos.profiles import display_p3
from tests.photos.attachments import broken_exif, cmyk_press, png_text
from tests.photos.conftest import Read
from veil.adapters.photos.pillow import PillowReader

JPEG_TOLERANCE = 4  # of 255, on an even colour
WEBP_TOLERANCE = 16


def _near(seen: Any, expected: tuple[int, ...], tolerance: int = JPEG_TOLERANCE) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(seen, expected, strict=True))


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", MIMES)
def test_every_orientation_comes_out_upright(read: Read, kind: str, orientation: int) -> None:
    image = read(sideways(kind, orientation), MIMES[kind])
    assert image.size == (400, 300)
    corners = [image.getpixel(corner) for corner in ((9, 9), (390, 9), (9, 290), (390, 290))]
    assert all(_near(*pair) for pair in zip(corners, (RED, GREEN, BLUE, WHITE), strict=True)), corners


def test_an_orientation_in_xmp_alone_counts(read: Read) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    assert read(encode(quarters(), "JPEG", xmp=xmp), "image/jpeg").size == (300, 400)


def _segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """The markers before the pixels, each with its data."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        length = int.from_bytes(jpeg[at + 2 : at + 4])
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return found


@pytest.mark.parametrize("kind", MIMES)
def test_nothing_is_left_attached(reader: PillowReader, kind: str) -> None:
    attached: dict[str, Any] = {"exif": exif(6), "xmp": b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>"}
    if kind == "JPEG":
        attached |= {"comment": b"SECRET-COMMENT", "dpi": (300, 300)}
    if kind == "PNG":
        attached = {"exif": exif(6), "pnginfo": png_text(), "dpi": (300, 300)}
    image = quarters()
    image.info["icc_profile"] = display_p3()
    data = encode(image, kind, icc_profile=display_p3(), **attached)
    assert b"SECRET" in data
    jpeg = reader.read(data, MIMES[kind]).jpeg
    assert b"SECRET" not in jpeg
    markers = _segments(jpeg)
    assert {marker for marker, _ in markers} <= {0xE0, 0xDB, 0xC0, 0xC4}  # JFIF, tables, baseline frame: no more
    assert [data[:5] for marker, data in markers if marker == 0xE0] == [b"JFIF\0"]
    assert jpeg.endswith(b"\xff\xd9")


def test_what_phones_append_is_left_behind(reader: PillowReader) -> None:
    """Two pictures in one file, as for Ultra HDR: the first is the photo."""
    mpo = encode(quarters(), "MPO", save_all=True, append_images=[noise()])
    photo = reader.read(mpo, "image/jpeg")
    assert (photo.width, photo.height) == (400, 300)
    assert photo.jpeg.count(b"\xff\xd8\xff") == 1


# Display P3 → sRGB: its published equivalents of sRGB's own red, green and blue, and a grey.
P3 = {(234, 51, 35): (255, 0, 0), (117, 251, 76): (0, 255, 0), (0, 0, 245): (0, 0, 255), (128, 128, 128): (128,) * 3}


@pytest.mark.parametrize("kind", MIMES)
@pytest.mark.parametrize(("p3", "srgb"), P3.items())
def test_display_p3_is_converted(read: Read, kind: str, p3: tuple[int, ...], srgb: tuple[int, ...]) -> None:
    image = Image.new("RGB", (300, 300), p3)
    image.info["icc_profile"] = display_p3()
    seen = read(encode(image, kind, icc_profile=display_p3(), quality=95), MIMES[kind]).getpixel((150, 150))
    assert _near(seen, srgb, WEBP_TOLERANCE if kind == "WEBP" else JPEG_TOLERANCE), seen


def test_display_p3_is_converted_behind_transparency_too(read: Read) -> None:
    image = Image.new("RGBA", (300, 300), (234, 51, 35, 255))
    image.paste((0, 0, 0, 0), (0, 0, 150, 300))
    seen = read(encode(image, "PNG", icc_profile=display_p3()), "image/png")
    assert _near(seen.getpixel((225, 150)), (255, 0, 0))
    assert _near(seen.getpixel((75, 150)), (255, 255, 255))


@pytest.mark.parametrize("profile", [b"not a profile", display_p3()[:200], cmyk_press()])
def test_a_profile_that_does_not_fit_is_passed_over(read: Read, profile: bytes) -> None:
    data = encode(Image.new("RGB", (300, 300), (234, 51, 35)), "JPEG", icc_profile=profile, quality=95)
    assert _near(read(data, "image/jpeg").getpixel((150, 150)), (234, 51, 35))


# An ink alone → its colour by rule of thumb, and by the press's profile (CIELAB of `profiles.INKS`, in sRGB).
CMYK = {
    (255, 0, 0, 0): ((0, 255, 255), (54, 156, 197)),
    (0, 255, 0, 0): ((255, 0, 255), (184, 84, 129)),
    (0, 0, 255, 0): ((255, 255, 0), (238, 210, 93)),
    (0, 0, 0, 0): ((255, 255, 255), (255, 255, 255)),
}


@pytest.mark.parametrize(("ink", "plain", "printed"), [(ink, *seen) for ink, seen in CMYK.items()])
def test_cmyk_is_converted(read: Read, ink: tuple[int, ...], plain: tuple[int, ...], printed: tuple[int, ...]) -> None:
    image = Image.new("CMYK", (300, 300), ink)
    assert _near(read(encode(image, "JPEG"), "image/jpeg").getpixel((150, 150)), plain)
    with_profile = encode(image, "JPEG", icc_profile=cmyk_press())
    assert _near(read(with_profile, "image/jpeg").getpixel((150, 150)), printed)


def _sixteen_bit_grey() -> Image.Image:
    return Image.frombytes("I;16", (300, 300), (0x8040).to_bytes(2, "little") * 90_000)


@pytest.mark.parametrize(
    ("image", "options", "expected"),
    [
        (Image.new("L", (300, 300), 128), {}, (128, 128, 128)),
        (_sixteen_bit_grey(), {}, (128, 128, 128)),
        (Image.new("1", (300, 300), 1), {}, (255, 255, 255)),
        (Image.new("1", (300, 300), 0), {}, (0, 0, 0)),
        (Image.new("RGB", (300, 300), (90, 120, 200)).quantize(4), {}, (90, 120, 200)),
        (Image.new("RGB", (300, 300), (90, 120, 200)).quantize(4), {"transparency": 0}, (255, 255, 255)),
        (Image.new("RGBA", (300, 300), (0, 0, 0, 128)), {}, (127, 127, 127)),
        (Image.new("RGBA", (300, 300), (200, 0, 0, 0)), {}, (255, 255, 255)),
        (Image.new("LA", (300, 300), (0, 64)), {}, (191, 191, 191)),
        (Image.new("L", (300, 300), 7), {"transparency": 7}, (255, 255, 255)),
        (Image.new("RGB", (300, 300), (7, 8, 9)), {"transparency": (7, 8, 9)}, (255, 255, 255)),
    ],
    ids=["grey", "grey16", "white1", "black1", "palette", "clear palette", "half", "clear", "grey half", "key", "key3"],
)
def test_every_kind_of_png(read: Read, image: Image.Image, options: dict[str, Any], expected: tuple[int, ...]) -> None:
    seen = read(encode(image, "PNG", **options), "image/png").getpixel((150, 150))
    assert _near(seen, expected), seen


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_counts(read: Read, kind: str) -> None:
    first, second = Image.new("RGB", (300, 300), RED), Image.new("RGB", (300, 300), BLUE)
    data = encode(first, kind, save_all=True, append_images=[second], duration=100)
    assert _near(read(data, MIMES[kind]).getpixel((150, 150)), RED, WEBP_TOLERANCE)


def test_heic_of_ten_bits(read: Read) -> None:
    out = BytesIO()
    pillow_heif.from_bytes("RGB;16", (300, 300), (0xC000).to_bytes(2, "little") * 270_000).save(out)
    assert _near(read(out.getvalue(), "image/heic").getpixel((150, 150)), (192, 192, 192))


@pytest.mark.parametrize(
    ("size", "shrunk"),
    [((4000, 3000), (1024, 768)), ((3000, 4000), (768, 1024)), ((1024, 1024), (1024, 1024)), ((500, 300), (500, 300))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_shrunk_to_fit_and_never_grown(
    read: Read, kind: str, size: tuple[int, int], shrunk: tuple[int, int]
) -> None:
    assert read(encode(Image.new("RGB", size), kind), MIMES[kind]).size == shrunk


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of corrupt EXIF: it reads on, and so do we
@pytest.mark.parametrize("value", [0, 1, 2, 5, 7, 12, 255])
def test_broken_exif_is_no_reason_to_refuse(read: Read, value: int) -> None:
    """Each byte of it in turn."""
    for at in range(80):
        assert set(read(broken_exif(at, value), "image/jpeg").size) == {300, 400}
