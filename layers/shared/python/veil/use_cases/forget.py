"""Delete photos that were sent to a provider, once nothing is made of them any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.generation import Attempt, Generation
from veil.domain.ports import PolledProvider, StorageUnavailable, Telemetry
from veil.domain.predictions import PredictionGone, ProviderDown


@dataclass(frozen=True)
class Forget:
    """Other providers fetch a photo by a URL of ours, which ends by itself."""

    polled: Mapping[str, PolledProvider]
    telemetry: Telemetry

    def __call__(self, generation: Generation, attempt: Attempt) -> None:
        """Where this does not reach the provider, it deletes the photo an hour after it was sent."""
        provider = self.polled.get(attempt.provider)
        if provider is None or attempt.prediction_id is None:
            return
        try:
            provider.forget(attempt.prediction_id)
        except PredictionGone:
            return
        except (ProviderDown, StorageUnavailable) as error:
            ids = {**generation.log_ids, "prediction_id": attempt.prediction_id}
            self.telemetry.log("a photo is left to its expiry", **ids, why=repr(error))
