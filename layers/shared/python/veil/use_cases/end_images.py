"""Bring the open images of who has left to their end: their credits go back, and the providers are asked to stop."""

from collections.abc import Iterator
from dataclasses import dataclass

from veil.domain.generation import Generation, Image
from veil.domain.outcomes import OUT_OF_TIME
from veil.domain.ports import Generations, StorageUnavailable
from veil.use_cases.cancel import Cancel
from veil.use_cases.forget import Forget
from veil.use_cases.refund import Refund

PAGE = 50
TRIES = 8


@dataclass(frozen=True)
class EndImages:
    generations: Generations
    refund: Refund
    cancel: Cancel
    forget: Forget

    def __call__(self, user: str) -> None:
        for generation in self._all(user):
            if generation.open_images:
                self._end(generation)

    def _all(self, user: str) -> Iterator[Generation]:
        after = None
        while True:
            page = self.generations.newest(user, PAGE, after)
            yield from page.items
            if (after := page.next) is None:
                return

    def _end(self, generation: Generation) -> None:
        """Refund first: whoever settles or starts an image meanwhile wins or loses its condition, and is looked at
        anew. What was running is then stopped, which no answer is waited for: it ends by itself all the same.
        """
        stopped: dict[int, Image] = {}
        stands: Generation | None = generation
        for _ in range(TRIES):
            if stands is None or not stands.open_images:
                break
            for image in stands.open_images:
                stopped[image.index] = image
                self.refund(stands, image, OUT_OF_TIME)
            stands = self.generations.get(generation.user, generation.id)
        else:
            raise StorageUnavailable("the generation changes too fast")
        for image in stopped.values():
            self.cancel(generation, image)
        self.forget(stands or generation)
