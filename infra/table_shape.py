"""The table's shape: its keys, its index and their types. Plain names, which need no CDK to be read."""

from typing import Literal, NamedTuple

TYPES: dict[str, Literal["S", "N"]] = {"pk": "S", "sk": "S", "work_shard": "S", "due_at": "N"}
EXPIRES_AT = "expires_at"  # epoch seconds; DynamoDB deletes the item some time after


class Keys(NamedTuple):
    """The attributes that an item is found by."""

    partition: str
    sort: str


KEYS = Keys("pk", "sk")
INDEX, INDEX_KEYS = "work", Keys("work_shard", "due_at")  # the work list; it has the keys alone
