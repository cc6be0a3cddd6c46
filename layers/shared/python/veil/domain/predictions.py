"""A prediction as any provider of images has it, and the ways in which asking for one can go wrong."""

from dataclasses import dataclass
from enum import StrEnum


class PredictionStatus(StrEnum):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    FLAGGED = "flagged"
    CANCELED = "canceled"
    ABORTED = "aborted"  # given up before it ran


@dataclass(frozen=True, slots=True)
class Prediction:
    """One prediction; ``outputs`` are the URLs of what it made."""

    id: str
    status: PredictionStatus
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PredictionRequest:
    """What to make: the model's own input, and the URL that is called back when it is done.

    ``key`` names the attempt, a UUID as text: a provider that knows idempotency keys is given it. ``photo_key`` is the
    photo's in the bucket, for a provider that takes bytes.
    """

    model: str
    input: dict[str, object]
    webhook: str
    key: str
    photo_key: str


class StartError(Exception):
    """No prediction is known to run."""


class Throttled(StartError):
    """Refused for now (429), or never sent: nothing runs; it may be sent again in ``retry_after`` seconds."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Refused(StartError):
    """Refused for good: out of credit, or the token or the input is not accepted. Nothing runs."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class OutcomeUnknown(StartError):
    """The answer was lost, or a 5xx, or names no prediction: one may run. Never sent again; its webhook or the
    deadline decides.
    """


class PredictionGone(Exception):
    """The provider does not know this prediction."""


class ProviderDown(Exception):
    """The provider did not answer a question; it may be asked again later."""


class BadOutput(Exception):
    """The output is missing, too large, no image, or where it may not be fetched from: it will not get better."""


class OutputUnavailable(Exception):
    """The output could not be fetched now; it may be there later."""
