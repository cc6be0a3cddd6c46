"""Ask a provider that calls nobody back, a little later."""

from collections.abc import Mapping
from dataclasses import dataclass

from veil.domain.generation import Generation, Image
from veil.domain.ports import AttemptRef, PolledProvider, PollQueue, StorageUnavailable, Telemetry

FIRST_SECONDS = 6  # from a start to the first question: no image is made sooner
NEXT_SECONDS = 4


@dataclass(frozen=True)
class AskLater:
    polled: Mapping[str, PolledProvider]
    queue: PollQueue
    telemetry: Telemetry

    def __call__(self, generation: Generation, image: Image, seconds: int = FIRST_SECONDS) -> None:
        """About the current attempt, where its provider is such a one. What is lost here is left to the sweep."""
        if image.attempts[image.attempt].provider not in self.polled:
            return
        try:
            self.queue.send(AttemptRef(generation.user, generation.id, image.index, image.attempt), seconds)
        except StorageUnavailable as error:
            self.telemetry.log("a poll is left to the sweep", **generation.log_ids, image=image.index, why=str(error))
