"""Credits are granted with a reason, and what is owed is taken of them at once."""

import pytest

from local.simulated.environment import TABLE
from operations.ask import Ask
from operations.dispute import Dispute
from operations.errors import OperationError
from operations.grant import grant
from tests.operations.shop import Shop
from veil.domain.credits import Balance

pytestmark = pytest.mark.usefixtures("plain_environment")


def test_the_reason_stands_in_the_ledger(shop: Shop) -> None:
    shop.accounts.open_account("ada", 0, 1.0)
    assert grant(shop.stage, "ada", 5, "a portrait failed") == Balance(5, 0)
    (entry,) = shop.accounts.entries("ada", 9, None).items
    assert entry.amount == 5
    assert entry.reference.startswith("operations 0")
    assert entry.reference.endswith(" a portrait failed")
    assert grant(shop.stage, "ada", 5, "a portrait failed") == Balance(10, 0)


def test_without_a_reason(shop: Shop) -> None:
    grant(shop.stage, "ada", 5)
    references = [entry.reference for entry in shop.accounts.entries("ada", 9, None).items]
    assert len(next(one for one in references if one.startswith("operations ")).split()) == 2


@pytest.mark.parametrize(("granted", "left"), [(3, Balance(0, 0, 9)), (12, Balance(0, 0)), (15, Balance(3, 0))])
def test_what_is_owed_is_taken_at_once(shop: Shop, granted: int, left: Balance) -> None:
    order = shop.paid()
    shop.spend(12)
    Dispute(shop.money, Ask(yes=True), shop.said.append)(order.id, "case 17")
    assert shop.available() == (0, 12)
    assert grant(shop.stage, "ada", granted) == left


@pytest.mark.parametrize("amount", [0, -4])
def test_nothing_is_no_grant(shop: Shop, amount: int) -> None:
    with pytest.raises(OperationError, match="1 credit at the least"):
        grant(shop.stage, "ada", amount)


def test_who_has_left_is_granted_nothing(shop: Shop) -> None:
    shop.stage.client("dynamodb").put_item(
        TableName=TABLE, Item={"pk": {"S": "USER#ada"}, "sk": {"S": "CREDITS"}, "erased_at": {"N": "1"}}
    )
    with pytest.raises(OperationError, match="ada has left"):
        grant(shop.stage, "ada", 5)
