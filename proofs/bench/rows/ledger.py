"""The ledger under contention: one account, eight threads, beside the same transactions written down as they are."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, time
from typing import Any
from uuid import uuid4

from local.cloud.running import RunningCloud
from proofs.bench.row import Row, in_turns, measured
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.encoding import to_item
from veil.adapters.dynamodb.items import key
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.adapters.dynamodb.table import Table
from veil.domain.generation import Generation, Image
from veil.domain.ids import new_id
from veil.domain.outcomes import OUT_OF_TIME

THREADS, EACH, IMAGES = 8, 12, 4  # a turn's threads, each one's generations, and their images
USER = "bench-ledger"


def ledger(running: RunningCloud, turns: int) -> Iterator[Row]:
    """Generations that are reserved and then settled, image by image, in a second."""
    client = running.client("dynamodb")
    table = Table(client, running.table)
    accounts = DynamoAccounts(table, new_id)
    accounts.open_account(USER, 10**9, time())
    ours, bare = DynamoLedger(table, accounts), Bare(client, running.table)
    ways = {
        "ours": lambda: _rate(lambda: settle_all(ours, reserved(ours))),
        "bare": lambda: _rate(bare.reserve_and_settle),
    }
    rates = in_turns(ways, turns)
    name = f"reserve and settle of one account, {THREADS} threads"
    what = "bare TransactWriteItems of the same items, with their conditions"
    yield measured(name, what, rates["ours"], rates["bare"], unit="generations/s", limit=0.85, at_least=True)


def _rate(work: Callable[[], None]) -> float:
    started = perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work) for _ in range(THREADS * EACH)]:
            done.result()
    return THREADS * EACH / (perf_counter() - started)


def reserved(ledger: DynamoLedger) -> Generation:
    """A new generation whose credits are taken."""
    now = time()
    images = tuple(Image(index) for index in range(IMAGES))
    made = Generation(USER, new_id(now), "classic", "black-forest-labs/flux-1.1-pro", new_id(now), now, images, 1,
                      due_at=now + 90)  # fmt: skip
    ledger.reserve(made, None, now)
    return made


def settle_all(ledger: DynamoLedger, generation: Generation) -> None:
    """Give back each image's credit, in a transaction each: of the two ways to settle, the one that moves credits."""
    for image in generation.images:
        after = ledger.refund(generation, image, OUT_OF_TIME, time(), time())
        if after is None:
            raise RuntimeError("a refund lost its condition, and nobody else settles here")
        generation = after


class Bare:
    """The same items in the same transactions."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def reserve_and_settle(self) -> None:
        now, generation = time(), uuid4().hex
        images = tuple(Image(index) for index in range(IMAGES))
        made = Generation(USER, generation, "classic", "black-forest-labs/flux-1.1-pro", generation, now, images, 1,
                          due_at=now + 90)  # fmt: skip
        self._transact(self._credits(-IMAGES), self._put(items.generation_to_item(made)), self._entry(-IMAGES))
        for index in range(IMAGES):
            self._transact(self._settled(generation, index), self._credits(1), self._entry(1))

    def _transact(self, *writes: dict[str, Any]) -> None:
        self._client.transact_write_items(TransactItems=list(writes))

    def _put(self, item: dict[str, Any]) -> dict[str, Any]:
        new = "attribute_not_exists(pk)"
        return {"Put": {"TableName": self._table, "Item": to_item(item), "ConditionExpression": new}}

    def _entry(self, amount: int) -> dict[str, Any]:
        about = {"kind": "refund", "amount": amount, "reference": uuid4().hex, "created_at": 1}
        return self._put({"pk": f"USER#{USER}", "sk": f"ENTRY#{uuid4().hex}", **about})

    def _credits(self, amount: int) -> dict[str, Any]:
        values = {":amount": {"N": str(amount)}, ":least": {"N": str(max(0, -amount))}}
        return self._update(items.CREDITS, "ADD available :amount", "available >= :least", values, {})

    def _settled(self, generation: str, index: int) -> dict[str, Any]:
        values = {":status": {"S": "refunded"}, ":error": {"S": "timed_out"}, ":now": {"N": "1790000000.123"},
                  ":queued": {"S": "queued"}, ":running": {"S": "running"}, ":first": {"N": "1"}}  # fmt: skip
        names = {"#images": "images", "#index": str(index), "#status": "status", "#error": "error"}
        open_ = "#images.#index.#status IN (:queued, :running) AND #images.#index.attempt = :first"
        update = ("SET #images.#index.#status = :status, #images.#index.#error = :error, "
                  "#images.#index.settled_at = :now, due_at = :now")  # fmt: skip
        return self._update(items.generation_sort(generation), update, open_, values, names)

    def _update(
        self, sort: str, update: str, condition: str, values: dict[str, Any], names: dict[str, str]
    ) -> dict[str, Any]:
        named = {"ExpressionAttributeNames": names} if names else {}
        request = {"UpdateExpression": update, "ConditionExpression": condition, "ExpressionAttributeValues": values}
        return {"Update": {"TableName": self._table, "Key": key(USER, sort), **request, **named}}
