"""What a first page of the history reads, however long the history is."""

from collections.abc import Iterator
from decimal import Decimal
from time import time
from typing import Any

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
LENGTHS = (10, 10_000, 1_000_000)
SHAPE = TableShape(("pk", "sk"))
ATTEMPT = Attempt("replicate", MODEL, Decimal("0.04"), "p" * 26)
FIRST = 1.7e9  # when the first of them was made; one a second from then on


class CountingClient:
    """A client of the simulation's DynamoDB that counts what its reads cost."""

    def __init__(self) -> None:
        self.dynamodb = DynamoDb(time)
        self.units, self.read = 0.0, 0

    def query(self, **request: Any) -> Any:
        answer = self.dynamodb("Query", request)
        self.units += consumed("Query", request, [], [], answer, table=SHAPE).read
        self.read += len(answer["Items"])
        return answer


def history() -> Iterator[BenchRow]:
    """Read units of a page of nine, which reads one more to know whether that was all: as many as the shortest has."""
    client, written, item = CountingClient(), 0, _completed()
    generations = DynamoGenerations(Table(client, "bench"))
    units: dict[int, float] = {}
    for length in LENGTHS:
        for number_ in range(written, length):
            sort = {"S": items.generation_sort(new_id(FIRST + number_))}
            client.dynamodb("PutItem", {"TableName": "bench", "Item": {**item, "sk": sort}})
        written, client.units, client.read = length, 0.0, 0
        if len(generations.newest(USER, PAGE, None).items) != PAGE or client.read != PAGE + 1:
            raise RuntimeError("this was no page")
        units[length] = client.units
    for length in LENGTHS[1:]:
        name, what = f"history: first page of {length:,} generations", f"of {LENGTHS[0]} generations"
        yield BenchRow(name, what, units[length], units[LENGTHS[0]], "read units", limit=1.0)


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
