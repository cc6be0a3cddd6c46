"""Who has left, one thing wrong at a time."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest

from local.simulated.environment import TABLE
from operations.audit.finding import Rule
from operations.audit.leaving_rules import TTL_SECONDS
from tests.contract.backends import Backend, on_moto
from tests.contract.money import paid
from tests.fakes.clock import START
from tests.fakes.replicate import describe
from tests.operations.audit.test_bought_records import put
from tests.operations.audit.test_likeness_rules import settle as consented
from tests.operations.audit.test_records import audit, settle
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.erasures import DynamoErasures, new_retained_id
from veil.adapters.dynamodb.outbox import DynamoOutbox
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.domain.erasure import DAY, TOMBSTONE_SECONDS, Erasure, Kept, RetainedOrder
from veil.domain.events import account_erased_id
from veil.domain.uploads import user_folder

HASHED = sha256(b"ada").hexdigest()


@pytest.fixture
def aws_() -> Iterator[Backend]:
    with on_moto() as backend:
        yield backend


@pytest.fixture
def left(aws_: Backend) -> tuple[DynamoErasures, Erasure]:
    """Ada bought something, and left; her erasure is done, and was looked at once more. Both were told."""
    order = paid(aws_, "ada")
    erasures = DynamoErasures(Table(dynamodb(), TABLE), lambda user: sha256(user.encode()).hexdigest())
    erasure = Erasure("ada", "0" * 32, START, due_at=START)
    erasures.begin(erasure)
    kept = RetainedOrder(
        new_retained_id(), order.id, order.kind, order.status, 12, 9_900, order.created_at, order.paid_at, 0, 0
    )
    assert erasures.retain(order, kept)
    erasures.delete("ada", list(erasures.sorts("ada", ("CREDITS", "ERASURE"))))
    assert erasures.finish(erasure, {Kept.FORMER: START + 365 * DAY}, START, START + 360)
    outbox = DynamoOutbox(Table(dynamodb(), TABLE))
    outbox.told(order.event_id)
    outbox.told(account_erased_id(erasure))
    return erasures, erasure


def rules(now: float = START) -> list[Rule]:
    return [finding.rule for finding in audit(now)[1]]


def test_all_is_in_order(left: tuple[DynamoErasures, Erasure]) -> None:
    erasures, erasure = left
    assert rules() == []
    erasures.close(erasure)
    holdings, found = audit()
    assert found == []
    assert holdings["ada"].tombstone is not None


def test_those_who_stay_are_in_order_too(left: tuple[DynamoErasures, Erasure], aws_: Backend) -> None:
    erasures, erasure = left
    settle(aws_, "bob")
    consented(aws_, granted=True, user="eve")
    erasures.close(erasure)
    holdings, found = audit()
    assert found == []
    assert {"ada", "bob", "eve"} <= holdings.keys()


def test_an_erasure_that_does_not_go_on(left: tuple[DynamoErasures, Erasure]) -> None:
    assert rules(START + 360 + 901) == [Rule.UNSWEPT]


@pytest.mark.usefixtures("aws_")
@pytest.mark.parametrize(
    ("work", "now", "expected"),
    [
        ({"work_shard": "0", "due_at": number(START)}, START, []),
        ({}, START, [Rule.OFF_THE_LIST]),
        ({"work_shard": "0", "due_at": number(START + DAY)}, START + DAY + 1, [Rule.OVERDUE]),
    ],
)
def test_an_erasure_that_does_not_end(work: dict[str, Any], now: float, expected: list[Rule]) -> None:
    put("USER#ada", items.CREDITS, erased_at=number(START), receipt="0" * 32, available=3)
    put("USER#ada", items.ERASURE, erased_at=number(START), receipt="0" * 32, **work)
    put("USER#ada", "ENTRY#1", amount=1)  # is still to go
    assert rules(now) == expected


def test_a_tombstone_with_items(left: tuple[DynamoErasures, Erasure], aws_: Backend) -> None:
    erasures, erasure = left
    erasures.close(erasure)
    put("USER#ada", "UPLOAD#1", status="pending")
    key = f"inputs/{user_folder('ada')}/1.jpg"
    aws_.photos.write_once(key, b"a face", describe(b"a face"))
    assert sorted(rules()) == [Rule.ERASED_WITH_ITEMS, Rule.OBJECT_STRAY]


def test_what_is_kept_too_long(left: tuple[DynamoErasures, Erasure]) -> None:
    erasures, erasure = left
    erasures.close(erasure)
    assert rules(START + TOMBSTONE_SECONDS + TTL_SECONDS + 1) == [Rule.KEPT_TOO_LONG]
    assert rules(START + 2000 * DAY).count(Rule.KEPT_TOO_LONG) == 4  # and the two hashes, and the order


@pytest.mark.usefixtures("aws_")
def test_a_retained_record_with_a_name() -> None:
    put("RETAINED#1", "RETAINED", order_id="x", customer_key="who", expires_at=int(START + DAY))
    put(f"ERASED#{HASHED}", "TOMBSTONE")
    assert sorted(rules()) == [Rule.KEPT_TOO_LONG, Rule.RETAINED_NAMED]
