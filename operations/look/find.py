"""Whose a generation is, and who a hash of the log stands for: neither is a key of the table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from operations.errors import OperationError
from operations.look.output import progress
from operations.look.scan import scan
from operations.stage import Stage
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.adapters.dynamodb.table import Expression, Table
from veil.adapters.user_hash import DIGITS_IN_LOGS
from veil.domain.ids import is_id
from veil.domain.ports import UserHash, WorkKind

USER, APART = "USER#", ("ERASED#", "FORMER#")  # how partitions begin: of users, and of what is kept of who has left
EVER = 1e11  # epoch seconds: past every date
HASH = re.compile(rf"[0-9a-f]{{{DIGITS_IN_LOGS}}}(?:[0-9a-f]{{{64 - DIGITS_IN_LOGS}}})?")  # as in the log, or whole


def owner(stage: Stage, generation_id: str) -> str:
    """The user whose generation this is: from the work list, on which every open one stands, else from a scan.

    Raises `OperationError` where there is none, and `StorageUnavailable`.
    """
    if not is_id(generation_id):
        raise OperationError(f"{generation_id!r} is no id of a generation: those have 26 characters, as 01J…")
    client = stage.client("dynamodb")
    kinds = (WorkKind.GENERATION, WorkKind.DELETED)
    for item in DynamoWorkList(Table(client, stage.table)).due(EVER):
        if item.id == generation_id and item.kind in kinds:
            return item.user
    e = Expression()
    either = [items.generation_sort(generation_id), items.deleted_sort(generation_id)]
    condition = f"{e.path('sk')} IN ({', '.join(map(e.value, either))})"
    with _counted("looking for its user") as seen:
        for found in scan(client, stage.table, condition, e, seen):
            return str(found["pk"]).removeprefix(USER)
    raise OperationError(f"this stage has no generation {generation_id}: it is another stage's, or its user has left")


def user_named(stage: Stage, name: str, hashed: UserHash) -> str:
    """The user that ``name`` is, by their id or by the hash that stands in the log.

    A hash leads to nobody, so every account is hashed and compared: a scan. Raises `OperationError` where there is
    nobody of this name, and `StorageUnavailable`.
    """
    if _has_items(stage, name):
        return name
    if not HASH.fullmatch(name):
        raise OperationError(f"this stage knows no user {name!r}: give the access token's sub, or the hash of the log")
    left = False
    with _counted("hashing every account") as seen:
        for pk in _accounts(stage, seen):
            if pk.startswith(USER):
                user = pk.removeprefix(USER)
                if hashed(user).startswith(name):
                    return user
            left |= pk.partition("#")[2].startswith(name)
    if left:
        raise OperationError(f"who had the hash {name} has left, and was erased: nothing else is kept of them")
    raise OperationError(f"nobody of this stage has the hash {name}")


def _has_items(stage: Stage, user: str) -> bool:
    e = Expression()
    condition = f"{e.path('pk')} = {e.value(items.partition(user))}"
    table = Table(stage.client("dynamodb"), stage.table)
    return any(True for _ in table.query(e, condition, ConsistentRead=True, Limit=1))


def _accounts(stage: Stage, seen: Callable[[int], None]) -> Iterator[str]:
    """The partitions of all who have an account, and those that remember who has left."""
    e = Expression()
    remembered = " OR ".join(f"begins_with({e.path('pk')}, {e.value(begins)})" for begins in APART)
    condition = f"{e.path('sk')} = {e.value(items.CREDITS)} OR {remembered}"
    found = scan(stage.client("dynamodb"), stage.table, condition, e, seen)
    return (str(item["pk"]) for item in found)


@contextmanager
def _counted(what: str) -> Iterator[Callable[[int], None]]:
    """Say how far a scan is, and in the end how long it took: it grows with the table."""
    console, started, read = progress(), monotonic(), [0]
    with console.status(f"{what} …") as status:

        def seen(items_read: int) -> None:
            read[0] = items_read
            status.update(f"{what} … {items_read:,} items, {monotonic() - started:.0f} s")

        yield seen
    console.print(f"{what}: {read[0]:,} items of the table were read in {monotonic() - started:.1f} s")
