"""Have a provider delete the photo that was sent to it, once nothing is made of it any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veil.domain.generation import Attempt, Generation, ImageStatus
from veil.domain.ports import PolledProvider, StorageUnavailable, Telemetry
from veil.domain.predictions import PredictionGone, ProviderDown


@dataclass(frozen=True)
class Forget:
    """Only those that call nobody back are sent a photo: others fetch it by a URL of ours, which ends by itself. Where
    this does not reach the provider, the photo is left to the hour after which it was to be deleted anyway.
    """

    polled: Mapping[str, PolledProvider]
    telemetry: Telemetry

    def __call__(self, generation: Generation, provider: str | None = None) -> None:
        """Whatever was sent for this generation, to this provider or to any, unless an attempt of it runs there as it
        stands: one photo may serve all of them, so that whoever ends the last one takes the others' away, too.
        """
        attempts = [attempt for image in generation.images for attempt in image.attempts.values()]
        running = (image.attempts[image.attempt] for image in generation.images if image.status is ImageStatus.RUNNING)
        over = {attempt.provider for attempt in attempts}.difference(attempt.provider for attempt in running)
        for name in self.polled:
            if name in over and provider in (None, name):
                self._photos(generation, [attempt for attempt in attempts if attempt.provider == name])

    def _photos(self, generation: Generation, attempts: Sequence[Attempt]) -> None:
        """One after another, until the provider does not answer: the next question would only wait, too."""
        for attempt in attempts:
            if not self._done(generation, attempt):
                return

    def _done(self, generation: Generation, attempt: Attempt) -> bool:
        try:
            if attempt.prediction_id:
                self.polled[attempt.provider].forget(attempt.prediction_id)
        except PredictionGone:
            return True  # deleted before, with another attempt's
        except (ProviderDown, StorageUnavailable) as error:
            ids = {**generation.log_ids, "prediction_id": attempt.prediction_id}
            self.telemetry.log("photo not deleted at its provider", **ids, why=repr(error))
            return False
        return True
