"""Reading the whole table for what no key leads to, as quickly as it can be read."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from veil.adapters.aws.client import aws_errors
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.table import Expression

SEGMENTS = 8  # parts of the table that are read side by side


def scan(
    client: Any, table: str, condition: str, e: Expression, seen: Callable[[int], None], *attributes: str
) -> Iterator[dict[str, Any]]:
    """The items that meet ``condition``, each with its key and ``attributes``; ``seen`` is told how many items were
    read in all, after each page. Whoever has what they want asks for no more, and no more is read.

    Not consistent: half the price, and what is sought is seldom a second old. Raises `StorageUnavailable`.
    """
    request = {
        "TableName": table,
        "TotalSegments": SEGMENTS,
        "ProjectionExpression": ", ".join(e.path(name) for name in ("pk", "sk", *attributes)),
        "FilterExpression": condition,
    }
    request |= e.placeholders

    def page(segment: dict[str, Any]) -> Any:
        with aws_errors():
            return client.scan(**request, **segment)

    segments: list[dict[str, Any]] = [{"Segment": number} for number in range(SEGMENTS)]
    read = 0
    with ThreadPoolExecutor(SEGMENTS) as pool:
        while segments:
            pages = list(pool.map(page, segments))
            read += sum(each["ScannedCount"] for each in pages)
            seen(read)
            yield from (from_item(item) for each in pages for item in each["Items"])
            segments = [
                {**segment, "ExclusiveStartKey": each["LastEvaluatedKey"]}
                for segment, each in zip(segments, pages, strict=True)
                if "LastEvaluatedKey" in each
            ]
