"""The ledger under contention: one account, eight threads, beside the same transactions as bare requests."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, time
from typing import Any

from local.cloud.running import RunningCloud
from operations.visit import ULID
from proofs.bench.row import BenchRow, in_turns, measured
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.ledger import DynamoLedger
from veil.adapters.dynamodb.table import Table
from veil.domain.credits import EntryKind
from veil.domain.generation import Generation, Image
from veil.domain.ids import new_id
from veil.domain.image_models import DEFAULT_CHAIN
from veil.domain.outcomes import OUT_OF_TIME

THREADS, EACH = 8, 12  # a turn's threads, and each one's generations
USER, MODEL = "bench-ledger", DEFAULT_CHAIN[0]


def ledger(running: RunningCloud, turns: int) -> Iterator[BenchRow]:
    """Generations that are reserved and then settled, image by image, in a second."""
    client = running.client("dynamodb")
    accounts = DynamoAccounts(Table(client, running.table), new_id)
    accounts.open_account(USER, 0, time())
    accounts.grant(USER, EntryKind.GRANT, 10**9, "bench", time())
    bare = Bare(client, running.table)
    ways = {
        "ours": lambda: _rate(lambda: reserve_and_settle(client, running.table)),
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


def new_generation(user: str) -> Generation:
    """A generation as `POST /generations` makes it."""
    now, images = time(), tuple(Image(index) for index in range(4))
    return Generation(user, new_id(now), "classic", MODEL, new_id(now), now, images, 1, due_at=now + 90)


def reserve_and_settle(client: Any, table_name: str) -> None:
    """Reserve a generation's credits and refund each image's: the way to settle that moves credits."""
    table = Table(client, table_name)
    ledger = DynamoLedger(table, DynamoAccounts(table, new_id))
    generation = new_generation(USER)
    ledger.reserve(generation, None, generation.created_at)
    for image in generation.images:
        after = ledger.refund(generation, image, OUT_OF_TIME, time(), time())
        if after is None:
            raise RuntimeError("a refund lost its condition, and nobody else settles here")
        generation = after


class Bare:
    """The ledger's own requests, recorded once, and sent again with new ids."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        recorder = _Recorder()
        reserve_and_settle(recorder, table)
        self._recorded = json.dumps(recorder.requests)
        self._ids = set(ULID.findall(self._recorded))

    def reserve_and_settle(self) -> None:
        fresh = {known: new_id(time()) for known in self._ids}
        for request in json.loads(ULID.sub(lambda found: fresh[found[0]], self._recorded)):
            self._client.transact_write_items(**request)


class _Recorder:
    """A client that does nothing."""

    def __init__(self) -> None:
        self.requests: list[Any] = []

    def transact_write_items(self, **request: Any) -> None:
        self.requests.append(request)
