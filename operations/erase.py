"""Erase a user of a stage, by the code path that production uses; or, in a restored table, all who had left."""

from collections.abc import Callable, Iterator
from secrets import token_hex
from time import time
from typing import Any

from operations.errors import OperationError
from operations.stage import Stage
from operations.stage_ports import Spoken, StageQueue
from operations.user_hash import user_hash
from veil.adapters.dynamodb.erasures import DynamoErasures
from veil.adapters.dynamodb.items import CREDITS
from veil.adapters.dynamodb.table import Table
from veil.domain.ids import created_at, is_id
from veil.settings import GallerySettings
from veil.use_cases.leave import Leave

USER, ERASED = "USER#", "ERASED#"  # how the partitions of users and of tombstones begin
POLL_SECONDS = 2.0


class Erase:
    """``say`` tells what is done; ``wait`` lets seconds pass."""

    def __init__(self, stage: Stage, say: Callable[[str], None], wait: Callable[[float], None]) -> None:
        settings = GallerySettings.load(stage.settings("gallery"))
        self._dynamodb, self._say, self._wait = stage.client("dynamodb"), say, wait
        self._table, self._hashed = Table(self._dynamodb, stage.table), user_hash(stage)
        self._erasures = DynamoErasures(self._table, self._hashed)
        queue = StageQueue(stage.client("sqs"), settings.eraser_queue_url)
        self._leave = Leave(self._erasures, queue, time, lambda: token_hex(16), Spoken(say))

    def __call__(self, user: str, patience: float) -> bool:
        """Whether it was done within ``patience`` seconds; it goes on all the same."""
        receipt, _ = self._leave.begin(user, None)
        self._say(f"receipt {receipt}")
        waited = 0.0
        while waited <= patience:
            found = self._erasures.receipt(receipt)
            if found and found.done_at is not None:
                self._say(f"done: {found.objects} objects and {found.items} items are gone")
                return True
            self._wait(POLL_SECONDS)
            waited += POLL_SECONDS
        self._say("it goes on by itself")
        return False

    def again(self, tombstones: str | None) -> int:
        """How many who had left are erased again: users of the stage's table whose keyed hash has a tombstone in
        ``tombstones``, the table that this one was restored from, or in this one.
        """
        erased_at = left_at(self._dynamodb, tombstones or self._table.name)
        found = [user for user in self._users() if self._had_left(user, erased_at)]
        for user in found:
            receipt, _ = self._leave.begin(user, None)
            self._say(f"receipt {receipt}")
        return len(found)

    def _users(self) -> Iterator[str]:
        seen: set[str] = set()
        for item in self._table.pages(self._dynamodb.scan, ProjectionExpression="pk"):
            if item["pk"].startswith(USER) and item["pk"] not in seen:
                seen.add(item["pk"])
                yield item["pk"].removeprefix(USER)

    def _had_left(self, user: str, erased_at: dict[str, float]) -> bool:
        """Not who is a tombstone already, nor who has come back since: they have something that is younger."""
        left_at = erased_at.get(self._hashed(user))
        if left_at is None:
            return False
        account = self._table.get(user, CREDITS) or {}
        if "erased_at" in account or float(account.get("opened_at", 0)) > left_at:
            return False
        ids = (sort.partition("#")[2] for sort in self._erasures.sorts(user, ()))
        return not any(created_at(id_) > left_at for id_ in ids if is_id(id_))  # accounts of old have no date


def left_at(dynamodb: Any, table: str) -> dict[str, float]:
    """When those left who have a tombstone in ``table``, by their keyed hashes."""
    scanned = Table(dynamodb, table).pages(dynamodb.scan)
    return {
        item["pk"].removeprefix(ERASED): float(item["erased_at"]) for item in scanned if item["pk"].startswith(ERASED)
    }


def erase(stage: Stage, user: str | None, *, again: bool, tombstones: str | None, patience: float,
          say: Callable[[str], None], wait: Callable[[float], None]) -> bool:  # fmt: skip
    """Either of both; raises `OperationError` where neither or both are asked for."""
    if again == (user is not None):
        raise OperationError("name a user, or ask for --again")
    command = Erase(stage, say, wait)
    if user is not None:
        return command(user, patience)
    say(f"{command.again(tombstones)} are erased again")
    return True
