"""Two pictures compared: the largest face of one with every face of the other, in the service's words."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageChops, ImageStat

from local.stand_ins import faces
from local.stand_ins.faces import Face
from local.stand_ins.rekognition import pictures
from local.stand_ins.rekognition.embedding import Portrayed, distance, embed
from local.stand_ins.rekognition.errors import RekognitionError
from local.stand_ins.rekognition.settings import RekognitionFault

_MOST_FACES = 100
_WORKING_SIDE = 1280  # px; larger pictures are shrunk to it
_REMEMBERED = 32  # pictures, by their bytes: a photo, and the portraits of it in every style
_HALF, _STEEPNESS = 0.50, 40  # the distance whose similarity is 50, and how fast it falls there


@dataclass(frozen=True)
class Seen:
    """One face of a picture as the service describes it, and what it looks like."""

    described: dict[str, Any]
    portrayed: Portrayed

    @property
    def compared(self) -> dict[str, Any]:
        """As it stands in an answer for the source: where it is, and how surely."""
        return {name: self.described[name] for name in ("BoundingBox", "Confidence")}


def compare(source: bytes, target: bytes, threshold: float, fault: RekognitionFault) -> dict[str, Any]:
    """The answer to CompareFaces. Raises `RekognitionError` for what is no picture, or has no face."""
    found, wanted = seen(target), seen(source)
    if fault.no_face or not found or not wanted:
        raise RekognitionError("InvalidParameterException")
    scored = [(_score(wanted[0], face, fault), face.described) for face in found]
    scored.sort(key=lambda each: each[0], reverse=True)
    return {
        "SourceImageFace": wanted[0].compared,
        "FaceMatches": [{"Similarity": score, "Face": face} for score, face in scored if score >= threshold],
        "UnmatchedFaces": [face for score, face in scored if score < threshold],
    }


@lru_cache(_REMEMBERED)
def seen(data: bytes) -> tuple[Seen, ...]:
    """The faces of a picture, largest first. Raises `RekognitionError` where it is none that the service takes."""
    image = pictures.decode(data)
    least = pictures.least_face(image)
    scale = max(image.size) / _WORKING_SIDE
    image.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
    found = [face for face in faces.detect(image) if min(face.width, face.height) * max(scale, 1) >= least]
    return tuple(_seen(image, face) for face in found[:_MOST_FACES])


def similarity(apart: float) -> float:
    """0–100 for a `distance`: 99.9 for the portraits of one person, 0.3 for strangers."""
    return round(100 / (1 + math.exp(_STEEPNESS * (apart - _HALF))), 4)


def _score(wanted: Seen, face: Seen, fault: RekognitionFault) -> float:
    if fault.similarity is not None:
        return fault.similarity
    return similarity(distance(wanted.portrayed, face.portrayed))


def _seen(image: Image.Image, face: Face) -> Seen:
    portrayed = embed(image, face)
    described = {
        "BoundingBox": {
            "Width": face.width / image.width,
            "Height": face.height / image.height,
            "Left": face.left / image.width,
            "Top": face.top / image.height,
        },
        "Confidence": float(face.confidence),
        "Landmarks": [
            {"Type": name, "X": across / image.width, "Y": down / image.height}
            for name, (across, down) in portrayed.landmarks.items()
        ],
        "Quality": _quality(image, face),
    }
    return Seen(described, portrayed)


def _quality(image: Image.Image, face: Face) -> dict[str, float]:
    """Brightness and sharpness, 0–100, measured; not on the service's own scale, which nobody outside knows."""
    grey = image.crop((face.left, face.top, face.left + face.width, face.top + face.height)).convert("L")
    smooth = grey.reduce(2).resize(grey.size, Image.Resampling.BILINEAR)
    detail = ImageStat.Stat(ImageChops.difference(grey, smooth)).mean[0]
    sharpness = 100 * (1 - math.exp(-detail / 2))
    return {"Brightness": round(ImageStat.Stat(grey).mean[0] / 2.55, 2), "Sharpness": round(sharpness, 2)}
