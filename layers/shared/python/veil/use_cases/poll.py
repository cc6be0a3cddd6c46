"""Look at an attempt whose provider calls nobody back: every few seconds, from its queue, until it has ended.

It only ever does earlier what the sweep would do anyway: a message that is lost costs a person some minutes.
"""

from dataclasses import dataclass

from veil.domain.deadlines import Policy
from veil.domain.generation import Image, ImageStatus
from veil.domain.ports import AttemptRef, Clock, Generations, Telemetry
from veil.use_cases.ask import Ask
from veil.use_cases.ask_later import NEXT_SECONDS, AskLater


@dataclass(frozen=True)
class Poll:
    generations: Generations
    ask: Ask
    ask_later: AskLater
    policy: Policy
    clock: Clock
    telemetry: Telemetry

    def __call__(self, ref: AttemptRef) -> None:
        """Nothing where the image is settled or another attempt has followed. What still runs is asked about again by
        a new message: the number of receives of one counts what failed here, and being slow is no failure.
        """
        generation = self.generations.get(ref.user, ref.generation_id)
        if generation is None or not _stands(generation.images[ref.index], ref):
            return
        self.telemetry.count("PollsAsked")
        generation = self.ask(generation, generation.images[ref.index])
        image = generation.images[ref.index]
        if _stands(image, ref) and not self.policy.overdue(image, self.clock()):
            self.ask_later(generation, [image], NEXT_SECONDS)


def _stands(image: Image, ref: AttemptRef) -> bool:
    return image.status is ImageStatus.RUNNING and image.attempt == ref.attempt
