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
        """Each attempt at ``image``; where this does not reach its provider, the prediction gives up by itself."""
        for attempt in image.attempts.values():
            if attempt.prediction_id:
                self._attempt(generation, attempt.provider, attempt.prediction_id)

    def _attempt(self, generation: Generation, provider: str, prediction_id: str) -> None:
        try:
            self.providers[provider].cancel(prediction_id)
        except (PredictionGone, ProviderDown, StorageUnavailable, KeyError) as error:  # KeyError: nobody's, any more
            self.telemetry.log("cancel failed", **generation.log_ids, prediction_id=prediction_id, why=repr(error))
