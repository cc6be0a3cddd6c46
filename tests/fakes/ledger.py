"""Reservations and images: the arrows of an image's life, each with its condition."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tests.fakes.store import MemoryStore, milliseconds
from veil.domain.credits import EntryKind, welcome_day
from veil.domain.errors import InsufficientCredits
from veil.domain.generation import Attempt, Generation, Image, ImageStatus, StoredOutput
from veil.domain.outcomes import Failure
from veil.domain.ports import AlreadyReserved, IdempotencyRecord, InvariantBroken, Ledger, Lookup

IDEMPOTENCY_SECONDS = 24 * 3600


class MemoryLedger(Ledger):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def look_up(self, user: str, upload_id: str, idempotency_key: str | None, now: float) -> Lookup:
        with self._store.lock:
            return Lookup(
                upload=self._store.uploads.get((user, upload_id)),
                idempotency=self._record(user, idempotency_key, now) if idempotency_key else None,
                available=self._store.available.get(user),
                consents=dict(self._store.consents[user]),
                welcome_due=self._store.welcome_owed.get(user, day := welcome_day(now)) < day,
            )

    def _record(self, user: str, idempotency_key: str, now: float) -> IdempotencyRecord | None:
        record, expires_at = self._store.idempotency.get((user, idempotency_key), (None, 0.0))
        return record if expires_at > now else None

    def reserve(self, generation: Generation, idempotency: tuple[str, str] | None, now: float) -> None:
        user, amount = generation.user, generation.reserved
        with self._store.lock:
            if idempotency and (record := self._record(user, idempotency[0], now)):
                raise AlreadyReserved(record)
            self._store.require_stays(user)
            if (available := self._store.available.get(user, 0)) < amount:
                raise InsufficientCredits(required=amount, available=available)
            if (user, generation.id) in self._store.generations:
                raise InvariantBroken(f"the id of generation {generation.id} is taken")
            self._store.enter(user, EntryKind.RESERVE, -amount, generation.id, now)
            due_at = None if generation.due_at is None else milliseconds(generation.due_at)
            self._store.put(replace(generation, created_at=milliseconds(generation.created_at), due_at=due_at))
            if idempotency:
                record = IdempotencyRecord(idempotency[1], generation.id)
                self._store.idempotency[user, idempotency[0]] = record, int(now + IDEMPOTENCY_SECONDS)

    def claim(self, generation: Generation, attempts: Mapping[int, Attempt], now: float) -> Generation | None:
        images = [generation.images[index] for index in attempts]

        def change(stands: Generation) -> Generation:
            running = [_running(stands.images[index], attempt, now) for index, attempt in attempts.items()]
            price = sum(attempt.price for attempt in attempts.values())
            return replace(stands.with_images(*running), cost=stands.cost + price)

        return self._update(generation, lambda stands: _all_at(stands, images, ImageStatus.QUEUED), change)

    def record_starts(
        self, generation: Generation, accepted: Mapping[int, str], back: Sequence[Image], due_at: float | None
    ) -> Generation | None:
        def change(stands: Generation) -> Generation:
            for index, prediction_id in accepted.items():
                image, attempt = stands.images[index], generation.images[index].attempt
                known = replace(image.attempts[attempt], prediction_id=prediction_id)
                stands = stands.with_images(replace(image, attempts={**image.attempts, attempt: known}))
            queued = [_refused(_queued_again(stands, image, failed=False, unbilled=True), image) for image in back]
            cost = stands.cost - sum(image.attempts[image.attempt].price for image in back)
            due = stands.due_at if due_at is None else milliseconds(due_at)
            return replace(stands.with_images(*queued), cost=cost, due_at=due)

        return self._update(generation, lambda stands: _all_at(stands, back, ImageStatus.RUNNING), change)

    def requeue(self, generation: Generation, image: Image, failure: Failure) -> Generation | None:
        def change(stands: Generation) -> Generation:
            again = _queued_again(stands, image, failed=True, unbilled=failure.unbills(image))
            queued = replace(again, unlike=image.judged(failure.likeness).unlike)
            return replace(stands.with_images(queued), cost=stands.cost + failure.cost_of(image))

        return self._update(generation, lambda stands: _all_at(stands, [image], ImageStatus.RUNNING), change)

    def capture(
        self, generation: Generation, image: Image, output: StoredOutput, now: float, due_at: float | None
    ) -> Generation | None:
        def change(stands: Generation) -> Generation:
            stored = stands.images[image.index].stored(output, milliseconds(now))
            return replace(stands.with_images(stored), due_at=_moved(stands, generation, due_at))

        return self._update(generation, lambda stands: stands.images[image.index].is_open, change)

    def refund(
        self, generation: Generation, image: Image, failure: Failure, now: float, due_at: float
    ) -> Generation | None:
        """What it answers is the caller's view with this image refunded, as a transaction reads nothing back."""
        cost = failure.cost_of(image)

        def ended(one: Image) -> Image:
            return one.unbilled() if failure.unbills(image) else one

        def still_open(stands: Generation) -> bool:
            current = stands.images[image.index]
            return current.is_open and current.attempt == image.attempt and generation.user in self._store.available

        def change(stands: Generation) -> Generation:
            judged = ended(stands.images[image.index]).judged(failure.likeness)
            refunded = judged.refunded(failure.error, milliseconds(now))
            due = _moved(stands, generation, due_at)
            return replace(stands.with_images(refunded), due_at=due, cost=stands.cost + cost)

        with self._store.lock:
            if self._update(generation, still_open, change) is None:
                return None
            self._store.enter(generation.user, EntryKind.REFUND, generation.credits_per_image, generation.id, now)
        refunded = generation.with_images(ended(image).judged(failure.likeness).refunded(failure.error, now))
        return replace(refunded, due_at=due_at, cost=generation.cost + cost)

    def _update(
        self,
        generation: Generation,
        condition: Callable[[Generation], bool],
        change: Callable[[Generation], Generation],
    ) -> Generation | None:
        def kept(stands: Generation) -> bool:
            return not stands.deleted and condition(stands)

        return self._store.update(generation.user, generation.id, kept, change)


def _all_at(stands: Generation, images: Sequence[Image], status: ImageStatus) -> bool:
    now = [stands.images[image.index] for image in images]
    return all(one.status is status and one.attempt == image.attempt for one, image in zip(now, images, strict=True))


def _running(image: Image, attempt: Attempt, now: float) -> Image:
    attempts = {**image.attempts, image.attempt: attempt}
    return replace(image, status=ImageStatus.RUNNING, started_at=milliseconds(now), attempts=attempts)


def _queued_again(stands: Generation, image: Image, *, failed: bool, unbilled: bool) -> Image:
    now = stands.images[image.index]
    now = now.unbilled() if unbilled else now
    return replace(now, status=ImageStatus.QUEUED, attempt=image.attempt + 1, failures=image.failures + failed)


def _refused(queued: Image, image: Image) -> Image:
    attempt = replace(queued.attempts[image.attempt], refused=True)
    return replace(queued, attempts={**queued.attempts, image.attempt: attempt})


def _moved(stands: Generation, seen: Generation, due_at: float | None) -> float | None:
    """The date to look next: what the caller says, unless that is what it saw, which may have been moved since."""
    if due_at is None:
        return None
    return stands.due_at if due_at == seen.due_at else milliseconds(due_at)
