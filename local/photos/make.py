"""What all the photos are made with: pictures that can be told apart, their encodings, what a phone attaches."""

import zlib
from io import BytesIO
from struct import pack
from typing import Any

import pillow_heif
from PIL import ExifTags, Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}

# Every format, and the other way of writing it where it has one.
ENCODINGS: list[tuple[str, dict[str, bool]]] = [
    *((kind, {}) for kind in MIMES),
    ("JPEG", {"progressive": True}),
    ("WEBP", {"lossless": True}),
]

RED, GREEN, BLUE, WHITE = (250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 250)

# An upright photo's EXIF orientation → how its pixels are stored.
STORED: dict[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The file's bytes. HEIC is written by pillow-heif itself: its plugin would take the reader's place."""
    out = BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, **options)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def quarters(width: int = 400, height: int = 300) -> Image.Image:
    """Red, green over blue, white: which way is up can be seen."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def noise(width: int = 320, height: int = 300) -> Image.Image:
    """Something that does not compress well, so that a file's bytes are pixels."""
    grain = Image.effect_noise((width, height), 60)
    return Image.merge("RGB", (grain, grain.transpose(Image.Transpose.ROTATE_180), grain.rotate(90)))


def exif(orientation: int = 1) -> Image.Exif:
    """As a phone writes it: orientation, the place, the camera, a comment."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "SECRET-MAKER"
    tags[ExifTags.IFD.GPSInfo] = {1: "N", 2: (37.0, 33.0, 59.5), 3: "E", 4: (126.0, 58.0, 40.0)}
    tags[ExifTags.IFD.Exif] = {ExifTags.Base.UserComment: b"SECRET-COMMENT"}
    return tags


def sideways(kind: str, orientation: int) -> bytes:
    """`quarters`, stored as a camera does that was held this way."""
    method = STORED[orientation]
    image = quarters() if method is None else quarters().transpose(method)
    if kind == "HEIF":  # like an iPhone's: turned by the container, and EXIF says so once more
        out = BytesIO()
        pillow_heif.from_bytes("RGB", image.size, image.tobytes()).save(out, exif=exif(orientation).tobytes())
        return out.getvalue()
    return encode(image, kind, exif=exif(orientation), **({"lossless": True} if kind == "WEBP" else {}))


def huge_png(side: int = 30_000) -> bytes:
    """A black square, bilevel: 900 megapixels in 110 kB."""
    row = b"\0" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    header = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return PNG_MAGIC + b"".join(png_chunk(name, data) for name, data in chunks)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def webp_chunk(name: bytes, data: bytes) -> bytes:
    return name + pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def huge_webp(side: int = 30_000) -> bytes:
    """An animation whose canvas is enormous, and whose one frame is a single pixel."""

    def u24(value: int) -> bytes:
        return pack("<I", value)[:3]

    pixel = encode(Image.new("RGB", (1, 1)), "WEBP", lossless=True)[12:]
    canvas = webp_chunk(b"VP8X", pack("<I", 2) + u24(side - 1) + u24(side - 1))
    frame = webp_chunk(b"ANMF", u24(0) * 4 + u24(100) + b"\0" + pixel)
    body = b"WEBP" + canvas + webp_chunk(b"ANIM", bytes(6)) + frame
    return b"RIFF" + pack("<I", len(body)) + body
