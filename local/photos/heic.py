"""HEIC: several pictures, turned by the container, and items that ask for each other."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from struct import pack

import pillow_heif
from PIL import Image

from local.photos.boxes import Item, box, coded, container, full, grid, overlay, size
from local.photos.case import QUARTERS, TOO_LARGE, UNREADABLE, Case, Corners, Make, cases_of, even
from local.photos.make import BLUE, GREEN, RED, STORED, WHITE, encode, exif, noise, quarters

MIME = "image/heic"
COLOUR = (200, 100, 50)
PIXELS = (1, 2)  # the properties of a picture: its decoder's configuration and its size


def square(side: int = 512) -> Image.Image:
    return Image.new("RGB", (side, side), COLOUR)


def picture(*properties: bytes, claims: tuple[int, int] = (512, 512)) -> bytes:
    """`quarters`, with these properties."""
    config, data = coded(quarters(512, 512))
    uses = range(1, 3 + len(properties))
    return container({1: Item(b"hvc1", data, uses)}, [config, size(*claims), *properties])


def tiles(side: int, across: int, out: int, *, missing: int = 0) -> bytes:
    """A grid of equal tiles that show ``out`` pixels of theirs; the last ``missing`` ones are not there."""
    config, data = coded(square(side))
    keys = range(2, 2 + across * across)
    items = {1: Item(b"grid", grid(across, across, out, out), (3,), keys)}
    items |= {key: Item(b"hvc1", data, PIXELS) for key in keys[: len(keys) - missing]}
    return container(items, [config, size(side, side), size(out, out)])


def layers_of_layers(depth: int, width: int = 6) -> bytes:
    """Overlays, each of all those below: width^depth pictures to decode, in 4 kB."""
    config, data = coded(square())
    items, below = {1: Item(b"hvc1", data, PIXELS)}, [1]
    for _ in range(depth):
        above = list(range(len(items) + 1, len(items) + 1 + width))
        items |= {key: Item(b"iovl", overlay(len(below), 1024, 1024), (3,), below) for key in above}
        below = above
    return container(items, [config, size(512, 512), size(1024, 1024)], primary=below[0])


def around() -> bytes:
    """Two overlays, each of the other."""
    config, _ = coded(square())
    one, other = (Item(b"iovl", overlay(1, 1024, 1024), (3,), (key,)) for key in (2, 1))
    return container({1: one, 2: other}, [config, size(512, 512), size(1024, 1024)])


def heavy_profiles() -> bytes:
    """A profile of 9 MiB, and nine hundred pictures that all have it."""
    config, data = coded(square())
    profile = box(b"colr", b"prof", bytes(9 * 2**20))
    items = {key: Item(b"hvc1", data, (*PIXELS, 3)) for key in range(1, 901)}
    return container(items, [config, size(512, 512), profile])


def described(kind: bytes, names: bytes = b"\0") -> bytes:
    """`quarters`, with an item of this type that describes it."""
    config, data = coded(quarters(512, 512))
    about = Item(kind, b"SECRET" * 9, refers=(1,), by=b"cdsc", names=names)
    return container({1: Item(b"hvc1", data, PIXELS), 2: about}, [config, size(512, 512)])


def clap(width: int, height: int, right: int, down: int) -> bytes:
    """The property that shows so much of a picture, off its middle by this."""
    return box(b"clap", pack(">8i", width, 1, height, 1, right, 1, down, 1))


def turned_by_exif(orientation: int) -> bytes:
    """As some phones write it: no property turns the picture, and EXIF alone says how it lies."""
    turn = STORED[orientation]
    upright = quarters(512, 512)
    config, data = coded(upright if turn is None else upright.transpose(turn))
    about = Item(b"Exif", pack(">I", 6) + exif(orientation).tobytes(), refers=(1,), by=b"cdsc")
    return container({1: Item(b"hvc1", data, PIXELS), 2: about}, [config, size(512, 512)])


def coloured(colour: tuple[int, int, int], primaries: int, transfer: int) -> bytes:
    """One colour, and the numbers that say what it is (nclx)."""
    numbers = {"color_primaries": primaries, "transfer_characteristics": transfer, "matrix_coefficients": 6}
    out, file = BytesIO(), pillow_heif.from_pillow(Image.new("RGB", (300, 300), colour))
    file.info["nclx_profile"] = {**numbers, "full_range_flag": 1}
    file.save(out, quality=95)
    return out.getvalue()


def ten_bits(light: int, transfer: int) -> bytes:
    """A grey of 10 bits in BT.2020, as HDR photos are."""
    samples = pack("<H", light << 6) * (3 * 300 * 300)
    file = pillow_heif.from_bytes("RGB;16", (300, 300), samples)
    file.info["nclx_profile"] = {
        "color_primaries": 9, "transfer_characteristics": transfer, "matrix_coefficients": 9, "full_range_flag": 1
    }  # fmt: skip
    out = BytesIO()
    file.save(out, quality=95)
    return out.getvalue()


def several() -> bytes:
    """Three pictures; the second one is the photo."""
    file = pillow_heif.from_pillow(noise())
    for image in (quarters(), noise()):
        file.add_from_pillow(image)
    out = BytesIO()
    file.save(out, primary_index=1, exif=exif(1).tobytes(), xmp=b"<x:xmpmeta>SECRET</x:xmpmeta>")
    return out.getvalue()


def sealed(kind: bytes) -> bytes:
    """`quarters`, whose box of this kind calls itself otherwise."""
    return encode(quarters(), "HEIF").replace(kind, b"SECR", 1)


WELL: dict[str, tuple[Make, Corners | None]] = {
    "several-pictures": (several, QUARTERS),
    "turned": (partial(picture, box(b"irot", b"\1")), (GREEN, WHITE, RED, BLUE)),
    "mirrored": (partial(picture, box(b"imir", b"\1")), (GREEN, RED, WHITE, BLUE)),
    "cropped": (partial(picture, clap(256, 512, -128, 0)), (RED, RED, BLUE, BLUE)),
    "cropped-and-turned": (
        partial(picture, clap(256, 512, -128, 0), box(b"irot", b"\1")),
        (RED, BLUE, RED, BLUE),
    ),
    "cropped-to-more-than-it-is": (partial(picture, clap(600, 512, 0, 0)), QUARTERS),
    **{f"turned-by-exif-{orientation}": (partial(turned_by_exif, orientation), QUARTERS) for orientation in STORED},
    "brand-of-any-still": (lambda: encode(quarters(), "HEIF").replace(b"ftypheic", b"ftypmif1", 1), QUARTERS),
    "tiles": (partial(tiles, 512, 2, 1024), even(COLOUR)),
    "tiles-of-a-large-photo": (partial(tiles, 512, 3, 1536), even(COLOUR)),
    "tiles-that-show-little": (partial(tiles, 512, 4, 1024), even(COLOUR)),
    "described-by-something-unknown": (partial(described, b"SECR"), QUARTERS),
    "described-by-a-type-that-is-no-text": (partial(described, b"E\xa8if"), QUARTERS),  # pi_heif 1.4.0 falls over
    "described-by-a-content-type-that-is-no-text": (partial(described, b"mime", b"\0\xff\xfe\0"), QUARTERS),  # both
    "described-by-a-name-that-is-no-text": (partial(described, b"mime", b"\xff\xfe\0text/plain\0"), QUARTERS),
    "described-in-euc-kr": (partial(described, b"mime", "사진".encode("euc-kr") + b"\0text/plain\0"), QUARTERS),
    "p3-by-nclx": (partial(coloured, (234, 51, 35), 12, 13), even((255, 0, 0))),
    "sheet-of-white-in-pq": (partial(coloured, (148, 148, 148), 9, 16), even((255, 255, 255))),
    "sheet-of-white-in-hlg": (partial(coloured, (191, 191, 191), 9, 18), even((255, 255, 255))),
    "grey-in-pq-of-10-bits": (partial(ten_bits, 450, 16), even((136, 136, 136))),
    "grey-in-hlg-of-10-bits": (partial(ten_bits, 512, 18), even((137, 137, 137))),
    "described-in-korean": (partial(described, b"mime", "사진\0text/plain\0".encode()), QUARTERS),
    "trailing-film": (lambda: encode(quarters(), "HEIF") + box(b"free", b"SECRET" * 999), QUARTERS),
    "broken-profile": (partial(picture, box(b"colr", b"prof", b"SECRET" * 99)), QUARTERS),
}
REFUSED: dict[str, tuple[Make, str]] = {
    "40000-by-40000": (partial(picture, claims=(40_000, 40_000)), TOO_LARGE),
    "smaller-than-it-is": (partial(picture, claims=(300, 300)), UNREADABLE),
    "no-size": (partial(picture, claims=(0, 0)), UNREADABLE),
    "tile-that-is-missing": (partial(tiles, 512, 2, 1024, missing=1), UNREADABLE),
    "layers-in-a-ring": (around, UNREADABLE),
    "cropped-to-nothing": (partial(picture, full(b"clap", 0, bytes(32))), UNREADABLE),
    "no-configuration": (partial(sealed, b"hvcC"), UNREADABLE),
    "no-places": (partial(sealed, b"iloc"), UNREADABLE),
    "no-primary": (partial(sealed, b"pitm"), UNREADABLE),
}
BOMBS: dict[str, tuple[Make, str]] = {
    "layers-of-layers": (partial(layers_of_layers, 9), UNREADABLE),
    "nine-hundred-large-tiles": (partial(tiles, 2048, 30, 1024), UNREADABLE),
    "profiles-of-9-gib": (heavy_profiles, UNREADABLE),
}


def cases() -> Iterator[Case]:
    return cases_of("heic", MIME, WELL, REFUSED, BOMBS)
