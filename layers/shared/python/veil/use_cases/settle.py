"""Settle one image by what became of one prediction: callbacks and the sweep both come here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from veil.domain.deadlines import Policy, due_once_settled
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.outcomes import BAD_OUTPUT, FAILURES, Failure
from veil.domain.ports import Clock, Ledger, OutputCheck, OutputFetcher, PhotoStore, Telemetry, WorkQueue
from veil.domain.predictions import BadOutput, Prediction, PredictionStatus
from veil.use_cases.forget import Forget
from veil.use_cases.hand_over import announce_soon
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


@dataclass(frozen=True)
class Settle:
    """A success of any attempt wins while the image is open; a failure counts only for the current attempt.

    ``checks`` judge an output between its fetch and its storage; the first that fails it counts. An attempt whose
    output was found to show somebody else is no success any more, however often its callback comes.
    """

    ledger: Ledger
    photos: PhotoStore
    outputs: OutputFetcher
    checks: Sequence[OutputCheck]
    start: StartQueued
    refund: Refund
    forget: Forget
    events: WorkQueue
    policy: Policy
    clock: Clock
    telemetry: Telemetry

    def __call__(
        self, generation: Generation, index: int, attempt: int, prediction: Prediction
    ) -> tuple[Settlement, Generation]:
        """Raises `OutputUnavailable` or `MatcherUnavailable` when the output cannot be fetched or compared now: the
        image stays open.
        """
        image = generation.images[index]
        if not image.is_open:
            return Settlement.ALREADY_SETTLED, generation
        if attempt in image.unlike:
            return Settlement.STALE, generation
        if prediction.status is PredictionStatus.RUNNING:
            return Settlement.NOT_FINISHED, generation
        settlement, after = self._ended(generation, image, attempt, prediction)
        if settlement in (Settlement.STORED, Settlement.REFUNDED, Settlement.RETRIED):
            self._forget(after, image)
        return settlement, after

    def _forget(self, generation: Generation, image: Image) -> None:
        """Where it ran, which is elsewhere than what has settled it, if that was an earlier attempt."""
        if image.status is ImageStatus.RUNNING:
            self.forget(generation, image.attempts[image.attempt].provider)

    def _ended(
        self, generation: Generation, image: Image, attempt: int, prediction: Prediction
    ) -> tuple[Settlement, Generation]:
        if prediction.status is not PredictionStatus.SUCCEEDED:
            return self.fail(generation, image, attempt, FAILURES[prediction.status])
        try:
            return self._store(generation, image, attempt, prediction)
        except BadOutput as error:
            self.telemetry.log(
                "bad output", **generation.log_ids, image=image.index, prediction_id=prediction.id, why=str(error)
            )
            return self.fail(generation, image, attempt, BAD_OUTPUT)

    def _store(
        self, generation: Generation, image: Image, attempt: int, prediction: Prediction
    ) -> tuple[Settlement, Generation]:
        """Copy the output, then capture. Crashing in between changes nothing: the key is the image's own, and the
        object that was put first stays, so what is recorded is what stands there.
        """
        if not prediction.outputs:
            raise BadOutput("no output")
        data, output = self.outputs.fetch(prediction.outputs[0])
        for check in self.checks:
            verdict = check(generation, data, output)
            if isinstance(verdict, Failure):
                return self.fail(generation, image, attempt, verdict)
            output = replace(output, likeness=verdict) if verdict else output
        output = self.photos.write_once(generation.result_key(image.index), data, output)
        now = self.clock()
        due_at = due_once_settled(generation.with_images(image.stored(output, now)), now)
        after = self.ledger.capture(generation, image, output, now, due_at)
        if after is None:
            return Settlement.ALREADY_SETTLED, generation
        self._measure(after, now)
        announce_soon(self.events, self.telemetry, after, now)
        return Settlement.STORED, after

    def _measure(self, generation: Generation, now: float) -> None:
        self.telemetry.count("CreditsCaptured", generation.credits_per_image)
        age = now - generation.created_at
        if sum(image.status is ImageStatus.STORED for image in generation.images) == 1:
            self.telemetry.seconds("FirstImageSeconds", age)
        if not generation.open_images:
            self.telemetry.seconds("LastImageSeconds", age)

    def fail(
        self, generation: Generation, image: Image, attempt: int, failure: Failure
    ) -> tuple[Settlement, Generation]:
        """An attempt failed: try again where that may help and there is time, else refund."""
        if attempt != image.attempt or image.status is not ImageStatus.RUNNING:
            return Settlement.STALE, generation
        if not self.policy.may_retry(generation, image, failure, self.clock()):
            after = self.refund(generation, image, failure)
            return (Settlement.REFUNDED, after) if after else (Settlement.ALREADY_SETTLED, generation)
        requeued = self.ledger.requeue(generation, image, failure)
        if requeued is None:
            return Settlement.ALREADY_SETTLED, generation
        self.telemetry.log(
            "image requeued",
            **generation.log_ids,
            image=image.index,
            prediction_id=image.prediction_id,
            error=failure.error,
        )
        return Settlement.RETRIED, self.start(requeued)
