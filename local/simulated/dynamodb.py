"""DynamoDB in memory, with the semantics that money rests on: conditions, transactions, request tokens, paging.

It answers requests as they are on the wire. What it does not know raises `Unsupported`, never guesses; the contract
tests hold it to the same cases as the local cloud.
"""

from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.table_shape import INDEX, INDEX_KEYS, KEYS
from local.simulated import expressions
from local.simulated.expressions import Compiled, Invalid, Item, Unsupported, sortable
from local.simulated.writes import Wire, holds, met, require_used, updated

TOKEN_SECONDS = 600  # for so long a transaction's request token is known
PAGE_ITEMS = 1000
BATCH_ITEMS = 25

type Key = tuple[str, str]


class AwsError(Exception):
    """An answer that is an error; ``members`` stand beside its type and message."""

    def __init__(self, code: str, status: int = 400, message: str = "", **members: Any) -> None:
        super().__init__(code)
        self.code, self.status, self.message, self.members = code, status, message, members


@dataclass
class _Index:
    """The sparse index, which is behind the table by ``lag()`` seconds: the keys that it shows, by its partition."""

    parts: dict[str, dict[Key, Item]] = field(default_factory=dict)
    coming: deque[tuple[float, Key, Item | None]] = field(default_factory=deque)

    def note(self, at: float, key: Key, item: Item | None) -> None:
        last = self.coming[-1][0] if self.coming else at
        self.coming.append((max(at, last), key, item))

    def catch_up(self, now: float) -> None:
        while self.coming and self.coming[0][0] <= now:
            _, key, item = self.coming.popleft()
            for part in self.parts.values():
                part.pop(key, None)
            if item and item.keys() >= {*INDEX_KEYS}:
                kept = {name: item[name] for name in (*KEYS, *INDEX_KEYS)}
                self.parts.setdefault(item[INDEX_KEYS.partition]["S"], {})[key] = kept


