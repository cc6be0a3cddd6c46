"""Continue a generation that is due: settle what has ended, start what is queued, give up at the deadline, clean up."""

from dataclasses import dataclass

from veil.domain.deadlines import CLEANUP_SECONDS, Policy
from veil.domain.generation import Generation, ImageStatus
from veil.domain.ids import created_at
from veil.domain.outcomes import OUT_OF_TIME
from veil.domain.ports import Clock, PhotoStore, StorageUnavailable, WorkItem, WorkList
from veil.use_cases.ask import Ask
from veil.use_cases.cancel import Cancel
from veil.use_cases.forget import Forget
from veil.use_cases.hand_over import HandOver
from veil.use_cases.refund import Refund
from veil.use_cases.start import StartQueued


@dataclass(frozen=True)
class ContinueGeneration:
    """`veil.use_cases.sweep.Continue` of generations."""

    work: WorkList
    photos: PhotoStore
    ask: Ask
    start: StartQueued
    refund: Refund
    cancel: Cancel
    forget: Forget
    tell: HandOver
    policy: Policy
    clock: Clock

    def __call__(self, item: WorkItem) -> bool:
        due_at = self.policy.next_due(created_at(item.id), self.clock())
        generation = self.work.lease(item, due_at)
        if generation is None:
            return False
        finished_at = generation.finished_at
        if finished_at is None:
            self._finish(generation)
            return True
        try:
            if generation.unannounced:  # its message was lost, or neither of the last two writes saw the other
                self.tell(WorkItem.of(generation, due_at))
        finally:
            self._clean_up(generation, finished_at, due_at)
        return True

    def _clean_up(self, generation: Generation, finished_at: float, due_at: float) -> None:
        """All is settled: delete what was stored for an image that was refunded meanwhile, and look no more.

        Wait until `CLEANUP_SECONDS` after the last image was settled: a webhook that began earlier may still upload.
        One whose end is still to be told is cleaned up in time all the same, and once more after that. Of two images
        that were refunded at once, neither refund saw that it was the last: their photo goes now at the latest.
        """
        refunded = generation.refunded_images
        over = self.clock() >= finished_at + CLEANUP_SECONDS
        if refunded and over:
            self.photos.delete([generation.result_key(image.index) for image in refunded])
            self.forget(generation)
        if generation.unannounced:
            return
        if refunded and not over:
            self.work.lease(WorkItem.of(generation, due_at), finished_at + CLEANUP_SECONDS)
            return
        self.work.close(generation, due_at)

    def _finish(self, generation: Generation) -> None:
        """Settle what has ended, start what is queued; past the deadline, refund what is still open.

        The refund waits for nobody: whatever asking the provider may raise is raised after the credits are back.
        """
        errors: list[Exception] = []
        for index in range(len(generation.images)):
            if generation.images[index].status is ImageStatus.RUNNING:
                try:
                    generation = self.ask(generation, generation.images[index])
                except Exception as error:  # noqa: BLE001 - raised again below
                    errors.append(error)
        if self.policy.out_of_time(generation, self.clock()):
            self._give_up(generation, errors)
        else:
            self.start(generation)
        if errors:
            raise ExceptionGroup(f"generation {generation.id}", errors)

    def _give_up(self, generation: Generation, errors: list[Exception]) -> None:
        """Refund what is still open, then ask the provider to stop; one refund that fails keeps no other back."""
        given_up = generation.open_images
        for image in given_up:
            try:
                generation = self.refund(generation, image, OUT_OF_TIME) or generation
            except StorageUnavailable as error:
                errors.append(error)
        for image in given_up:
            self.cancel(generation, image)
        self.forget(generation)
