"""The faults of the calls to Rekognition: after none of them is anything known of an output."""

from typing import Any

from local.simulated.wire import aws_json
from proofs.chaos.simulation.fault import AWS_LOST, HTML, Fault, aws, gateway

_FACE = {"Confidence": 99.0}
_SHAPES: dict[str, Any] = {  # answers that say nothing, in shapes that no page of its documentation has
    "an empty answer": {},
    "a list instead of an answer": [],
    "faces that are a text": {"FaceMatches": "none", "UnmatchedFaces": []},
    "a face without its score": {"FaceMatches": [{"Face": _FACE}], "UnmatchedFaces": []},
    "a score that is a word": {"FaceMatches": [{"Similarity": "high", "Face": _FACE}], "UnmatchedFaces": []},
    "a score that is no number": {"FaceMatches": [{"Similarity": float("nan"), "Face": _FACE}], "UnmatchedFaces": []},
}
REKOGNITION_FAULTS = (
    Fault("throttled", aws("ThrottlingException")),
    Fault("throttled by rate", aws("ProvisionedThroughputExceededException")),
    Fault("internal error", aws("InternalServerError", 500)),
    Fault("access denied", aws("AccessDeniedException")),
    Fault("an error that is new", aws("FaceModelRetiredException")),
    Fault("502 without words", gateway(502)),
    Fault("a page instead of an answer", HTML),
    *AWS_LOST,
    *(Fault(name, aws_json(document)) for name, document in _SHAPES.items()),
)