class DynamoDb:
    """One table. ``lag`` says how far the index is behind, in seconds; ``page_items`` how much fills a page;
    ``watch`` sees each item before and after its write.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        lag: Callable[[], float] = lambda: 0.0,
        page_items: Callable[[], int] = lambda: PAGE_ITEMS,
        watch: Callable[[Item | None, Item], None] = lambda _before, _after: None,
    ) -> None:
        self._clock, self._lag, self._page_items, self._watch = clock, lag, page_items, watch
        self._due: dict[Key, float] = {}
        self._items: dict[str, dict[str, Item]] = {}
        self._sorted: dict[str, list[str]] = {}
        self._index = _Index()
        self._tokens: dict[str, tuple[float, str]] = {}
        self._operations: dict[str, Callable[[Wire], Wire]] = {
            "GetItem": self._get_item,
            "BatchGetItem": self._batch_get_item,
            "BatchWriteItem": self._batch_write_item,
            "PutItem": self._put_item,
            "UpdateItem": self._update_item,
            "DeleteItem": self._delete_item,
            "Query": self._query,
            "Scan": self._scan,
            "TransactWriteItems": self._transact_write_items,
        }

    def __call__(self, operation: str, request: Wire) -> Wire:
        """What AWS answers to one request; raises `AwsError`."""
        if operation not in self._operations:
            raise Unsupported(operation)
        try:
            return self._operations[operation](request)
        except Invalid as error:
            raise AwsError("ValidationException", message=str(error)) from error

    def item(self, pk: str, sk: str) -> Item | None:
        """What stands there now: for a look from outside of the simulation."""
        return self._items.get(pk, {}).get(sk)

    def sorts(self, pk: str) -> list[str]:
        """The sort keys of a partition, as they stand now."""
        return list(self._sorted.get(pk, ()))

    def clear_expired(self) -> None:
        """What DynamoDB does by itself within two days: whatever is past its date goes."""
        now = self._clock()
        over = [item for part in self._items.values() for item in part.values() if _expired(item, now)]
        for item in over:
            self._remove({name: item[name] for name in KEYS})

    def next_due(self, kind: str = "", without: str | None = None) -> float | None:
        """The earliest date on the work list, of the items whose sort key begins like this, and is not ``without``."""
        dates = (at for (_, sk), at in self._due.items() if sk.startswith(kind) and sk != without)
        return min(dates, default=None)

    def items(self, kind: str) -> Iterator[Item]:
        """All whose sort key begins like this, as they stand now."""
        return (item for part in self._items.values() for sk, item in part.items() if sk.startswith(kind))

    def _find(self, key: Wire) -> Item | None:
        return self.item(*_key(key))

    def _put(self, item: Item) -> None:
        pk, sk = _key(item)
        part = self._items.setdefault(pk, {})
        if sk not in part:
            insort(self._sorted.setdefault(pk, []), sk)
        before, part[sk] = part.get(sk), item
        self._date((pk, sk), before, item)
        self._watch(before, item)

    def _date(self, key: Key, before: Item | None, item: Item | None) -> None:
        dated = INDEX_KEYS.sort
        if item and dated in item:
            self._due[key] = float(item[dated]["N"])
        else:
            self._due.pop(key, None)
        if dated in (item or {}) or dated in (before or {}):
            self._index.note(self._clock() + self._lag(), key, item)

    def _remove(self, key: Wire) -> None:
        pk, sk = _key(key)
        if before := self._items.get(pk, {}).pop(sk, None):
            self._sorted[pk].remove(sk)
            self._date((pk, sk), before, None)

    def _get_item(self, request: Wire) -> Wire:
        found = self._find(request["Key"])
        return {"Item": found} if found else {}

    def _batch_get_item(self, request: Wire) -> Wire:
        """Some keys may be left out, as when a partition is hot."""
        ((table, asked),) = request["RequestItems"].items()
        count = min(len(asked["Keys"]), max(1, self._page_items()))
        found = [item for key in asked["Keys"][:count] if (item := self._find(key))]
        left = asked["Keys"][count:]
        return {"Responses": {table: found}, "UnprocessedKeys": {table: {**asked, "Keys": left}} if left else {}}

    def _batch_write_item(self, request: Wire) -> Wire:
        """Deletes alone; some may be left out, as of a batch that is read."""
        ((table, asked),) = request["RequestItems"].items()
        if len(asked) > BATCH_ITEMS:
            raise Invalid("Too many items requested for the BatchWriteItem call")
        count = min(len(asked), max(1, self._page_items()))
        for each in asked[:count]:
            self._remove(each["DeleteRequest"]["Key"])
        left = asked[count:]
        return {"UnprocessedItems": {table: left} if left else {}}

    def _put_item(self, request: Wire) -> Wire:
        self._require(request, self._find(request["Item"]))
        self._put(request["Item"])
        return {}

    def _delete_item(self, request: Wire) -> Wire:
        self._require(request, self._find(request["Key"]))
        self._remove(request["Key"])
        return {}

    def _update_item(self, request: Wire) -> Wire:
        before = self._find(request["Key"])
        self._require(request, before)
        after = updated(request, before)
        self._put(after)
        return {"Attributes": after} if request.get("ReturnValues") == "ALL_NEW" else {}

    def _require(self, request: Wire, item: Item | None) -> None:
        if not holds(request, item):
            returned = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and item is not None
            members: Wire = {"Item": item} if returned else {}
            raise AwsError("ConditionalCheckFailedException", message="The conditional request failed", **members)

    def _transact_write_items(self, request: Wire) -> Wire:
        """All or nothing; a token that is known answers what was done, and does nothing."""
        token, writes = request["ClientRequestToken"], request["TransactItems"]
        known = self._tokens.get(token)
        if known and self._clock() < known[0] + TOKEN_SECONDS:
            if known[1] != repr(writes):
                raise AwsError("IdempotentParameterMismatchException")
            return {}
        ones = [(action, write) for each in writes for action, write in each.items()]
        keys = [_key(write.get("Key") or write["Item"]) for _, write in ones]
        if len(set(keys)) != len(keys):
            raise Invalid("Transaction request cannot include multiple operations on one item")
        reasons = [self._reason(write) for _, write in ones]
        if any(reason["Code"] != "None" for reason in reasons):
            raise cancelled(reasons)
        after = [
            updated(write, self._find(write["Key"])) if action == "Update" else write.get("Item")
            for action, write in ones
        ]
        for (action, write), item in zip(ones, after, strict=True):
            if action == "ConditionCheck":
                continue
            if item is None:  # a delete
                self._remove(write["Key"])
            else:
                self._put(item)
        self._tokens[token] = self._clock(), repr(writes)
        return {}

    def _reason(self, write: Wire) -> Wire:
        try:
            self._require(write, self._find(write.get("Key") or write["Item"]))
        except AwsError as error:
            return {"Code": "ConditionalCheckFailed", "Message": error.message, **error.members}
        return {"Code": "None"}

    def _query(self, request: Wire) -> Wire:
        compiled = expressions.condition(request["KeyConditionExpression"])
        partition = {request["ExpressionAttributeNames"][path[0]]: name for path, name in compiled.equals.items()}
        values = request["ExpressionAttributeValues"]
        if request.get("IndexName") == INDEX:
            if request.get("ConsistentRead"):
                raise Invalid("Consistent reads are not supported on global secondary indexes")
            self._index.catch_up(self._clock())
            part = self._index.parts.get(values[partition[INDEX_KEYS.partition]]["S"], {})
            items = [item for item in part.values() if met(compiled, request, item)]
            return self._page(request, sorted(items, key=_by_date), _by_date, compiled)
        pk = values[partition[KEYS.partition]]["S"]
        items = [item for sk in self._sorted.get(pk, []) if met(compiled, request, item := self._items[pk][sk])]
        return self._page(request, items, _key, compiled)

    def _scan(self, request: Wire) -> Wire:
        if "FilterExpression" in request:
            raise Unsupported("a filtered scan")
        return self._page(request, [self._items[pk][sk] for pk in sorted(self._items) for sk in self._sorted[pk]], _key)

    def _page(
        self, request: Wire, items: list[Item], order: Callable[[Item], Any], key_condition: Compiled | None = None
    ) -> Wire:
        """A page, and where it ended unless it was the last: a limit counts what is read, not what is kept."""
        backwards = not request.get("ScanIndexForward", True)
        if start := request.get("ExclusiveStartKey"):
            items = [
                item for item in items if (order(item) < order(start) if backwards else order(item) > order(start))
            ]
        if backwards:
            items.reverse()
        limit = min(request.get("Limit", PAGE_ITEMS), max(1, self._page_items()))
        read = kept = items[:limit]
        used = key_condition.placeholders if key_condition else set()
        if "FilterExpression" in request:
            filtering = expressions.condition(request["FilterExpression"])
            kept, used = [item for item in read if met(filtering, request, item)], used | filtering.placeholders
        require_used(request, used)
        if request.get("ProjectionExpression"):
            kept = [{name: item[name] for name in request["ProjectionExpression"].split(",")} for item in kept]
        page: Wire = {"Items": kept, "Count": len(kept), "ScannedCount": len(read)}
        if len(read) == limit:
            names = (*KEYS, *INDEX_KEYS) if request.get("IndexName") else KEYS
            page["LastEvaluatedKey"] = {name: read[-1][name] for name in names}
        return page


def cancelled(reasons: list[Wire]) -> AwsError:
    """A transaction that was canceled, with a reason for each of its items."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return AwsError("TransactionCanceledException", message=message, CancellationReasons=reasons)


def _expired(item: Item, now: float) -> bool:
    return "expires_at" in item and float(item["expires_at"]["N"]) <= now


def _by_date(item: Item) -> tuple[Any, Key]:
    return sortable(item[INDEX_KEYS.sort]), _key(item)


def _key(item: Mapping[str, Any]) -> Key:
    return item[KEYS.partition]["S"], item[KEYS.sort]["S"]
