"""Ask a provider that calls nobody back, a little later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from veil.domain.generation import Generation, Image
from veil.domain.ports import AttemptRef, PolledProvider, PollQueue, Telemetry
from veil.use_cases.hand_over import left_to_the_sweep

FIRST_SECONDS = 6  # from a start to the first question: no image is made sooner
NEXT_SECONDS = 4


@dataclass(frozen=True)
class AskLater:
    polled: Mapping[str, PolledProvider]
    queue: PollQueue
    telemetry: Telemetry

    def __call__(self, generation: Generation, images: Sequence[Image], seconds: int = FIRST_SECONDS) -> None:
        """About their current attempts, where the provider is such a one: all in one request, for which a person may
        wait. What is lost here is left to the sweep.
        """
        asked = [image for image in images if image.attempts[image.attempt].provider in self.polled]
        if not asked:
            return
        refs = [AttemptRef(generation.user, generation.id, image.index, image.attempt) for image in asked]
        indices = [image.index for image in asked]
        with left_to_the_sweep(self.telemetry, "polls", **generation.log_ids, images=indices):
            self.queue.send(refs, seconds)
