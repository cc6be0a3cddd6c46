"""Ask providers to stop what nobody waits for any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.generation import Generation, Image
from veil.domain.ports import ImageProvider, StorageUnavailable, Telemetry
from veil.domain.predictions import PredictionGone, ProviderDown


@dataclass(frozen=True)
class Cancel:
    providers: Mapping[str, ImageProvider]
    telemetry: Telemetry

    def __call__(self, generation: Generation, image: Image) -> None:
        """Each attempt at ``image``, of a provider's until it does not answer: the next question would only wait, too.
        Where this does not reach a provider, the prediction gives up by itself.
        """
        silent: set[str] = set()
        for attempt in image.attempts.values():
            known = attempt.prediction_id if attempt.provider not in silent else None
            if known and not self._answered(generation, attempt.provider, known):
                silent.add(attempt.provider)

    def _answered(self, generation: Generation, provider: str, prediction_id: str) -> bool:
        try:
            self.providers[provider].cancel(prediction_id)
        except (PredictionGone, ProviderDown, StorageUnavailable, KeyError) as error:  # KeyError: nobody's, any more
            self.telemetry.log("cancel failed", **generation.log_ids, prediction_id=prediction_id, why=repr(error))
            return not isinstance(error, ProviderDown | StorageUnavailable)
        return True
