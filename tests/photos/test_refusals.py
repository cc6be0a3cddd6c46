"""What is no photo, or too large, too small or broken, is refused with its reason, and with nothing but that."""

import random
from collections.abc import Callable

import pytest
from PIL import Image

from local.photos.make import ENCODINGS, MIMES, encode, exif, huge_png, huge_webp, noise, quarters
from veil.adapters.photos.pillow import PillowReader
from veil.domain.photos import Rejected
from veil.domain.uploads import Reason

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"


def _refusal(reader: PillowReader, data: bytes, content_type: str) -> Reason:
    with pytest.raises(Rejected) as refused:
        reader.read(data, content_type)
    return refused.value.reason


@pytest.mark.parametrize("content_type", MIMES.values())
@pytest.mark.parametrize("data", [b"", b"\xff", b"hello, world", b"\0" * 5000, SVG, PDF, b"PK\x03\x04" + b"\0" * 30])
def test_not_an_image(reader: PillowReader, data: bytes, content_type: str) -> None:
    assert _refusal(reader, data, content_type) is Reason.NOT_AN_IMAGE


@pytest.mark.parametrize("kind", [*MIMES, "GIF", "TIFF", "BMP", "ICO", "AVIF"])
@pytest.mark.parametrize("declared", MIMES)
def test_bytes_that_are_not_what_was_declared(reader: PillowReader, kind: str, declared: str) -> None:
    if kind != declared:
        assert _refusal(reader, encode(quarters(), kind), MIMES[declared]) is Reason.TYPE_MISMATCH


@pytest.mark.parametrize("quarter", [1, 2, 3])
@pytest.mark.parametrize(("kind", "options"), ENCODINGS, ids=str)
def test_a_truncated_photo(reader: PillowReader, kind: str, quarter: int, options: dict[str, bool]) -> None:
    data = encode(noise(), kind, **options)
    assert _refusal(reader, data[: len(data) * quarter // 4], MIMES[kind]) is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize("kind", MIMES)
def test_an_upload_that_lost_its_last_hundredth(reader: PillowReader, kind: str) -> None:
    data = encode(noise(), kind)
    assert _refusal(reader, data[: len(data) * 99 // 100], MIMES[kind]) is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize(
    ("kind", "size", "reason"),
    [
        ("JPEG", (255, 4000), Reason.IMAGE_TOO_SMALL),
        ("PNG", (1, 1), Reason.IMAGE_TOO_SMALL),
        ("WEBP", (4000, 255), Reason.IMAGE_TOO_SMALL),
        ("HEIF", (64, 64), Reason.IMAGE_TOO_SMALL),
        ("PNG", (8193, 6144), Reason.IMAGE_TOO_LARGE),
    ],
)
def test_sides_and_pixels(reader: PillowReader, kind: str, size: tuple[int, int], reason: Reason) -> None:
    assert _refusal(reader, encode(Image.new("1" if kind == "PNG" else "RGB", size), kind), MIMES[kind]) is reason


def test_the_smallest_and_the_largest_that_pass(reader: PillowReader) -> None:
    assert reader.read(encode(Image.new("RGB", (256, 256)), "JPEG"), "image/jpeg").width == 256
    assert reader.read(encode(Image.new("1", (8192, 6144)), "PNG"), "image/png").width == 1024


@pytest.mark.parametrize(("make", "kind"), [(huge_png, "PNG"), (huge_webp, "WEBP")])
def test_gigantic_is_known_from_the_header(reader: PillowReader, make: Callable[[], bytes], kind: str) -> None:
    """900 megapixels in no more than 120 kB; `test_memory` sees that they are never decoded."""
    data = make()
    assert len(data) < 120_000
    assert _refusal(reader, data, MIMES[kind]) is Reason.IMAGE_TOO_LARGE


def _damaged(data: bytes, rng: random.Random) -> bytes:
    """A few wrong bytes in the head, where a file is described, or anywhere."""
    broken = bytearray(data)
    end = rng.choice((min(600, len(data)), len(data)))
    for _ in range(rng.choice((1, 2, 8, 40))):
        broken[rng.randrange(12, end)] = rng.randrange(256)
    return bytes(broken)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of corrupt EXIF
@pytest.mark.parametrize(("kind", "options"), ENCODINGS, ids=str)
def test_damage_is_refused_or_read_past(reader: PillowReader, kind: str, options: dict[str, bool]) -> None:
    """Whatever is wrong with the bytes, nothing but `Rejected` is ever raised: a function that crashes would be
    tried again with the same photo.
    """
    rng = random.Random(20261123)
    whole = encode(noise(), kind, exif=exif(6), **options)
    outcomes: set[str] = set()
    for _ in range(60):
        try:
            photo = reader.read(_damaged(whole, rng), MIMES[kind])
        except Rejected as refused:
            outcomes.add(refused.reason)
        else:
            outcomes.add("ready")
            assert photo.jpeg.startswith(b"\xff\xd8\xff\xe0")
    assert Reason.UNREADABLE_IMAGE in outcomes
