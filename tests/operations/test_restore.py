"""What a table has lost comes back from a restored one; what is there or was deleted on purpose does not."""

from time import time
from typing import Any

import pytest

from infra.table_shape import KEYS
from local.simulated.environment import TABLE
from operations.errors import OperationError
from operations.restore import restore
from operations.user_hash import user_hash
from tests.operations.shop import Shop
from veil.adapters.dynamodb.encoding import to_item
from veil.adapters.dynamodb.items import tombstone_key
from veil.adapters.dynamodb.table import Table

pytestmark = pytest.mark.usefixtures("plain_environment")
BEFORE = "veil-dev-before"


@pytest.fixture
def before(shop: Shop) -> Table:
    """What AWS restores: another table of the same shape."""
    dynamodb = shop.stage.client("dynamodb")
    dynamodb.create_table(
        TableName=BEFORE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in KEYS],
        KeySchema=[
            {"AttributeName": name, "KeyType": kind} for name, kind in zip(KEYS, ("HASH", "RANGE"), strict=True)
        ],
    )
    return Table(dynamodb, BEFORE)


def put(shop: Shop, table: str, pk: str, sk: str, **more: Any) -> None:
    shop.stage.client("dynamodb").put_item(TableName=table, Item=to_item({"pk": pk, "sk": sk, **more}))


def run(shop: Shop) -> list[str]:
    said: list[str] = []
    restore(shop.stage, BEFORE, said.append)
    return said


@pytest.mark.usefixtures("before")
def test_what_is_missing_comes_back_and_what_is_there_stays(shop: Shop) -> None:
    put(shop, BEFORE, "USER#ada", "ENTRY#1", credits=8)
    put(shop, BEFORE, "USER#ada", "ENTRY#2", credits=4)
    put(shop, TABLE, "USER#ada", "ENTRY#2", credits=5)
    assert run(shop) == ["1 items are back", "1 were there", "0 were left out"]
    assert [shop.table.at("USER#ada", f"ENTRY#{n}")["credits"] for n in (1, 2)] == [8, 5]  # type: ignore[index]
    assert run(shop)[0] == "0 items are back"


@pytest.mark.usefixtures("before")
def test_what_was_deleted_on_purpose_stays_away(shop: Shop) -> None:
    """A generation that its user has deleted, what is past its date, and all of who has left since, or had left."""
    put(shop, BEFORE, "USER#ada", "GENERATION#1")
    put(shop, TABLE, "USER#ada", "DELETED#1")
    put(shop, BEFORE, "USER#ada", "KEY#1", expires_at=int(time()) - 1)
    for user, table in (("bob", TABLE), ("eve", BEFORE)):
        put(shop, BEFORE, f"USER#{user}", "ENTRY#1")
        put(shop, table, *tombstone_key(user_hash(shop.stage)(user)), erased_at=1)
    assert run(shop) == ["1 items are back", "0 were there", "4 were left out"]  # a tombstone
    assert not [sk for user in ("ada", "bob", "eve") for sk in ("GENERATION#1", "KEY#1", "ENTRY#1")
                if shop.table.at(f"USER#{user}", sk)]  # fmt: skip


@pytest.mark.usefixtures("before")
def test_it_says_how_far_it_is(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("operations.restore.EVERY", 2)
    for number in range(5):
        put(shop, BEFORE, "USER#ada", f"ENTRY#{number}")
    said = ["  2 items looked at, 2 of them are back", "  4 items looked at, 4 of them are back"]
    assert run(shop) == [*said, "5 items are back", "0 were there", "0 were left out"]


@pytest.mark.usefixtures("before")
def test_who_is_leaving_right_now_gets_nothing_back(shop: Shop) -> None:
    put(shop, BEFORE, "USER#ada", "ENTRY#1")
    put(shop, TABLE, "USER#ada", "CREDITS", erased_at=1)
    assert run(shop)[0] == "0 items are back"


def test_the_stages_own_table_is_no_source(shop: Shop) -> None:
    with pytest.raises(OperationError, match="the stage's own"):
        restore(shop.stage, TABLE, print)
