"""Reservations and images: every arrow of an image's life is one conditional write, and all of them stand here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.accounts import DynamoAccounts, require_stays
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.table import Expression, Table, Update
from veil.domain.credits import EntryKind
from veil.domain.errors import InsufficientCredits
from veil.domain.generation import Attempt, Generation, Image, ImageStatus, StoredOutput
from veil.domain.outcomes import Failure
from veil.domain.ports import AlreadyReserved, InvariantBroken, Ledger, Lookup, StorageUnavailable

IDEMPOTENCY_SECONDS = 24 * 3600
BATCH_TRIES = 3
OPEN = (ImageStatus.QUEUED, ImageStatus.RUNNING)


class DynamoLedger(Ledger):
    def __init__(self, table: Table, accounts: DynamoAccounts) -> None:
        self._table = table
        self._accounts = accounts

    def look_up(self, user: str, upload_id: str, idempotency_key: str | None, now: float) -> Lookup:
        sorts = {"account": items.CREDITS, "upload": items.upload_sort(upload_id), "consents": items.CONSENTS}
        if idempotency_key:
            sorts["record"] = items.idempotency_sort(idempotency_key)
        stored = self._batch_get(user, list(sorts.values()))
        found = {name: stored[sort] for name, sort in sorts.items() if sort in stored}
        account, upload, record = found.get("account"), found.get("upload"), found.get("record")
        return Lookup(
            upload=items.upload_from_item(upload) if upload else None,
            idempotency=items.idempotency_from_item(record) if record and record["expires_at"] > now else None,
            available=int(account["available"]) if account and "available" in account else None,
            consents=items.consents_from_item(found.get("consents")),
            welcome_due=items.welcome_due(account, now) if account else False,
        )

    def _batch_get(self, user: str, sorts: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        keys = [items.key(user, sort) for sort in sorts]
        for _ in range(BATCH_TRIES):
            answered, keys = self._table.batch_get(keys)
            found |= {item["sk"]: item for item in answered}
            if not keys:
                return found
        raise StorageUnavailable("UnprocessedKeys")

    def reserve(self, generation: Generation, idempotency: tuple[str, str] | None, now: float) -> None:
        """Invariants: a generation exists if and only if its credits were taken; a key makes one generation."""
        user, amount = generation.user, generation.reserved
        writes = [
            self._accounts.take_credits(user, amount, to_spend=True),
            self._table.put_new(items.generation_to_item(generation)),
            self._accounts.put_entry(user, EntryKind.RESERVE, -amount, generation.id, now),
        ]
        if idempotency:
            writes.append(self._put_idempotency(generation, *idempotency, now))
        failed = self._table.transact(writes)
        if 3 in failed:  # before the credits: the first request with this key may have taken the last ones
            raise AlreadyReserved(items.idempotency_from_item(failed[3]))
        require_stays(failed.get(0))
        if 0 in failed:
            raise InsufficientCredits(required=amount, available=int(failed[0].get("available", 0)))
        if failed:
            raise InvariantBroken(f"the id of generation {generation.id} is taken")

    def _put_idempotency(
        self, generation: Generation, idempotency_key: str, request_hash: str, now: float
    ) -> dict[str, Any]:
        """A key that has outlived its day may be used again, though the TTL has not cleared it yet."""
        e = Expression()
        item = {
            "pk": items.partition(generation.user),
            "sk": items.idempotency_sort(idempotency_key),
            "request_hash": request_hash,
            "generation_id": generation.id,
            "expires_at": int(now + IDEMPOTENCY_SECONDS),
        }
        return self._table.put_new(item, e, unless=f"{e.path('expires_at')} <= {e.value(int(now))}")

    def claim(self, generation: Generation, attempts: Mapping[int, Attempt], now: float) -> Generation | None:
        """Invariant: of two starters, one calls the provider. The cost is counted here, before the call, so that
        a call whose answer is lost is counted too.
        """
        update = Update()
        for index, attempt in attempts.items():
            image = generation.images[index]
            update.set(ImageStatus.RUNNING, "images", index, "status")
            update.set(number(now), "images", index, "started_at")
            update.set(items.attempt_to_map(attempt), "images", index, "attempts", image.attempt)
            _require_attempt(update, image, ImageStatus.QUEUED)
        update.add(sum(attempt.price for attempt in attempts.values()), "cost")
        return self._update(generation, update)

    def record_starts(
        self, generation: Generation, accepted: Mapping[int, str], back: Sequence[Image], due_at: float | None
    ) -> Generation | None:
        """An id is recorded under its attempt, so it is right however late: a webhook may have settled the image."""
        update = Update()
        for index, prediction_id in accepted.items():
            attempt = generation.images[index].attempt
            update.set(prediction_id, "images", index, "attempts", attempt, "prediction_id")
        for image in back:
            _queue_again(update, image, failures=image.failures)
            _require_attempt(update, image, ImageStatus.RUNNING)
            _unbill(update, image)
            update.set(True, "images", image.index, "attempts", image.attempt, "refused")
        if back:
            update.add(-sum(image.attempts[image.attempt].price for image in back), "cost")
        if due_at is not None:
            update.set(number(due_at), "due_at")
        update.require_present("pk")
        return self._update(generation, update)

    def requeue(self, generation: Generation, image: Image, failure: Failure) -> Generation | None:
        """Invariant: one failed attempt is followed by one other, however often its webhook comes."""
        update = Update()
        _queue_again(update, image, failures=image.failures + 1)
        _set_unlike(update, image, failure)
        _require_attempt(update, image, ImageStatus.RUNNING)
        if failure.unbills(image):
            _unbill(update, image)
        update.add(failure.cost_of(image), "cost")
        return self._update(generation, update)

    def capture(
        self, generation: Generation, image: Image, output: StoredOutput, now: float, due_at: float | None
    ) -> Generation | None:
        """Invariant: only an open image is stored, so a refunded one never is. A success of any attempt wins.

        The hold was the open image itself: to capture the credit is this write and nothing else.
        """
        update = Update()
        _settle(update, image, ImageStatus.STORED, now)
        update.set(items.output_to_map(output), "images", image.index, "output")
        if due_at is None:
            update.remove("work_shard")
            update.remove("due_at")
        else:
            _move_due_date(update, generation, due_at)
        return self._update(generation, update)

    def refund(
        self, generation: Generation, image: Image, failure: Failure, now: float, due_at: float
    ) -> Generation | None:
        """Invariant: credits come back exactly once. The image's condition, the credits and their entry are one
        transaction: whoever loses the condition changes nothing.
        """
        update = Update()
        _settle(update, image, ImageStatus.REFUNDED, now)
        update.set(failure.error, "images", image.index, "error")
        _set_unlike(update, image, failure)
        update.require_equal(image.attempt, "images", image.index, "attempt")
        if failure.unbills(image):
            _unbill(update, image)
        update.add(failure.cost_of(image), "cost")
        _move_due_date(update, generation, due_at)
        user, amount = generation.user, generation.credits_per_image
        failed = self._table.transact(
            [
                self._table.updated(user, items.generation_sort(generation.id), update),
                self._accounts.add_credits(user, amount),
                self._accounts.put_entry(user, EntryKind.REFUND, amount, generation.id, now),
            ]
        )
        if failed:
            return None
        ended = image.unbilled() if failure.unbills(image) else image
        refunded = generation.with_images(ended.judged(failure.likeness).refunded(failure.error, now))
        return replace(refunded, due_at=due_at, cost=generation.cost + failure.cost_of(image))

    def _update(self, generation: Generation, update: Update) -> Generation | None:
        item = self._table.update(generation.user, items.generation_sort(generation.id), update)
        return items.generation_from_item(item) if item else None


def _require_attempt(update: Update, image: Image, status: ImageStatus) -> None:
    update.require_equal(status, "images", image.index, "status")
    update.require_equal(image.attempt, "images", image.index, "attempt")


def _settle(update: Update, image: Image, status: ImageStatus, now: float) -> None:
    update.set(status, "images", image.index, "status")
    update.set(number(now), "images", image.index, "settled_at")
    update.require_one_of(OPEN, "images", image.index, "status")


def _set_unlike(update: Update, image: Image, failure: Failure) -> None:
    """The whole of it, for there may be none yet: nothing else writes it, and not at this attempt."""
    if failure.likeness:
        unlike = image.judged(failure.likeness).unlike
        update.set(items.unlike_to_map(unlike), "images", image.index, "unlike")


def _move_due_date(update: Update, generation: Generation, due_at: float) -> None:
    """An unchanged date is not written: it may have been moved since it was read."""
    if due_at != generation.due_at:
        update.set(number(due_at), "due_at")


def _unbill(update: Update, image: Image) -> None:
    """With the write that takes the price off the cost, so that the cost stays the sum of all attempts' prices."""
    update.set(0, "images", image.index, "attempts", image.attempt, "price")


def _queue_again(update: Update, image: Image, *, failures: int) -> None:
    update.set(ImageStatus.QUEUED, "images", image.index, "status")
    update.set(image.attempt + 1, "images", image.index, "attempt")
    update.set(failures, "images", image.index, "failures")
