"""Settle one image by what became of one prediction: the webhook and the sweep both come here."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from veil.domain.deadlines import Policy, due_once_settled
from veil.domain.generation import Generation, Image, ImageError, ImageStatus
from veil.domain.ports import Clock, Ledger, OutputSource, PhotoStore, Telemetry
from veil.domain.predictions import BadOutput, Prediction, PredictionStatus
from veil.use_cases.refund import Refund
from veil.use_cases.start import StartQueued


class Settlement(StrEnum):
    """What came of it."""

    STORED = "stored"
    REFUNDED = "refunded"
    RETRIED = "retried"
    ALREADY_SETTLED = "already_settled"
    STALE = "stale"
    NOT_FINISHED = "not_finished"


ERRORS = {
    PredictionStatus.FAILED: ImageError.PROVIDER_FAILED,
    PredictionStatus.FLAGGED: ImageError.CONTENT_FLAGGED,
    PredictionStatus.CANCELED: ImageError.TIMED_OUT,
    PredictionStatus.ABORTED: ImageError.TIMED_OUT,
}


@dataclass(frozen=True)
class Settle:
    """A success of any attempt wins while the image is open; a failure counts only for the attempt that runs now."""

    ledger: Ledger
    photos: PhotoStore
    outputs: OutputSource
    start: StartQueued
    refund: Refund
    policy: Policy
    clock: Clock
    telemetry: Telemetry

    def __call__(
        self, generation: Generation, index: int, attempt: int, prediction: Prediction
    ) -> tuple[Settlement, Generation]:
        """Raises `OutputUnavailable` when the output cannot be fetched now: the image stays open."""
        image = generation.images[index]
        if not image.is_open:
            return Settlement.ALREADY_SETTLED, generation
        if prediction.status is PredictionStatus.RUNNING:
            return Settlement.NOT_FINISHED, generation
        if prediction.status is PredictionStatus.SUCCEEDED:
            try:
                return self._store(generation, image, prediction)
            except BadOutput as error:
                self.telemetry.log(
                    "bad output", **generation.log_ids, image=index, prediction_id=prediction.id, why=str(error)
                )
                return self.fail(generation, image, attempt, ImageError.BAD_OUTPUT)
        billed = prediction.status is not PredictionStatus.ABORTED
        return self.fail(generation, image, attempt, ERRORS[prediction.status], billed=billed)

    def _store(self, generation: Generation, image: Image, prediction: Prediction) -> tuple[Settlement, Generation]:
        """Copy the output, then capture. Crashing in between changes nothing: the key is the image's own, and the
        object that was put first stays, so what is recorded is what stands there.
        """
        if not prediction.outputs:
            raise BadOutput("no output")
        data, output = self.outputs.fetch(prediction.outputs[0])
        output = self.photos.write_once(generation.result_key(image.index), data, output)
        now = self.clock()
        stored = replace(image, status=ImageStatus.STORED, output=output, settled_at=now)
        due_at = due_once_settled(generation.with_images(stored), now)
        after = self.ledger.capture(generation, stored, due_at)
        if after is None:
            return Settlement.ALREADY_SETTLED, generation
        self._measure(after, now)
        return Settlement.STORED, after

    def _measure(self, generation: Generation, now: float) -> None:
        self.telemetry.count("CreditsCaptured", generation.credits_per_image)
        age = now - generation.created_at
        if sum(image.status is ImageStatus.STORED for image in generation.images) == 1:
            self.telemetry.seconds("FirstImageSeconds", age)
        if not generation.open_images:
            self.telemetry.seconds("LastImageSeconds", age)

    def fail(
        self, generation: Generation, image: Image, attempt: int, error: ImageError, *, billed: bool = True
    ) -> tuple[Settlement, Generation]:
        """An attempt failed: try again where that may help and there is time, else refund."""
        if attempt != image.attempt or image.status is not ImageStatus.RUNNING:
            return Settlement.STALE, generation
        hopeless = error is ImageError.CONTENT_FLAGGED
        if hopeless or not self.policy.may_retry(generation, image, self.clock()):
            after = self.refund(generation, image, error, billed=billed)
            return (Settlement.REFUNDED if after is not generation else Settlement.ALREADY_SETTLED), after
        cost = Decimal(0) if billed else -generation.price
        requeued = self.ledger.requeue(generation, image, cost)
        if requeued is None:
            return Settlement.ALREADY_SETTLED, generation
        self.telemetry.log(
            "image requeued", **generation.log_ids, image=image.index, prediction_id=image.prediction_id, error=error
        )
        return Settlement.RETRIED, self.start(requeued)
