"""Decode a photo that a person sent into a plain one: upright, sRGB, at most 1024 pixels a side, no metadata."""

from functools import cache
from hashlib import sha512
from io import BytesIO
from typing import Any

import filetype
from PIL import Image, ImageChops, UnidentifiedImageError, WebPImagePlugin  # noqa: F401

from veil.adapters.containers import Plain, heic, jpeg, png, webp
from veil.adapters.photos.colours import profile_of, to_srgb
from veil.domain.photos import Photo, Rejected
from veil.domain.ports import PhotoReader
from veil.domain.uploads import KEPT_SIDE_PIXELS, MAX_JPEG_PIXELS, MAX_PIXELS, Reason

JPEG_QUALITY = 85
JPEG_TIMES = MAX_JPEG_PIXELS // MAX_PIXELS
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
# Every error that a decoder raises for broken bytes: libheif's are RuntimeErrors, a HEIC without images is an
# IndexError, a palette that is missing an AssertionError of Pillow's.
DECODE_ERRORS = (
    *(UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError),
    *(RuntimeError, IndexError, AssertionError),
)
UPRIGHT = {  # EXIF's orientation → what turns the pixels upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
NOISE = sha512(b"noise").digest().replace(b"\xff", b"\x55")  # holds no marker

Image.preinit()  # the formats that are common; a fork that had to would do it for each photo
Image.MAX_IMAGE_PIXELS = None  # our own limit stands before each decode, and is an error, not a warning


class PillowReader(PhotoReader):
    """The width and height are read from the header, and judged before anything is decoded."""

    def __init__(self, max_pixels: int, min_side: int) -> None:
        self._max_pixels = max_pixels
        self._min_side = min_side

    def read(self, data: bytes, content_type: str) -> Photo:
        _require_type(data, content_type)
        if canvas := _canvas(data):
            self._require_size(*canvas)
        try:
            upright = self._decode(data, content_type)
        except DECODE_ERRORS as error:
            raise Rejected(Reason.UNREADABLE_IMAGE) from error
        out = BytesIO()
        upright.save(out, "JPEG", quality=JPEG_QUALITY)
        return Photo(out.getvalue(), *upright.size)

    def _decode(self, data: bytes, content_type: str) -> Image.Image:
        """The pixels alone decide: the decoder is given nothing else, and a wish that cannot be read is none."""
        picture = jpeg.picture(data) if content_type == "image/jpeg" else None
        if picture:
            file = jpeg.plain(data, picture)
        elif content_type == "image/heic":
            heif()
            file = Plain(heic.without_crop(heic.with_plain_names(data)))
        else:
            file = (png if content_type == "image/png" else webp).plain(data)
        with Image.open(BytesIO(file.data), formats=[FORMATS[content_type]]) as image:
            self._require_size(*image.size, times=JPEG_TIMES if picture else 1)
            fitted = _fitted(*image.size)
            _load(image, fitted)
            if picture:
                _require_whole(picture, file.data, image, fitted)
            if content_type == "image/heic":
                info, shown = image.info, _cropped(image, heic.crop(data, *image.size))
                self._require_size(*shown.size)
                profile = info.get("icc_profile") or profile_of(*heic.colours(info))
                return _plain(shown, _fitted(*shown.size), heic.exif_turn(data, info), profile)
            return _plain(image, fitted, file.orientation, profile_of(*file.colours) if file.colours else file.icc)

    def _require_size(self, width: int, height: int, times: int = 1) -> None:
        if width * height > times * self._max_pixels:
            raise Rejected(Reason.IMAGE_TOO_LARGE)
        if min(width, height) < self._min_side:
            raise Rejected(Reason.IMAGE_TOO_SMALL)


@cache
def heif() -> Any:
    """The library for HEIC, made known to Pillow."""
    import pi_heif  # noqa: PLC0415

    pi_heif.register_heif_opener(thumbnails=False)
    return pi_heif


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
    """Empty for no image. `filetype` knows not every brand of HEIC, and has another name for a PNG that moves."""
    if heic.is_heic(data):
        return "image/heic"
    kind = filetype.image_match(data)
    mime = str(kind.mime) if kind else ""
    return "image/png" if mime == "image/apng" else mime


def _load(image: Image.Image, fitted: tuple[int, int]) -> None:
    image.draft("RGB", fitted)  # JPEG only: decode at a fraction, which spares time and memory
    image.load()


def _require_whole(picture: jpeg.Picture, file: bytes, image: Image.Image, fitted: tuple[int, int]) -> None:
    """Raise `Rejected` for half a picture that is closed like a whole one: libjpeg fills the rest with grey, and Pillow
    hides the warning.

    Noise behind the coded data is passed over when the picture is whole, and decoded when it is not, which shows.
    That takes a second decoding, so only where there is a reason: there was no end, there are several scans, or the
    last block is flat, as the filling is.
    """
    if picture.closed and len(picture.scans) == 1 and not _ends_flat(image, max(picture.frame.width // image.width, 1)):
        return
    coded = file.removesuffix(jpeg.EOI).rstrip(b"\xff")  # an FF before noise would be a marker, and end the picture
    with Image.open(BytesIO(coded + NOISE + jpeg.EOI), formats=["JPEG"]) as other:
        _load(other, fitted)
        if not picture.arrived or ImageChops.difference(image, other).getbbox():
            raise Rejected(Reason.UNREADABLE_IMAGE)


def _cropped(image: Image.Image, crop: tuple[heic.Box, int] | None) -> Image.Image:
    """The part that is shown, in the turn that it has; for HEIC, whose decoder turns the picture itself."""
    if crop is None:
        return image
    box, quarters = crop
    turn = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    back, forth = turn[-quarters], turn[quarters]
    before = image.transpose(back) if back else image
    shown = before.crop(box)
    return shown.transpose(forth) if forth else shown


def _ends_flat(image: Image.Image, scale: int) -> bool:
    """Whether the last block, of eight pixels a side, decoded at one ``scale``-th, is of one colour."""
    side = max(1, 8 // scale)
    width, height = image.size
    extrema = image.crop((width - side, height - side, width, height)).getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    return all(least == most for least, most in bands)


def _plain(image: Image.Image, fitted: tuple[int, int], orientation: int, profile: bytes | None) -> Image.Image:
    """A new image of pixels alone: whatever was attached to the old one stays behind.

    It is shrunk before all else, so that there is never a second image of the full size.
    """
    # Not in place: the image of a file with several would be loaded again, at its full size.
    small = _eight_bit(image).resize(fitted, Image.Resampling.BICUBIC, reducing_gap=2)
    plain = to_srgb(_on_white(small), profile)
    plain.info.clear()
    return plain.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else plain


def _fitted(width: int, height: int) -> tuple[int, int]:
    """Within `KEPT_SIDE_PIXELS`, of the same shape, and never grown."""
    scale = min(1.0, KEPT_SIDE_PIXELS / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _eight_bit(image: Image.Image) -> Image.Image:
    """One of the modes that can be resized and converted well: palettes, bilevel and 16-bit grey are none."""
    if image.mode in ("RGB", "RGBA", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white
