"""What is owed to others and not told, one thing wrong at a time."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.simulated.environment import TABLE
from operations.audit.finding import Rule
from operations.audit.rules import findings
from operations.audit.work import ENDS_WITHIN_SECONDS, SWEPT_WITHIN_SECONDS
from tests.contract.backends import on_moto
from tests.contract.images import stored
from tests.contract.money import paid
from tests.fakes.clock import START
from tests.operations.audit.test_records import audit
from tests.operations.audit.test_rules import QUEUED, generation, holdings
from veil.adapters.aws import client as aws
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import to_item
from veil.adapters.dynamodb.table import Table

LATE = START + ENDS_WITHIN_SECONDS + 1


def untold(now: float, **changes: Any) -> list[Rule]:
    one = generation(stored(QUEUED, START), **{"announces": True, "due_at": now, **changes})
    return [each.rule for each in findings(holdings(one), now) if each.rule is Rule.UNTOLD]


@pytest.mark.parametrize(
    ("now", "changes", "found"),
    [
        (START, {}, False),  # the sweep will look
        (LATE, {}, True),  # it should have
        (START, {"due_at": None}, True),  # it never will
        (LATE, {"announced_at": START + 5}, False),
        (START, {"due_at": None, "announced_at": START + 5}, False),
        (LATE, {"announces": False, "due_at": None}, False),  # of an earlier version
        (LATE, {"deleted": True, "due_at": None}, False),
    ],
)
def test_a_generation_that_nobody_was_told_of(now: float, changes: dict[str, Any], *, found: bool) -> None:
    assert untold(now, **changes) == ([Rule.UNTOLD] if found else [])


@pytest.fixture
def event() -> Iterator[str]:
    """The id of an event that is to be told."""
    with on_moto() as backend:
        yield paid(backend, "ada").event_id


def write(event_id: str, **changes: Any) -> None:
    """Some attributes of its item, None for one that is not there."""
    pk, sk = items.event_key(event_id)
    stands = aws.client("dynamodb").get_item(TableName=TABLE, Key=to_item({"pk": pk, "sk": sk}))["Item"]
    item = stands | to_item(changes)
    kept = {name: of for name, of in item.items() if changes.get(name, of) is not None}
    aws.client("dynamodb").put_item(TableName=TABLE, Item=kept)


def rules(event_id: str, now: float) -> list[Rule]:
    read, found = audit(now)
    assert not read[f"EVENT#{event_id}"].is_a_users
    return [one.rule for one in found if one.user == f"EVENT#{event_id}"]


def test_an_event_may_wait_for_the_sweep(event: str) -> None:
    assert rules(event, START + SWEPT_WITHIN_SECONDS) == []


def test_one_that_waits_longer_is_found_though_it_is_handed_over_again_and_again(event: str) -> None:
    now = START + SWEPT_WITHIN_SECONDS + 1
    assert rules(event, now) == [Rule.UNSWEPT, Rule.UNTOLD]
    write(event, due_at=int(now) + 100)
    assert rules(event, now) == [Rule.UNTOLD]


def test_one_that_no_sweep_will_look_at(event: str) -> None:
    write(event, due_at=None, work_shard=None)
    assert rules(event, START) == [Rule.OFF_THE_LIST]


@pytest.mark.parametrize("gone", ["type", "at", "data", "owed_at"])
def test_one_that_is_none(event: str, gone: str) -> None:
    write(event, **{gone: None})
    assert rules(event, START) == [Rule.MALFORMED]


def test_one_that_was_told_meanwhile_is_no_finding(event: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its partition was seen in the scan, and is gone when it is read."""
    right = Table.at
    monkeypatch.setattr(Table, "at", lambda self, pk, sk: None if pk.startswith("EVENT#") else right(self, pk, sk))
    assert rules(event, START + 10_000) == []
