"""Finds faces in a picture, by a network that runs on this machine."""

import threading
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

_WORKING_SIDE = 640  # px; larger images are shrunk to it: faster, and no faces seen in pores and folds
_MIN_CONFIDENCE = 0.5  # turned, shrunk or blurred, the shipped photo has 0.62 or more, all that is no face 0.21 or less
_REMEMBERED = 32  # pictures, of a megabyte at the most: a photo, and the portraits of it in every style
_lock = threading.Lock()  # one picture at a time: each takes some 100 MB while it is looked at


@dataclass(frozen=True)
class Face:
    """One face, in the image's own pixels."""

    confidence: int  # 0–100
    left: int
    top: int
    width: int
    height: int


def detect(image: Image.Image) -> list[Face]:
    """Faces in an RGB image, largest rectangle first."""
    small = image.convert("RGB")
    small.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
    scale = image.width / small.width
    faces = [_face(values, scale, image) for values in _found(small.tobytes(), small.width, small.height)]
    return sorted(faces, key=lambda face: face.width * face.height, reverse=True)


@lru_cache(_REMEMBERED)
def _found(rgb: bytes, width: int, height: int) -> tuple[tuple[float, ...], ...]:
    """The network's own answer about these pixels."""
    from local.stand_ins.centerface import find  # noqa: PLC0415 - NumPy and ONNX Runtime, once there is a picture

    with _lock:
        return tuple(find(rgb, width, height, _MIN_CONFIDENCE))


def _face(values: tuple[float, ...], scale: float, image: Image.Image) -> Face:
    confidence, x, y, width, height = round(values[0] * 100), *(round(value * scale) for value in values[1:])
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.width), min(y + height, image.height)
    return Face(confidence, left, top, right - left, bottom - top)
