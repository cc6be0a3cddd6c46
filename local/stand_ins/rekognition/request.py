"""What a call asks for, held to botocore's own model of the service."""

import base64
import binascii
import json
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape

from local.stand_ins.rekognition.errors import RekognitionError

DEFAULT_THRESHOLD = 80.0
TARGET = "RekognitionService.CompareFaces"
_JSON_TYPES: dict[str, Any] = {"structure": dict, "float": (int, float), "string": str, "blob": str}


@dataclass(frozen=True)
class S3Object:
    """Where a picture lies."""

    bucket: str
    name: str
    version: str | None


type Picture = bytes | S3Object


@dataclass(frozen=True)
class Comparison:
    """Two pictures, and the similarity (0–100) from which on a face is a match."""

    source: Picture
    target: Picture
    threshold: float


@cache
def operation() -> OperationModel:
    """CompareFaces."""
    return botocore.session.get_session().get_service_model("rekognition").operation_model("CompareFaces")


def parse(target: str, body: bytes) -> Comparison:
    """The call of ``X-Amz-Target`` and body. Raises `RekognitionError` in the words of the service."""
    if target != TARGET:
        raise RekognitionError("UnknownOperationException")
    try:
        given = json.loads(body, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise RekognitionError("SerializationException") from None
    wrong: list[str] = []
    value = _checked(operation().input_shape, given, "", wrong)
    if wrong:
        noun = "validation error" if len(wrong) == 1 else "validation errors"
        raise RekognitionError("ValidationException", f"{len(wrong)} {noun} detected: {'; '.join(wrong)}")
    threshold = value.get("SimilarityThreshold", DEFAULT_THRESHOLD)
    return Comparison(_picture(value["SourceImage"]), _picture(value["TargetImage"]), threshold)


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def _picture(image: dict[str, Any]) -> Picture:
    """Exactly one of the two ways to give one."""
    stored = image.get("S3Object")
    if (stored is None) == ("Bytes" not in image):
        raise RekognitionError("InvalidParameterException")
    if stored is None:
        data: bytes = image["Bytes"]
        return data
    if not {"Bucket", "Name"} <= stored.keys():
        raise RekognitionError("InvalidParameterException")
    return S3Object(stored["Bucket"], stored["Name"], stored.get("Version"))


def _checked(shape: Shape, value: Any, path: str, wrong: list[str]) -> Any:
    """``value`` with its blobs decoded; what is against the model is added to ``wrong``.

    Raises `RekognitionError` for another type than the model's; null counts as absent, an unknown member is left out.
    """
    if isinstance(value, bool) or not isinstance(value, _JSON_TYPES[shape.type_name]):
        raise RekognitionError("SerializationException")
    if shape.type_name == "structure":
        given = {name: each for name, each in value.items() if each is not None and name in shape.members}
        wrong += [_constraint("null", _member(path, name), "not be null") for name in _missing(shape, given)]
        return {name: _checked(shape.members[name], each, _member(path, name), wrong) for name, each in given.items()}
    if shape.type_name == "blob":
        value = _decoded(value)
    wrong += _broken(shape, value, path)
    return value


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise RekognitionError("SerializationException") from None


def _missing(shape: Shape, given: dict[str, Any]) -> list[str]:
    return [name for name in shape.required_members if name not in given]


def _broken(shape: Shape, value: Any, path: str) -> list[str]:
    """The constraints of the model that a value does not keep."""
    limits = shape.metadata
    shown = f"[{len(value)} bytes]" if isinstance(value, bytes) else str(value)
    number = shape.type_name == "float"
    size = value if number else len(value)
    what = "value" if number else "length"
    found = []
    if size < limits.get("min", -math.inf):
        found.append(f"have {what} greater than or equal to {limits['min']}")
    if size > limits.get("max", math.inf):
        found.append(f"have {what} less than or equal to {limits['max']}")
    if "enum" in limits and value not in limits["enum"]:
        found.append(f"satisfy enum value set: [{', '.join(limits['enum'])}]")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        found.append(f"satisfy regular expression pattern: {limits['pattern']}")
    return [_constraint(f"'{shown}'", path, each) for each in found]


def _constraint(value: str, path: str, must: str) -> str:
    return f"Value {value} at '{path}' failed to satisfy constraint: Member must {must}"


def _member(path: str, name: str) -> str:
    lowered = name[:1].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered
