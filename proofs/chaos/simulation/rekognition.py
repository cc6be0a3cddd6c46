"""Rekognition in the simulation: what an output shows was drawn with its prediction, so however often and by whomever
it is asked about, it is the same.

Source of the formats: https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CompareFaces.html
"""

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from local.simulated.dynamodb import AwsError
from local.simulated.expressions import Unsupported
from local.simulated.wire import Sent
from proofs.chaos.simulation.score import Score

STRANGER, NOBODY, NOTHING, TWO = "a stranger", "no face", "no face, and no word of it", "two faces"
SHOWN = (STRANGER, NOBODY, NOTHING, TWO)  # instead of the person in the photo
LEAST = 80  # LIKENESS_MIN, by default
_ID = re.compile(rb"p\d{25}")


@dataclass(frozen=True, slots=True)
class Truth:
    """What is on an output: so many faces, the likest of them so alike, None where there is none."""

    faces: int
    similarity: float | None

    @property
    def score(self) -> int:
        return int(self.similarity or 0)

    @property
    def alike(self) -> bool:
        return self.faces == 1 and self.score >= LEAST


def truth_of(prediction_id: str, shown: str) -> Truth:
    """``shown`` is what was drawn, "" for the person; how alike that is follows from the id."""
    drawn = Random(prediction_id)  # noqa: S311 - a simulation's
    if shown in (NOBODY, NOTHING):
        return Truth(0, None)
    similarity = drawn.uniform(0, LEAST) if shown == STRANGER else drawn.uniform(LEAST, 100)
    return Truth(2 if shown == TWO else 1, similarity)


class Rekognition:
    """``shown`` is what each prediction's output shows, by its id; ``photos`` are the bucket's objects. ``missed``
    are the predictions about which a call got no true answer; ``gone`` those whose photo was not there.
    """

    def __init__(self, score: Score, shown: Mapping[str, str], photos: Mapping[str, object]) -> None:
        self._score, self._shown, self._photos = score, shown, photos
        self.missed: dict[str, int] = defaultdict(int)
        self.gone: set[str] = set()

    def __call__(self, operation: str, asked: Any) -> Any:
        """CompareFaces; raises `AwsError`."""
        if operation != "CompareFaces":
            raise Unsupported(operation)
        prediction_id, photo = asked_about(asked)
        if photo not in self._photos:
            self.gone.add(prediction_id)
            raise AwsError("InvalidS3ObjectException")
        truth = self.truth(prediction_id)
        self._score.ends["outputs compared: " + ("alike" if truth.alike else "unlike")] += 1
        if self._shown[prediction_id] == NOBODY:
            raise AwsError("InvalidParameterException")
        faces = list(_faces(truth))
        matched = [face for face in faces if face["Similarity"] >= asked.get("SimilarityThreshold", 80)]
        others = [face["Face"] for face in faces if face not in matched]
        return {"SourceImageFace": {"Confidence": 99.9}, "FaceMatches": matched, "UnmatchedFaces": others}

    def truth(self, prediction_id: str) -> Truth:
        """What its output shows."""
        return truth_of(prediction_id, self._shown[prediction_id])

    def fails(self, sent: Sent) -> None:
        """A call gets no true answer."""
        self.missed[asked_about(sent.json)[0]] += 1


def asked_about(asked: Any) -> tuple[str, str]:
    """The prediction whose output is compared, and the photo's key."""
    return prediction_in(b64decode(asked["TargetImage"]["Bytes"])), asked["SourceImage"]["S3Object"]["Name"]


def prediction_in(data: bytes) -> str:
    """The prediction that made these bytes: its id stands in their colour profile."""
    found = _ID.search(data)
    if found is None:
        raise Unsupported("an output of no prediction")
    return found[0].decode()


def _faces(truth: Truth) -> Iterator[dict[str, Any]]:
    for number in range(truth.faces):
        yield {"Similarity": 0.5 if number else truth.similarity, "Face": {"Confidence": 99.0 - number}}
