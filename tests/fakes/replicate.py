"""A Replicate in memory that does as it is told: accept, throttle, refuse, lose its answer, and finish later."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock

from veil.domain.errors import InvalidSignature
from veil.domain.generation import StoredOutput
from veil.domain.ports import CallbackReader, ImageProvider, OutputFetcher
from veil.domain.predictions import (
    BadOutput,
    OutcomeUnknown,
    Prediction,
    PredictionGone,
    PredictionRequest,
    PredictionStatus,
    ProviderDown,
    Throttled,
)

SIGNED = {"webhook-signature": "right"}


@dataclass(frozen=True, slots=True)
class Lost:
    """An answer that never comes; ``runs`` says whether the prediction does."""

    runs: bool


type Answer = Exception | Lost | None  # None accepts


@dataclass(slots=True)
class Started:
    """One prediction that runs, or ran."""

    request: PredictionRequest
    prediction: Prediction
    answered: bool = True

    @property
    def token(self) -> str:
        return self.request.webhook.rsplit("/", 1)[-1]

    @property
    def billed(self) -> bool:
        return self.prediction.status is not PredictionStatus.ABORTED


class FakeReplicate(ImageProvider, CallbackReader):
    """``answers`` are for the next starts, in their order; then all are accepted."""

    def __init__(self) -> None:
        self.secret_name = "veil-test/signing"
        self.answers: deque[Answer] = deque()
        self.started: dict[str, Started] = {}
        self.asked = 0
        self.down = False
        self._lock = Lock()

    def start(self, request: PredictionRequest) -> str:
        with self._lock:
            self.asked += 1
            if self.down:
                raise Throttled
            answer = self.answers.popleft() if self.answers else None
            if isinstance(answer, Exception):
                raise answer
            if isinstance(answer, Lost) and not answer.runs:
                raise OutcomeUnknown("nothing runs")
            prediction_id = f"prediction{len(self.started):016d}"
            running = Prediction(prediction_id, PredictionStatus.RUNNING)
            self.started[prediction_id] = Started(request, running, answered=answer is None)
            if answer:
                raise OutcomeUnknown("and yet it runs")
            return prediction_id

    def fetch(self, prediction_id: str) -> Prediction:
        return self._known(prediction_id).prediction

    def cancel(self, prediction_id: str) -> None:
        self._known(prediction_id)
        self.finish(prediction_id, PredictionStatus.CANCELED)

    def _known(self, prediction_id: str) -> Started:
        if self.down:
            raise ProviderDown("down")
        if prediction_id not in self.started:
            raise PredictionGone
        return self.started[prediction_id]

    def finish(self, prediction_id: str, status: PredictionStatus, *outputs: str) -> None:
        """End a prediction that runs; one that has ended stays as it is."""
        started = self.started[prediction_id]
        if started.prediction.status is PredictionStatus.RUNNING:
            started.prediction = replace(started.prediction, status=status, outputs=outputs)

    def read(self, headers: Mapping[str, str], body: bytes) -> Prediction:
        """A callback's body is the prediction's id."""
        if headers != SIGNED:
            raise InvalidSignature
        return self.started[body.decode()].prediction


class FakeOutputs(OutputFetcher):
    """``found`` has the bytes at a URL, or the error of fetching it."""

    def __init__(self) -> None:
        self.found: dict[str, bytes | Exception] = {}

    def fetch(self, url: str) -> tuple[bytes, StoredOutput]:
        found = self.found.get(url, BadOutput("status 404"))
        if isinstance(found, Exception):
            raise found
        return found, describe(found)


def describe(data: bytes) -> StoredOutput:
    """What some bytes are that pass for an image."""
    return StoredOutput(len(data), sha256(data).hexdigest(), 864, 1152, "image/jpeg")
