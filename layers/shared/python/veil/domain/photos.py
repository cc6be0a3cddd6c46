"""The rules for a photo once it is decoded; `veil.use_cases.check` is the whole check."""

from collections.abc import Sequence
from dataclasses import dataclass

from veil.domain.uploads import MIN_FACE_PIXELS, Reason


class Rejected(Exception):
    """The photo cannot be used; ``reason`` says why. ``defect`` is for us: what a decoder stumbled over."""

    def __init__(self, reason: Reason, defect: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.defect = defect


class ReaderFailed(Exception):
    """The photo could not be read, and perhaps not by its own fault: the check is tried again."""


class FaceServiceRefused(Exception):
    """The face service does not accept our key: not the photo's fault, and an operator has to fix it."""


class FaceServiceDown(Exception):
    """The face service is throttled or down: the check is tried again later."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A checked photo: upright sRGB JPEG bytes without metadata, and its pixels."""

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Face:
    """A face's rectangle, in pixels of the photo it was found in."""

    width: int
    height: int


def require_one_face(faces: Sequence[Face]) -> None:
    """Raise `Rejected` unless there is exactly one face, wide enough."""
    if not faces:
        raise Rejected(Reason.NO_FACE)
    if len(faces) > 1:
        raise Rejected(Reason.MULTIPLE_FACES)
    if faces[0].width < MIN_FACE_PIXELS:
        raise Rejected(Reason.FACE_TOO_SMALL)
