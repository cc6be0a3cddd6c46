"""All that the table and the bucket keep, user by user, for the audit; it only ever reads."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from operations.audit.rules import Holdings, Records, StoredObject
from veil.adapters.aws.client import aws_errors
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Expression, Table
from veil.domain.uploads import user_folder, user_of

FOLDERS = ("incoming", "inputs", "results")
AT_ONCE = 8  # objects that are asked for side by side


class AwsRecords(Records):
    def __init__(self, dynamodb: Any, table: str, s3: Any, bucket: str) -> None:
        self._dynamodb = dynamodb
        self._table = Table(dynamodb, table)
        self._s3 = s3
        self._bucket = bucket
        self._folders: dict[str, str] = {}  # of those who are not in the table

    def users(self) -> Iterator[str]:
        """Those in the table, as its pages come; then those of whom only objects are left."""
        seen: set[str] = set()
        for item in self._table.pages(self._dynamodb.scan, ProjectionExpression="pk"):
            user = item["pk"].removeprefix("USER#")
            if user not in seen:
                seen.add(user)
                yield user
        for folder in sorted(self._user_folders() - {user_folder(user) for user in seen}):
            user = user_of(folder) or folder
            self._folders[user] = folder
            yield user

    def of(self, user: str) -> Holdings:
        read, e = _Read(), Expression()
        for item in self._table.query(e, f"{e.path('pk')} = {e.value(items.partition(user))}", ConsistentRead=True):
            read.add(item)
        return Holdings(
            user=user,
            available=next(iter(read.available), None),
            entries=read.entries,
            generations=read.generations,
            uploads=read.uploads,
            objects=self._objects(self._folders.get(user) or user_folder(user)),
            malformed=read.malformed,
        )

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
                head = self._s3.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
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


class _Read:
    """A partition's items, each by its kind; what can't be read is a finding, and stops nothing."""

    def __init__(self) -> None:
        self.available: list[int] = []
        self.entries: list[Any] = []
        self.generations: list[Any] = []
        self.uploads: list[Any] = []
        self.malformed: list[str] = []
        self._kinds: dict[str, tuple[list[Any], Callable[[dict[str, Any]], Any]]] = {
            items.CREDITS: (self.available, lambda item: int(item["available"])),
            "ENTRY": (self.entries, items.entry_from_item),
            "GENERATION": (self.generations, items.generation_from_item),
            "DELETED": (self.generations, items.generation_from_item),
            "UPLOAD": (self.uploads, items.upload_from_item),
        }

    def add(self, item: dict[str, Any]) -> None:
        """The others (idempotency keys, references, counters) hold no credit and no photo."""
        found, read = self._kinds.get(item["sk"].partition("#")[0], (None, None))
        if found is None or read is None:
            return
        try:
            found.append(read(item))
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
            self.malformed.append(f"{item['sk']}: {type(error).__name__}")
