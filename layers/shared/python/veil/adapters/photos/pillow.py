"""Decode a photo that a person sent into a plain one: upright, sRGB, at most 1024 pixels a side, no metadata."""

import re
from functools import cache
from io import BytesIO
from typing import Any

import filetype
from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

from veil.domain.photos import Photo, Rejected
from veil.domain.ports import PhotoReader
from veil.domain.uploads import Reason

FIT_PIXELS = 1024
JPEG_QUALITY = 85
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
# Every error that a decoder raises for broken bytes: libheif's are RuntimeErrors, a HEIC without images is an
# IndexError, a palette that is missing an AssertionError of Pillow's.
DECODE_ERRORS = (
    *(UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError),
    *(RuntimeError, IndexError, AssertionError),
)
_ITEM = re.compile(rb"(\0\0..)infe(.)", re.DOTALL)  # the length, name and version of an item's box
SRGB = ImageCms.createProfile("sRGB")

Image.preinit()  # the formats that are common; a fork that had to would do it for each photo
Image.MAX_IMAGE_PIXELS = None  # our own limit stands before each decode, and is an error, not a warning


class PillowReader(PhotoReader):
    """The width and height are read from the header, and judged before anything is decoded."""

    def __init__(self, max_pixels: int, min_side: int) -> None:
        self._max_pixels = max_pixels
        self._min_side = min_side

    def read(self, data: bytes, content_type: str) -> Photo:
        _require_type(data, content_type)
        if content_type == "image/heic":
            heif()
        if canvas := _canvas(data):
            self._require_size(*canvas)
        try:
            if content_type == "image/heic":
                _require_names(data)
            with Image.open(BytesIO(data), formats=[FORMATS[content_type]]) as image:
                self._require_size(*image.size)
                upright = _plain(image)
        except DECODE_ERRORS as error:
            raise Rejected(Reason.UNREADABLE_IMAGE) from error
        out = BytesIO()
        upright.save(out, "JPEG", quality=JPEG_QUALITY)
        return Photo(out.getvalue(), *upright.size)

    def _require_size(self, width: int, height: int) -> None:
        if width * height > self._max_pixels:
            raise Rejected(Reason.IMAGE_TOO_LARGE)
        if min(width, height) < self._min_side:
            raise Rejected(Reason.IMAGE_TOO_SMALL)


@cache
def heif() -> Any:
    """The library for HEIC, made known to Pillow."""
    import pi_heif  # noqa: PLC0415

    pi_heif.register_heif_opener(thumbnails=False)
    return pi_heif


def _require_names(data: bytes) -> None:
    """Raise `ValueError` unless each HEIC item's type and names are text (ISO/IEC 14496-12, §8.11.6): at any that is
    not, pi_heif 1.4.0 ends the process.
    """
    for item in _ITEM.finditer(data):
        length, version = int.from_bytes(item[1]), item[2][0]
        data[item.end() + (9 if version == 3 else 7) : item.start() + length].decode()


def _canvas(data: bytes) -> tuple[int, int] | None:
    """Width and height of an extended WebP (RFC 9649, §2.7): its decoder asks for the memory when it opens the file."""
    if data[8:16] != b"WEBPVP8X" or len(data) < 30:
        return None
    return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1


def _require_type(data: bytes, content_type: str) -> None:
    """The bytes' magic number, and that it is what was declared."""
    mime = _mime(data)
    if not mime:
        raise Rejected(Reason.NOT_AN_IMAGE)
    if mime != content_type:
        raise Rejected(Reason.TYPE_MISMATCH)


def _mime(data: bytes) -> str:
    """Empty for no image. `filetype` does not know HEIC of ten bits, and has another name for a PNG that moves."""
    kind = filetype.image_match(data)
    mime = str(kind.mime) if kind else str(heif().get_file_mimetype(data))
    return "image/png" if mime == "image/apng" else mime


def _plain(image: Image.Image) -> Image.Image:
    """A new image of pixels alone: whatever was attached to the old one stays behind.

    It is shrunk before all else, so that there is never a second image of the full size.
    """
    fitted = _fitted(*image.size)
    image.draft("RGB", fitted)  # JPEG only: decode at a fraction, which spares time and memory
    image.load()
    orientation, profile = image.getexif().get(ExifTags.Base.Orientation, 1), image.info.get("icc_profile")
    # Not in place: the image of a file with several would be loaded again, at its full size.
    small = _eight_bit(image).resize(fitted, Image.Resampling.BICUBIC, reducing_gap=2)
    plain = _to_srgb(_on_white(small), profile)
    plain.info.clear()  # transposing would write the EXIF anew, and stumble over the broken ones
    plain.getexif()[ExifTags.Base.Orientation] = orientation
    ImageOps.exif_transpose(plain, in_place=True)
    return plain


def _fitted(width: int, height: int) -> tuple[int, int]:
    """Within `FIT_PIXELS`, of the same shape, and never grown."""
    scale = min(1.0, FIT_PIXELS / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _eight_bit(image: Image.Image) -> Image.Image:
    """One of the modes that can be resized and converted well: palettes, bilevel and 16-bit grey are none."""
    if image.mode in ("RGB", "RGBA", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """By the photo's own profile (Display P3, CMYK), where it has one that can be read."""
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):  # of another colour space, or broken: take the pixels as they are
            return image.convert("RGB")
    return image.convert("RGB") if image.mode == "CMYK" else image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
