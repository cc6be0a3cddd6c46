"""The sweep: every minute, finish what crashed, what was throttled, and what no webhook came for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import batched

from veil.domain.deadlines import CLEANUP_SECONDS, Policy
from veil.domain.generation import Generation, Image, ImageError, ImageStatus
from veil.domain.ids import created_at
from veil.domain.ports import Clock, ImageModel, InParallel, PhotoStore, StorageUnavailable, Telemetry, WorkList
from veil.domain.predictions import OutputUnavailable, PredictionGone, ProviderDown
from veil.use_cases.refund import Refund
from veil.use_cases.settle import Settle
from veil.use_cases.start import StartQueued

AT_ONCE = 8  # generations; each spends its time waiting for Replicate and S3


@dataclass(slots=True)
class SweepReport:
    """The generations that were looked at; ``errors`` are of those that could not be finished this time."""

    swept: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)


@dataclass(frozen=True)
class Sweep:
    work: WorkList
    photos: PhotoStore
    model: ImageModel
    start: StartQueued
    settle: Settle
    refund: Refund
    policy: Policy
    in_parallel: InParallel
    clock: Clock
    telemetry: Telemetry

    def __call__(self, time_left: Callable[[], bool]) -> SweepReport:
        """Go through what is due until it is done or no time is left. One generation's failure stops no other:
        its lease has moved it to its next date, and the failure is in the report.
        """
        report = SweepReport()
        for due in batched(self.work.due(self.clock()), AT_ONCE, strict=False):
            if not time_left():
                break
            self.in_parallel([partial(self._try, report, *each) for each in due])
        if report.swept:  # most sweeps find nothing, and a metric that is told every minute is paid for all month
            self.telemetry.count("GenerationsSwept", len(report.swept))
        return report

    def _try(self, report: SweepReport, user: str, generation_id: str, seen: float) -> None:
        try:
            self._look_at(report, user, generation_id, seen)
        except Exception as error:  # noqa: BLE001 - reported whole, once the others have had their turn
            self.telemetry.log("sweep failed", user=user, generation_id=generation_id, why=type(error).__name__)
            report.errors.append(error)

    def _look_at(self, report: SweepReport, user: str, generation_id: str, seen: float) -> None:
        now = self.clock()
        generation = self.work.lease(user, generation_id, seen, self.policy.next_due(created_at(generation_id), now))
        if generation is None:  # another sweep got it
            return
        report.swept.append(generation_id)
        if generation.deleting:
            self._delete(generation)
        elif generation.open_images:
            self._finish(generation)
        else:
            self._clear(generation)

    def _delete(self, generation: Generation) -> None:
        """Its record stays, hidden: without it nobody could tell that its credits were captured."""
        self.photos.delete([generation.result_key(image.index) for image in generation.images])
        self.work.close(generation)

    def _clear(self, generation: Generation) -> None:
        """All is settled: take away what was put for an image that was refunded meanwhile, and look no more.

        Not before every late writer must have ended: when the last two images are settled at once, neither of the
        two writes sees that it is the last, and the date is still an earlier one.
        """
        refunded = [image for image in generation.images if image.status is ImageStatus.REFUNDED]
        if refunded:
            clear_at = (generation.finished_at or 0) + CLEANUP_SECONDS
            if self.clock() < clear_at:
                self.work.lease(generation.user, generation.id, generation.due_at or 0, clear_at)
                return
            self.photos.delete([generation.result_key(image.index) for image in refunded])
        self.work.close(generation)

    def _finish(self, generation: Generation) -> None:
        """Settle what has ended, start what is queued; past the deadline, refund what is still open.

        The refund waits for nobody: whatever asking the provider may raise, it comes after the credits are back.
        """
        troubles: list[Exception] = []
        for index in range(len(generation.images)):
            if generation.images[index].status is ImageStatus.RUNNING:
                try:
                    generation = self._ask(generation, generation.images[index])
                except Exception as error:  # noqa: BLE001 - raised again below
                    troubles.append(error)
        if self.policy.out_of_time(generation, self.clock()):
            generation = self._give_up(generation, troubles)
        else:
            generation = self.start(generation)
        if troubles:
            raise ExceptionGroup(f"generation {generation.id}", troubles)

    def _give_up(self, generation: Generation, troubles: list[Exception]) -> Generation:
        """Refund what is still open, then ask the provider to stop; one refund that fails keeps no other back."""
        given_up = generation.open_images
        for image in given_up:
            try:
                generation = self.refund(generation, image, ImageError.TIMED_OUT)
            except StorageUnavailable as error:
                troubles.append(error)
        for image in given_up:
            self._cancel(generation, image)
        return generation

    def _ask(self, generation: Generation, image: Image) -> Generation:
        """Ask the provider about a running image, and settle it by the answer."""
        overdue = self.policy.overdue(image, self.clock())
        try:
            if image.prediction_id:
                prediction = self.model.fetch(image.prediction_id)
                settlement, generation = self.settle(generation, image.index, image.attempt, prediction)
                ids = {**generation.log_ids, "prediction_id": prediction.id}
                self.telemetry.log("swept", **ids, image=image.index, outcome=settlement)
        except PredictionGone:
            overdue = True
        except (ProviderDown, OutputUnavailable, StorageUnavailable) as error:  # the deadline holds all the same
            self.telemetry.log("not settled now", **generation.log_ids, image=image.index, why=repr(error))
        current = generation.images[image.index]
        if overdue and current.status is ImageStatus.RUNNING and current.attempt == image.attempt:
            self._cancel(generation, current)
            _, generation = self.settle.fail(generation, current, current.attempt, ImageError.TIMED_OUT)
        return generation

    def _cancel(self, generation: Generation, image: Image) -> None:
        """Ask the provider to stop what we will not wait for; it gives up by itself where this does not reach it."""
        for prediction_id in image.predictions.values():
            try:
                self.model.cancel(prediction_id)
            except (PredictionGone, ProviderDown, StorageUnavailable) as error:
                self.telemetry.log("cancel failed", **generation.log_ids, prediction_id=prediction_id, why=repr(error))
