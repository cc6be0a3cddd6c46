"""All that the table and the bucket keep, user by user, for the audit; it only ever reads."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from operations.audit.holdings import Apart, Debt, Holdings, Money, OwedEvent, Records, StoredObject, WelcomeCounter
from operations.audit.partition import Partition
from veil.adapters.aws.client import aws_errors
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.outbox import event_from_item
from veil.adapters.dynamodb.table import Expression, Table
from veil.domain.orders import Order
from veil.domain.uploads import user_folder, user_of

FOLDERS = ("incoming", "inputs", "results")
USER, POINTER, WELCOMES = "USER#", "ORDER#", "WELCOMES#"  # how partitions begin: of users, pointers, counters
EVENT = "EVENT#"  # … of those that are to be told
APART = ("RETAINED#", "ERASED#", "FORMER#")  # … and those of what is kept of who has left
AT_ONCE = 8  # objects that are asked for side by side


class AwsRecords(Records):
    def __init__(self, dynamodb: Any, table: str, s3: Any, bucket: str, looking: Any = None) -> None:
        """``looking``: a client of S3 that may look at objects, where ``s3`` may not."""
        self._dynamodb = dynamodb
        self._table = Table(dynamodb, table)
        self._s3, self._looking = s3, looking or s3
        self._bucket = bucket
        self._folders: dict[str, str] = {}  # of those who are not in the table
        self._days: list[str] = []  # those that have a counter
        self._found: set[str] = set()  # the partitions of pointers to orders that were read

    def users(self) -> Iterator[str]:
        """Those in the table, as its pages come; then those of whom only objects are left; then each pointer whose
        order none of them has.
        """
        seen: set[str] = set()
        for item in self._table.pages(self._dynamodb.scan, ProjectionExpression="pk"):
            if item["pk"] not in seen:
                seen.add(item["pk"])
                if item["pk"].startswith(USER):
                    yield item["pk"].removeprefix(USER)
        users = {pk.removeprefix(USER) for pk in seen if pk.startswith(USER)}
        self._days = sorted(pk.removeprefix(WELCOMES) for pk in seen if pk.startswith(WELCOMES))
        for folder in sorted(self._user_folders() - {user_folder(user) for user in users}):
            user = user_of(folder) or folder
            self._folders[user] = folder
            yield user
        yield from (pk for pk in sorted(seen) if pk.startswith((*APART, EVENT)))
        pointers = {pk for pk in seen if pk.startswith(POINTER)}
        yield from (pk for pk in sorted(pointers - self._found) if self._stray(pk) is not None)

    def of(self, user: str) -> Holdings:
        if user.startswith(POINTER):
            return Holdings(user, None, (), (), (), {}, stray=self._stray(user))
        if user.startswith(APART):
            return self._apart(user)
        if user.startswith(EVENT):
            return Holdings(user, None, (), (), (), {}, event=self._event(user))
        read = Partition()
        for item in self._partition(items.partition(user)):
            read.add(item)
        account, debt = next(iter(read.accounts), (None, Debt()))
        return Holdings(
            user=user,
            available=account.available if account else None,
            entries=read.entries,
            generations=read.generations,
            uploads=read.uploads,
            objects=self._objects(self._folders.get(user) or user_folder(user)),
            malformed=read.malformed,
            tombstone=read.tombstone,
            money=Money(
                orders=read.orders,
                refunds=read.refunds,
                subscription=next(iter(read.subscriptions), None),
                pointers={order.id for order in read.orders if self._points_to(order)},
                customer_key=account.key if account else None,
                debt=debt,
            ),
            welcomed_on=next(iter(read.welcomed_on), None),
            consents={consent.id: consent for consent in read.consents},
        )

    def welcomes(self) -> Mapping[str, WelcomeCounter]:
        found = {day: self._table.at(*items.welcomes(day)) for day in self._days}
        return {day: WelcomeCounter(int(one["granted"]), int(one["budget"])) for day, one in found.items() if one}

    def _partition(self, pk: str) -> Iterator[dict[str, Any]]:
        e = Expression()
        return self._table.query(e, f"{e.path('pk')} = {e.value(pk)}", ConsistentRead=True)

    def _apart(self, pk: str) -> Holdings:
        found = list(self._partition(pk))
        dates = [float(item["expires_at"]) for item in found if "expires_at" in item]
        until = max(dates) if len(dates) == len(found) and dates else None
        apart = Apart({name for item in found for name in item}, until) if found else None
        return Holdings(pk, None, (), (), (), {}, apart=apart)

    def _event(self, pk: str) -> OwedEvent:
        item = self._table.at(*items.event_key(pk.removeprefix(EVENT)))
        try:
            event_from_item(item or {})
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            return OwedEvent(stands=item is not None)
        dates = {name: float(item[name]) for name in ("owed_at", "due_at") if item and name in item}
        return OwedEvent(stands=True, owed_at=dates.get("owed_at"), due_at=dates.get("due_at"))

    def _stray(self, pk: str) -> str | None:
        """Of whom a pointer says that the order is, where they have none; an order made since they were read is one."""
        pointer = self._table.at(*items.pointer(pk.removeprefix(POINTER)))
        user = str(pointer["user"]) if pointer and "user" in pointer else None
        return user if user and self._table.get(user, items.order_sort(pk.removeprefix(POINTER))) is None else None

    def _points_to(self, order: Order) -> bool:
        """Whether the order can be found by its id."""
        pk, sk = items.pointer(order.id)
        pointer = self._table.at(pk, sk)
        if pointer is None or pointer.get("user") != order.user:
            return False
        self._found.add(pk)
        return True

    def _user_folders(self) -> set[str]:
        pages = (page for folder in FOLDERS for page in self._list(f"{folder}/", Delimiter="/"))
        return {found["Prefix"].split("/")[1] for page in pages for found in page.get("CommonPrefixes", [])}

    def _objects(self, folder: str) -> dict[str, StoredObject]:
        pages = (page for kind in FOLDERS for page in self._list(f"{kind}/{folder}/"))
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return {key: found for key, found in zip(keys, pool.map(self._look_at, keys), strict=True) if found}

    def _list(self, prefix: str, **request: Any) -> Iterator[Any]:
        with aws_errors():
            yield from self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix, **request)

    def _look_at(self, key: str) -> StoredObject | None:
        """None for one that is gone since it was listed. The checksum is the bucket's own, not what we noted."""
        with aws_errors():
            try:
                head = self._looking.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    return None
                raise
        checksum = head.get("ChecksumSHA256")
        return StoredObject(
            size=head["ContentLength"],
            sha256=b64decode(checksum).hex() if checksum else None,
            modified_at=head["LastModified"].timestamp(),
        )
