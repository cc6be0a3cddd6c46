"""A picture as the service takes it: JPEG or PNG, turned upright, of no more than its limits."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from local.stand_ins.rekognition.errors import RekognitionError

_LEAST_SIDE, _MOST_SIDE = 80, 10_000  # px
_LEAST_FACE = 40  # px of width and height in 1920 × 1080, and in proportion above


def decode(data: bytes) -> Image.Image:
    """The RGB picture. Raises `RekognitionError` for another format, or other sides."""
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG"])
        _check_sides(image)
        return ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise RekognitionError("InvalidImageFormatException") from error
    except Image.DecompressionBombError as error:
        raise RekognitionError("ImageTooLargeException") from error


def least_face(image: Image.Image) -> float:
    """Width and height in pixels below which the service sees no face."""
    return _LEAST_FACE * max(1, max(image.size) / 1920, min(image.size) / 1080)


def _check_sides(image: Image.Image) -> None:
    if min(image.size) < _LEAST_SIDE:
        raise RekognitionError("InvalidParameterException")
    if max(image.size) > _MOST_SIDE:
        size = f"Input image dimensions {image.width} x {image.height}"
        raise RekognitionError("ImageTooLargeException", f"{size} exceed maximum dimension size of {_MOST_SIDE} pixels")
