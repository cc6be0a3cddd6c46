"""The one table: the parts of its requests, and the requests."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from veil.adapters.aws.client import aws_errors, client, failed_conditions, is_transient
from veil.adapters.dynamodb.encoding import from_item, to_item, to_wire
from veil.adapters.dynamodb.items import partition, whole_key
from veil.domain.ports import StorageUnavailable

MAX_CONFLICT_RETRIES = 8
BATCH_TRIES = 8
LAST = "~"  # sorts after every character of a key
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


class Update(Expression):
    """One conditional update: what it sets and removes, and what must hold, all of it, for any of that to happen."""

    def __init__(self) -> None:
        super().__init__()
        self._sets: list[str] = []
        self._removes: list[str] = []
        self._conditions: list[str] = []

    def set(self, value: object, *path: object) -> None:
        self._sets.append(f"{self.path(*path)} = {self.value(value)}")

    def add(self, amount: object, *path: object, start: int | None = None) -> None:
        """Add ``amount``, to ``start`` where there is nothing yet."""
        where = self.path(*path)
        before = where if start is None else f"if_not_exists({where}, {self.value(start)})"
        self._sets.append(f"{where} = {before} + {self.value(amount)}")

    def remove(self, *path: object) -> None:
        self._removes.append(self.path(*path))

    def require(self, condition: str) -> None:
        self._conditions.append(condition)

    def require_equal(self, value: object, *path: object) -> None:
        self.require(f"{self.path(*path)} = {self.value(value)}")

    def require_one_of(self, values: Sequence[object], *path: object) -> None:
        self.require(f"{self.path(*path)} IN ({', '.join(self.value(value) for value in values)})")

    def require_at_least(self, value: object, *path: object) -> None:
        self.require(f"{self.path(*path)} >= {self.value(value)}")

    def require_present(self, *path: object) -> None:
        self.require(f"attribute_exists({self.path(*path)})")

    def require_absent(self, *path: object) -> None:
        self.require(f"attribute_not_exists({self.path(*path)})")

    @property
    def request(self) -> dict[str, Any]:
        """The expressions of the request."""
        clauses = {"SET": self._sets, "REMOVE": self._removes}
        return {
            "UpdateExpression": " ".join(f"{name} {', '.join(parts)}" for name, parts in clauses.items() if parts),
            "ConditionExpression": " AND ".join(self._conditions),
            **self.placeholders,
        }


class Table:
    """Requests to the table in plain Python values; every read of an item is a consistent one."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.name = name

    def get(self, user: str, sort: str) -> dict[str, Any] | None:
        return self.at(partition(user), sort)

    def at(self, pk: str, sk: str) -> dict[str, Any] | None:
        """The item of a whole key."""
        with aws_errors():
            response = self._client.get_item(TableName=self.name, Key=whole_key(pk, sk), ConsistentRead=True)
        return from_item(response["Item"]) if "Item" in response else None

    def batch_get(self, keys: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What was found, and the keys that were left out this time."""
        request = {self.name: {"Keys": list(keys), "ConsistentRead": True}}
        with aws_errors():
            response = self._client.batch_get_item(RequestItems=request)
        left_out = response.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
        return [from_item(item) for item in response["Responses"].get(self.name, [])], left_out

    def batch_delete(self, keys: Sequence[dict[str, Any]]) -> None:
        """Delete the items of up to 25 whole keys; one that is not there is no error."""
        requests = [{"DeleteRequest": {"Key": key}} for key in keys]
        for _ in range(BATCH_TRIES):
            with aws_errors():
                response = self._client.batch_write_item(RequestItems={self.name: requests})
            requests = response.get("UnprocessedItems", {}).get(self.name, [])
            if not requests:
                return
        raise StorageUnavailable("UnprocessedItems")

    def delete_at(self, pk: str, sk: str) -> None:
        """Delete the item of a whole key; one that is not there is no error."""
        with aws_errors():
            self._client.delete_item(TableName=self.name, Key=whole_key(pk, sk))

    def query(self, e: Expression, condition: str, **request: Any) -> Iterator[dict[str, Any]]:
        """Every item that meets the key condition, page by page as they are asked for."""
        return self.pages(self._client.query, KeyConditionExpression=condition, **e.placeholders, **request)

    def between(self, user: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        """A user's items whose sort keys lie between these two, both included; the oldest first."""
        e = Expression()
        return self.query(e, _between(e, user, first, last), ConsistentRead=True)

    def newest(self, user: str, kind: str, after: str | None, limit: int) -> Iterator[dict[str, Any]]:
        """A user's items of a kind, newest first, from behind the id ``after`` on, read ``limit`` at a time."""
        e = Expression()
        last = f"{kind}{LAST}" if after is None else f"{kind}{after[:-1]}{chr(ord(after[-1]) - 1)}{LAST}"
        condition = _between(e, user, kind, last)
        return self.query(e, condition, ConsistentRead=True, ScanIndexForward=False, Limit=limit)

    def pages(self, send: Callable[..., Any], **request: Any) -> Iterator[dict[str, Any]]:
        """The items of every page that ``send`` answers."""
        while True:
            with aws_errors():
                response = send(TableName=self.name, **request)
            yield from map(from_item, response["Items"])
            if "LastEvaluatedKey" not in response:
                return
            request["ExclusiveStartKey"] = response["LastEvaluatedKey"]

    def put_once(self, item: Mapping[str, Any]) -> bool:
        """Put an item whose key nobody else makes; one that is there already stays as it has become: False.

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
                return False
        return True

    def update(self, user: str, sort: str, update: Update) -> dict[str, Any] | None:
        """One conditional write: the item as it stands afterwards, or None when the condition was lost."""
        return self.update_at(partition(user), sort, update)

    def update_at(self, pk: str, sk: str, update: Update) -> dict[str, Any] | None:
        """`update` of the item of a whole key.

        It leaves its own mark on the item. When an answer is lost, botocore sends the write again, and its own first
        success makes the condition fail: the mark then tells that nobody else was first.
        """
        mark = uuid4().hex
        update.set(mark, "written_by")
        with aws_errors():
            try:
                response = self._client.update_item(
                    TableName=self.name,
                    Key=whole_key(pk, sk),
                    **update.request,
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                stands = from_item(error.response.get("Item", {}))
                return stands if stands.get("written_by") == mark else None
        return from_item(response["Attributes"])

    def put_version(self, item: Mapping[str, Any], version: int) -> bool:
        """Put the ``version`` of an item over the one before it; the first only where there is none. False where
        another was first: the mark on it tells a lost answer from that, as in `update`.
        """
        mark = uuid4().hex
        write = self.version({**item, "written_by": mark}, version)["Put"]
        with aws_errors():
            try:
                self._client.put_item(**write)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                    raise
                return from_item(error.response.get("Item", {})).get("written_by") == mark
        return True

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

    def put(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """A transaction's put, whatever stands there."""
        return {"Put": {"TableName": self.name, "Item": to_item(item)}}

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

    def version(self, item: Mapping[str, Any], version: int) -> dict[str, Any]:
        """A transaction's put of an item's ``version`` over the one before it; the first where there is none."""
        e = Expression()
        condition = f"{e.path('version')} = {e.value(version - 1)}" if version > 1 else "attribute_not_exists(pk)"
        return {
            "Put": {
                "TableName": self.name,
                "Item": to_item({**item, "version": version}),
                "ConditionExpression": condition,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                **e.placeholders,
            }
        }

    def removed(self, user: str, sort: str, e: Expression, condition: str) -> dict[str, Any]:
        """A transaction's delete of an item that meets ``condition``."""
        return {
            "Delete": {
                "TableName": self.name,
                "Key": whole_key(partition(user), sort),
                "ConditionExpression": condition,
                **e.placeholders,
            }
        }

    def checked(self, pk: str, sk: str, e: Expression, condition: str) -> dict[str, Any]:
        """A transaction's condition on the item of a whole key, which it does not write."""
        return {
            "ConditionCheck": {
                "TableName": self.name,
                "Key": to_item({"pk": pk, "sk": sk}),
                "ConditionExpression": condition,
                **e.placeholders,
            }
        }

    def updated(self, user: str, sort: str, update: Update) -> dict[str, Any]:
        """A transaction's update; a condition that fails brings what stood there."""
        return self.updated_at(partition(user), sort, update)

    def updated_at(self, pk: str, sk: str, update: Update) -> dict[str, Any]:
        """The same, of a whole key."""
        return {
            "Update": {
                "TableName": self.name,
                "Key": whole_key(pk, sk),
                **update.request,
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }


def _between(e: Expression, user: str, first: str, last: str) -> str:
    return (
        f"{e.path('pk')} = {e.value(partition(user))} AND {e.path('sk')} BETWEEN {e.value(first)} AND {e.value(last)}"
    )
