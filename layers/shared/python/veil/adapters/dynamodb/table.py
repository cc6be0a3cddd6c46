"""The one table: its keys, the small language of its expressions, and its four requests."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from veil.adapters.aws.client import aws_errors, client, failed_conditions, is_transient
from veil.adapters.dynamodb.encoding import from_wire, to_wire

MAX_CONFLICT_RETRIES = 8
_CONFLICTS = ("TransactionCanceledException", "TransactionConflictException")
_jitter = random.Random()  # noqa: S311 - spreads retries, hides nothing


def dynamodb() -> Any:
    """The client, which also retries a conflict between transactions.

    Four webhooks of one generation arrive at once, so conflicts are ordinary; botocore does not retry them. Its
    own loop does the waiting and sends the same request again, client request token included.
    """
    made = client("dynamodb")
    made.meta.events.register("needs-retry.dynamodb", _retry_conflict, unique_id="veil-conflicts")
    return made


def _retry_conflict(response: Any = None, attempts: int = 1, **_: Any) -> float | None:
    """Seconds to wait before another try (full jitter, 25 ms doubling up to 0.8 s), or None for no other try."""
    parsed = response[1] if response else {}
    code = parsed.get("Error", {}).get("Code")
    if code not in _CONFLICTS or attempts > MAX_CONFLICT_RETRIES or not is_transient(parsed):
        return None
    return _jitter.uniform(0, min(0.8, 0.025 * 2**attempts))


def number(value: float) -> Decimal:
    """A time as the table keeps it: epoch seconds with milliseconds."""
    return Decimal(str(round(value, 3)))


def to_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Python values to the wire's; what is None is left out."""
    return {name: to_wire(value) for name, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: from_wire(value) for name, value in item.items()}


def partition(user: str) -> str:
    return f"USER#{user}"


def key(user: str, sort: str) -> dict[str, Any]:
    return to_item({"pk": partition(user), "sk": sort})


class Expression:
    """Placeholders for one request's names and values, so that no name is ever a reserved word."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def path(self, *parts: object) -> str:
        """A document path: ``path("images", 0, "status")`` is ``#images.#0.#status``."""
        for part in parts:
            self._names[f"#{part}"] = str(part)
        return ".".join(f"#{part}" for part in parts)

    def value(self, value: object) -> str:
        name = f":{len(self._values)}"
        self._values[name] = to_wire(value)
        return name

    @property
    def placeholders(self) -> dict[str, Any]:
        """The request's ``ExpressionAttributeNames`` and ``ExpressionAttributeValues``, where there are any."""
        found = {"ExpressionAttributeNames": self._names, "ExpressionAttributeValues": self._values}
        return {name: value for name, value in found.items() if value}


class Table:
    """Requests to the table in plain Python values; every read is a consistent one."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, user: str, sort: str) -> dict[str, Any] | None:
        with aws_errors():
            response = self._client.get_item(TableName=self.name, Key=key(user, sort), ConsistentRead=True)
        return from_item(response["Item"]) if "Item" in response else None

    def batch_get(self, keys: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What was found, and the keys that were left out this time."""
        request = {self.name: {"Keys": list(keys), "ConsistentRead": True}}
        with aws_errors():
            response = self._client.batch_get_item(RequestItems=request)
        left_out = response.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        return [from_item(item) for item in response["Responses"].get(self.name, [])], left_out

    def query(self, e: Expression, condition: str, **request: Any) -> Iterator[dict[str, Any]]:
        """Every item that meets the key condition, page by page as they are asked for."""
        return self._pages(self._client.query, KeyConditionExpression=condition, **e.placeholders, **request)

    def scan(self, **request: Any) -> Iterator[dict[str, Any]]:
        """Every item of the table, page by page. For the audit alone: no function may do it."""
        return self._pages(self._client.scan, **request)

    def _pages(self, send: Callable[..., Any], **request: Any) -> Iterator[dict[str, Any]]:
        while True:
            with aws_errors():
                response = send(TableName=self.name, **request)
            yield from map(from_item, response["Items"])
            if "LastEvaluatedKey" not in response:
                return
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]

    def put_once(self, item: Mapping[str, Any]) -> None:
        """Put an item whose key nobody else makes; one that is there already stays as it has become.

        A try that was given up may still arrive: after the next try, and after what came of that one.
        """
        with aws_errors():
            try:
                self._client.put_item(
                    TableName=self.name, Item=to_item(item), ConditionExpression="attribute_not_exists(pk)"
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise

    def update(self, user: str, sort: str, e: Expression, update: str, condition: str) -> dict[str, Any] | None:
        """One conditional write: the item as it stands afterwards, or None when the condition was lost.

        It leaves its own mark on the item. When an answer is lost, botocore sends the write again, and its own first
        success makes the condition fail: the mark then tells that nobody else was first.
        """
        mark = uuid4().hex
        marked = f"SET {e.path('written_by')} = {e.value(mark)}" + (
            update.replace("SET ", ", ", 1) if update.startswith("SET ") else f" {update}"
        )
        request = self.update_request(user, sort, e, marked, condition)
        with aws_errors():
            try:
                response = self._client.update_item(
                    **request, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD"
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                stands = from_item(error.response.get("Item", {}))
                return stands if stands.get("written_by") == mark else None
        return from_item(response["Attributes"])

    def transact(self, writes: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Do all of it or nothing: the writes whose condition failed, by index, with what stood there (where it was
        asked for); empty when all was done.

        A lost reply is no danger: botocore sends the same client request token again, for which DynamoDB answers
        what it did.
        """
        with aws_errors():
            try:
                self._client.transact_write_items(TransactItems=writes)
            except ClientError as error:
                failed = failed_conditions(error)
                if not failed:
                    raise
                return {index: from_item(item) for index, item in failed.items()}
        return {}

    def put_new(self, item: Mapping[str, Any], e: Expression | None = None, unless: str = "") -> dict[str, Any]:
        """A transaction's put of an item that must not exist yet, but for one that meets ``unless``."""
        condition = "attribute_not_exists(pk)" + (f" OR {unless}" if unless else "")
        return {
            "Put": {
                "TableName": self.name,
                "Item": to_item(item),
                "ConditionExpression": condition,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                **(e.placeholders if e else {}),
            }
        }

    def update_request(self, user: str, sort: str, e: Expression, update: str, condition: str) -> dict[str, Any]:
        return {
            "TableName": self.name,
            "Key": key(user, sort),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            **e.placeholders,
        }
