"""A user is erased from the terminal; and a table that was restored is brought to where it was."""

from time import time

import pytest

from local.simulated.environment import ERASER_QUEUE_URL, TABLE
from operations.erase import ERASED, Erase, erase
from operations.errors import OperationError
from tests.operations.shop import Shop

pytestmark = pytest.mark.usefixtures("plain_environment")


@pytest.fixture
def said(shop: Shop) -> list[str]:
    shop.stage.client("sqs").create_queue(QueueName=ERASER_QUEUE_URL.rpartition("/")[2])
    return []


def run(shop: Shop, said: list[str], user: str | None = None, *, again: bool = False) -> bool:
    return erase(shop.stage, user, again=again, tombstones=None, patience=4, say=said.append, wait=lambda _: None)


def stone(shop: Shop, user: str, left_at: float) -> None:
    hashed = Erase(shop.stage, print, lambda _: None)._hashed(user)
    item = {"pk": {"S": f"{ERASED}{hashed}"}, "sk": {"S": "TOMBSTONE"}, "erased_at": {"N": f"{left_at}"}}
    shop.stage.client("dynamodb").put_item(TableName=TABLE, Item=item)


def test_it_is_handed_to_the_eraser(shop: Shop, said: list[str]) -> None:
    shop.accounts.open_account("ada", 8, time())
    assert not run(shop, said, "ada")
    assert shop.accounts.erased("ada", time())
    assert said[-1] == "it goes on by itself"
    sent = shop.stage.client("sqs").receive_message(QueueUrl=ERASER_QUEUE_URL)["Messages"]
    assert '"user": "ada"' in sent[0]["Body"]


def test_who_had_left_is_erased_again_and_nobody_else(shop: Shop, said: list[str]) -> None:
    """Who came back since has something that is younger."""
    left_at = time() - 1000
    for user, opened_at in (("ada", left_at - 5), ("bob", left_at - 5), ("eve", left_at + 5)):
        shop.accounts.open_account(user, 8, opened_at)
    for user in ("ada", "eve", "nobody"):
        stone(shop, user, left_at)
    assert run(shop, said, again=True)
    assert said[-1] == "1 are erased again"
    assert [shop.accounts.erased(user, time()) for user in ("ada", "bob", "eve")] == [True, False, False]
    run(shop, said, again=True)
    assert said[-1] == "0 are erased again"


@pytest.mark.parametrize(("user", "again"), [(None, False), ("ada", True)])
def test_one_of_both_is_asked_for(shop: Shop, said: list[str], user: str | None, again: bool) -> None:
    with pytest.raises(OperationError, match="--again"):
        run(shop, said, user, again=again)
