"""Ask a provider about a running image, and settle it by the answer: the sweep and the poll both come here."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.deadlines import Policy
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.image_models import attempt_key
from veil.domain.likeness import MatcherUnavailable
from veil.domain.outcomes import OVERDUE
from veil.domain.ports import Clock, ImageProvider, Ledger, PolledProvider, StorageUnavailable, Telemetry
from veil.domain.predictions import OutputUnavailable, PredictionGone, ProviderDown
from veil.use_cases.cancel import Cancel
from veil.use_cases.forget import Forget
from veil.use_cases.settle import Settle


@dataclass(frozen=True)
class Ask:
    ledger: Ledger
    providers: Mapping[str, ImageProvider]
    polled: Mapping[str, PolledProvider]
    settle: Settle
    cancel: Cancel
    forget: Forget
    policy: Policy
    clock: Clock
    telemetry: Telemetry

    def __call__(self, generation: Generation, image: Image) -> Generation:
        """The generation as it stands afterwards. An image whose prediction is gone, or must have ended by now, has
        failed; one that nobody can tell about now stays as it is.
        """
        overdue = self.policy.overdue(image, self.clock())
        try:
            generation = self._found(generation, image)
            generation = self._settled(generation, image)
        except MatcherUnavailable as error:  # it has succeeded, so nothing is overdue: compare it at the next date
            self.telemetry.log("not compared now", **generation.log_ids, image=image.index, why=str(error))
            return generation
        except PredictionGone:
            overdue = True
        except (ProviderDown, OutputUnavailable, StorageUnavailable) as error:  # the deadline holds all the same
            self.telemetry.log("not settled now", **generation.log_ids, image=image.index, why=repr(error))
        current = generation.images[image.index]
        if overdue and current.status is ImageStatus.RUNNING and current.attempt == image.attempt:
            self.cancel(generation, current)
            _, generation = self.settle.fail(generation, current, current.attempt, OVERDUE)
            self.forget(generation, current.attempts[current.attempt].provider)
        return generation

    def _settled(self, generation: Generation, image: Image) -> Generation:
        attempt = generation.images[image.index].attempts[image.attempt]
        if attempt.prediction_id is None:
            return generation
        if attempt.provider not in self.providers:  # deployed without it since
            raise PredictionGone
        prediction = self.providers[attempt.provider].fetch(attempt.prediction_id)
        settlement, generation = self.settle(generation, image.index, image.attempt, prediction)
        ids = {**generation.log_ids, "prediction_id": prediction.id}
        self.telemetry.log("asked", **ids, image=image.index, outcome=settlement)
        return generation

    def _found(self, generation: Generation, image: Image) -> Generation:
        """With the prediction of a start whose answer was lost, where its provider knows it by our key."""
        attempt = image.attempts[image.attempt]
        if attempt.prediction_id or attempt.provider not in self.polled:
            return generation
        key = attempt_key(generation.id, image.index, image.attempt)
        prediction_id = self.polled[attempt.provider].find(key)
        if prediction_id is None:
            return generation
        self.telemetry.log("prediction found", **generation.log_ids, image=image.index, prediction_id=prediction_id)
        return self.ledger.record_starts(generation, {image.index: prediction_id}, [], None) or generation
