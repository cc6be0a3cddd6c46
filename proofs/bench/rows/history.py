"""What a first page of the history reads, however long the history is."""

from collections.abc import Iterator
from decimal import Decimal
from time import time
from typing import Any
from uuid import uuid4

from local.simulated.dynamodb import DynamoDb
from proofs.bench.row import BenchRow
from proofs.bench.rows.ledger import MODEL, new_generation
from proofs.cost.units import TableShape, consumed
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number, to_item
from veil.adapters.dynamodb.generations import DynamoGenerations
from veil.adapters.dynamodb.table import Table
from veil.domain.generation import Attempt, ImageStatus, StoredOutput
from veil.domain.ids import new_id

USER, PAGE = "bench-history", 9
LENGTHS, DELETED = (10, 10_000, 1_000_000), 10_000
SHAPE = TableShape(("pk", "sk"))
ATTEMPT = Attempt("replicate", MODEL, Decimal("0.04"), "p" * 26, seed=2**31 - 1)
FIRST = 1.7e9  # when the first of them was made; one a second from then on


class CountingClient:
    """A client of the simulation's DynamoDB that counts what its reads cost."""

    def __init__(self) -> None:
        self.dynamodb = DynamoDb(time)
        self.units, self.read = 0.0, 0

    def get_item(self, **request: Any) -> Any:
        return self.dynamodb("GetItem", request)

    def transact_write_items(self, **request: Any) -> Any:
        return self.dynamodb("TransactWriteItems", {**request, "ClientRequestToken": uuid4().hex})

    def query(self, **request: Any) -> Any:
        answer = self.dynamodb("Query", request)
        self.units += consumed("Query", request, [], [], answer, table=SHAPE).read
        self.read += len(answer["Items"])
        return answer


def history() -> Iterator[BenchRow]:
    """Read units of a page of nine, which reads one more to know whether that was all: as many as the shortest has."""
    client, written = CountingClient(), 0
    units: dict[int, float] = {}
    for length in LENGTHS:
        _write(client, range(written, length))
        units[length], written = _page(client), length
    what = f"of {LENGTHS[0]} generations"
    for length in LENGTHS[1:]:
        name = f"history: first page of {length:,} generations"
        yield BenchRow(name, what, units[length], units[LENGTHS[0]], "read units", limit=1.0)
    name = f"history: first page behind {DELETED:,} deleted generations"
    yield BenchRow(name, what, _behind_deleted(), units[LENGTHS[0]], "read units", limit=1.0)


def _write(client: CountingClient, numbers: range) -> list[str]:
    """The ids of new generations, one a second."""
    ids, item = [new_id(FIRST + number_) for number_ in numbers], _completed()
    for id_ in ids:
        sort = {"S": items.generation_sort(id_)}
        client.dynamodb("PutItem", {"TableName": "bench", "Item": {**item, "sk": sort}})
    return ids


def _behind_deleted() -> float:
    client = CountingClient()
    generations = DynamoGenerations(Table(client, "bench"))
    ids = _write(client, range(DELETED + LENGTHS[0]))
    for id_ in ids[LENGTHS[0] :]:
        generation = generations.get(USER, id_)
        if not (generation and generations.begin_delete(generation, FIRST)):
            raise RuntimeError("it was not deleted")
    return _page(client)


def _page(client: CountingClient) -> float:
    """What a first page costs, in read units."""
    client.units, client.read = 0.0, 0
    page = DynamoGenerations(Table(client, "bench")).newest(USER, PAGE, None)
    if len(page.items) != PAGE or client.read != PAGE + 1:
        raise RuntimeError("this was no page")
    return client.units


def _completed() -> dict[str, Any]:
    """The item of a generation with four stored images; all of its copies here share its parts."""
    image = {
        "status": ImageStatus.STORED, "attempt": 1, "failures": 0, "attempts": {"1": items.attempt_to_map(ATTEMPT)},
        "started_at": number(FIRST), "settled_at": number(FIRST + 9),
        "output": items.output_to_map(StoredOutput(1_500_000, "0" * 64, 864, 1152, "image/jpeg")),
    }  # fmt: skip
    item = items.generation_to_item(new_generation(USER)) | {"cost": Decimal("0.16"), "written_by": "0" * 32}
    item["images"] = {str(index): image for index in range(4)}
    return to_item({name: value for name, value in item.items() if name not in ("work_shard", "due_at")})
