"""Reservations and images: every arrow of an image's life is one conditional write, and all of them stand here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.table import Expression, Table, key, number, partition
from veil.domain.credits import EntryKind
from veil.domain.errors import InsufficientCredits
from veil.domain.generation import Generation, Image, ImageStatus
from veil.domain.ports import AlreadyReserved, IdempotencyRecord, Lookup, StorageUnavailable

IDEMPOTENCY_SECONDS = 24 * 3600
BATCH_TRIES = 3


class DynamoLedger:
    """`veil.domain.ports.Ledger`."""

    def __init__(self, table: Table, accounts: DynamoAccounts) -> None:
        self._table = table
        self._accounts = accounts

    def look_up(self, user: str, upload_id: str, idempotency_key: str | None, now: float) -> Lookup:
        upload_sort = items.upload_sort(upload_id)
        idempotency_sort = items.idempotency_sort(idempotency_key) if idempotency_key else None
        found = self._batch_get(user, [items.CREDITS, upload_sort, *([idempotency_sort] if idempotency_sort else [])])
        upload, account, record = found.get(upload_sort), found.get(items.CREDITS), found.get(idempotency_sort or "")
        return Lookup(
            upload=items.upload_from_item(upload) if upload else None,
            idempotency=_idempotency_from_item(record) if record and record["expires_at"] > now else None,
            available=int(account["available"]) if account else None,
        )

    def _batch_get(self, user: str, sorts: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        keys = [key(user, sort) for sort in sorts]
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
            self._accounts.take_credits(user, amount),
            self._table.put_new(items.generation_to_item(generation)),
            self._accounts.put_entry(user, EntryKind.RESERVE, -amount, generation.id, now),
        ]
        if idempotency:
            writes.append(self._put_idempotency(generation, *idempotency, now))
        failed = self._table.transact(writes)
        if 3 in failed:  # before the credits: the first request with this key may have taken the last ones
            raise AlreadyReserved(_idempotency_from_item(failed[3]))
        if 0 in failed:
            raise InsufficientCredits(required=amount, available=int(failed[0].get("available", 0)))
        if failed:
            raise StorageUnavailable(f"id {generation.id} is taken")

    def _put_idempotency(
        self, generation: Generation, idempotency_key: str, request_hash: str, now: float
    ) -> dict[str, Any]:
        """A key that has outlived its day may be used again, though the TTL has not cleared it yet."""
        e = Expression()
        item = {
            "pk": partition(generation.user),
            "sk": items.idempotency_sort(idempotency_key),
            "request_hash": request_hash,
            "generation_id": generation.id,
            "expires_at": int(now + IDEMPOTENCY_SECONDS),
        }
        return self._table.put_new(item, e, unless=f"{e.path('expires_at')} <= {e.value(int(now))}")

    def claim(self, generation: Generation, images: Sequence[Image], now: float) -> Generation | None:
        """Invariant: of two starters, one calls the provider. The cost is counted here, before the call, so that
        a call whose answer is lost is counted too.
        """
        e = Expression()
        sets = [_add_cost(e, generation.price * len(images))]
        for image in images:
            sets.append(_set(e, image, "status", ImageStatus.RUNNING))
            sets.append(_set(e, image, "started_at", number(now)))
        conditions = [_at_attempt(e, image, ImageStatus.QUEUED) for image in images]
        return self._update(generation, e, sets, conditions)

    def record_starts(
        self, generation: Generation, accepted: Mapping[int, str], throttled: Sequence[Image], due_at: float | None
    ) -> Generation | None:
        """An id is noted under its attempt, so it is right however late: a webhook may have settled the image."""
        e = Expression()
        sets = [_add_cost(e, -generation.price * len(throttled))] if throttled else []
        for index, prediction_id in accepted.items():
            attempt = generation.images[index].attempt
            sets.append(f"{e.path('images', index, 'predictions', attempt)} = {e.value(prediction_id)}")
        for image in throttled:
            sets += _queue_again(e, image, failed=False)
        if due_at is not None:
            sets.append(f"{e.path('due_at')} = {e.value(number(due_at))}")
        running = [_at_attempt(e, image, ImageStatus.RUNNING) for image in throttled]
        return self._update(generation, e, sets, [f"attribute_exists({e.path('pk')})", *running])

    def requeue(self, generation: Generation, image: Image, cost: Decimal) -> Generation | None:
        """Invariant: one failed attempt is followed by one other, however often its webhook comes."""
        e = Expression()
        sets = [*_queue_again(e, image, failed=True), _add_cost(e, cost)]
        return self._update(generation, e, sets, [_at_attempt(e, image, ImageStatus.RUNNING)])

    def capture(self, generation: Generation, image: Image, due_at: float | None) -> Generation | None:
        """Invariant: only an open image is stored, so a refunded one never is. A success of any attempt wins.

        The hold was the open image itself: to capture the credit is this write and nothing else.
        """
        e = Expression()
        output = items.output_to_map(image.output) if image.output else None
        sets = [*_settle(e, generation, image, due_at), _set(e, image, "output", output)]
        removes = [e.path("work_shard"), e.path("due_at")] if due_at is None else []
        return self._update(generation, e, sets, [_still_open(e, image)], removes)

    def refund(self, generation: Generation, image: Image, due_at: float, cost: Decimal) -> Generation | None:
        """Invariant: credits come back exactly once. The image's condition, the credits and their entry are one
        transaction: whoever loses the condition changes nothing.
        """
        e = Expression()
        sets = [*_settle(e, generation, image, due_at), _set(e, image, "error", image.error), _add_cost(e, cost)]
        condition = f"{_still_open(e, image)} AND {_is(e, image, 'attempt', image.attempt)}"
        user, amount = generation.user, generation.credits_per_image
        sort = items.generation_sort(generation.id)
        update = self._table.update_request(user, sort, e, f"SET {', '.join(sets)}", condition)
        entry = self._accounts.put_entry(user, EntryKind.REFUND, amount, generation.id, image.settled_at or 0)
        failed = self._table.transact([{"Update": update}, self._accounts.add_credits(user, amount), entry])
        return None if failed else replace(generation.with_images(image), due_at=due_at, cost=generation.cost + cost)

    def _update(
        self,
        generation: Generation,
        e: Expression,
        sets: Sequence[str],
        conditions: Sequence[str],
        removes: Sequence[str] = (),
    ) -> Generation | None:
        update = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
        sort = items.generation_sort(generation.id)
        item = self._table.update(generation.user, sort, e, update, " AND ".join(conditions))
        return items.generation_from_item(item) if item else None


def _idempotency_from_item(item: Mapping[str, Any]) -> IdempotencyRecord:
    return IdempotencyRecord(item["request_hash"], item["generation_id"])


def _set(e: Expression, image: Image, name: str, value: object) -> str:
    return _is(e, image, name, value)  # an assignment and an equality are written alike


def _is(e: Expression, image: Image, name: str, value: object) -> str:
    return f"{e.path('images', image.index, name)} = {e.value(value)}"


def _at_attempt(e: Expression, image: Image, status: ImageStatus) -> str:
    return f"{_is(e, image, 'status', status)} AND {_is(e, image, 'attempt', image.attempt)}"


def _still_open(e: Expression, image: Image) -> str:
    status = e.path("images", image.index, "status")
    return f"{status} IN ({e.value(ImageStatus.QUEUED)}, {e.value(ImageStatus.RUNNING)})"


def _settle(e: Expression, generation: Generation, image: Image, due_at: float | None) -> list[str]:
    sets = [_set(e, image, "status", image.status), _set(e, image, "settled_at", number(image.settled_at or 0))]
    if due_at is not None and due_at != generation.due_at:  # an unchanged date may have been moved meanwhile
        sets.append(f"{e.path('due_at')} = {e.value(number(due_at))}")
    return sets


def _queue_again(e: Expression, image: Image, *, failed: bool) -> list[str]:
    return [
        _set(e, image, "status", ImageStatus.QUEUED),
        _set(e, image, "attempt", image.attempt + 1),
        _set(e, image, "failures", image.failures + failed),
    ]


def _add_cost(e: Expression, amount: Decimal) -> str:
    return f"{e.path('cost')} = {e.path('cost')} + {e.value(amount)}"
