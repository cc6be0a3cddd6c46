"""Have a provider delete the photo that was sent to it, once nothing is made of it any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veil.domain.generation import Attempt, Generation, Image, ImageStatus
from veil.domain.ports import PolledProvider, StorageUnavailable, Telemetry
from veil.domain.predictions import PredictionGone, ProviderDown


@dataclass(frozen=True)
class Forget:
    """Only those that call nobody back are sent a photo: others fetch it by a URL of ours, which ends by itself. Where
    this does not reach the provider, the photo is left to the hour after which it was to be deleted anyway.
    """

    polled: Mapping[str, PolledProvider]
    telemetry: Telemetry

    def __call__(self, generation: Generation, provider: str) -> None:
        """Nothing while an attempt of this generation runs there, since one photo may serve all of them."""
        running = (image.attempts[image.attempt] for image in generation.images if image.status is ImageStatus.RUNNING)
        if not any(attempt.provider == provider for attempt in running):
            self._photos(generation, generation.images, provider)

    def of(self, generation: Generation, images: Sequence[Image]) -> None:
        """Whatever was sent for these images, which were given up."""
        tried = (attempt.provider for image in images for attempt in image.attempts.values())
        for provider in dict.fromkeys(tried):
            self._photos(generation, images, provider)

    def _photos(self, generation: Generation, images: Sequence[Image], provider: str) -> None:
        """One after another, until the provider does not answer: the next question would only wait, too."""
        attempts = (attempt for image in images for attempt in image.attempts.values())
        for attempt in attempts:
            if attempt.provider == provider and provider in self.polled and not self._done(generation, attempt):
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
