"""What a card company took back is booked once, and takes credits as far as there are any."""

import pytest

from operations.ask import Ask
from operations.dispute import Dispute
from operations.errors import OperationError
from tests.operations.shop import Shop
from veil.domain.orders import OUTSIDE, OrderStatus
from veil.domain.payments import PaymentUnsettled

pytestmark = pytest.mark.usefixtures("plain_environment")


def dispute(shop: Shop, order_id: str, key: str = "case 17", amount: int | None = None, ask: Ask | None = None) -> None:
    shop.said.clear()
    Dispute(shop.money, ask or Ask(yes=True), shop.said.append)(order_id, key, amount)


def test_all_of_it_and_what_was_spent_is_owed(shop: Shop) -> None:
    order = shop.paid()
    shop.spend(4)
    dispute(shop, order.id)
    after = shop.now(order)
    assert (after.status, after.cancels, after.balance) == (OrderStatus.REFUNDED, {"dispute case 17": OUTSIDE}, 0)
    assert shop.available() == (0, 4)
    assert shop.said == [
        f"Booked 9900 KRW of order {order.id} as 'dispute case 17'; it is refunded.",
        "8 credits were taken; 4 were spent, and are owed by the user.",
    ]


def test_some_of_it(shop: Shop) -> None:
    order = shop.paid()
    dispute(shop, order.id, amount=1650)
    assert (shop.now(order).refunded_credits, shop.now(order).balance, shop.available()) == (2, 8250, (10, 0))


def test_the_same_key_does_nothing_and_another_does(shop: Shop) -> None:
    order = shop.paid()
    dispute(shop, order.id, amount=1650)
    dispute(shop, order.id, amount=1650)
    assert shop.said == [f"Dispute case 17 of order {order.id} has been booked before; nothing is done."]
    assert shop.now(order).refunded_amount == 1650
    dispute(shop, order.id, "case 18", 1650)
    assert shop.now(order).refunded_amount == 3300


def test_what_toss_tells_is_booked_first(shop: Shop) -> None:
    order = shop.paid()
    shop.console_cancel(order, 9900)
    with pytest.raises(OperationError, match="0 KRW of order"):
        dispute(shop, order.id)
    assert (len(shop.now(order).cancels), shop.available()) == (1, (0, 0))


def test_while_some_is_being_refunded(shop: Shop) -> None:
    order = shop.paid()
    shop.money.refund("ada", order.id, 4)
    dispute(shop, order.id)
    assert shop.now(order).status is OrderStatus.REFUNDING
    assert shop.available() == (0, 4)  # the 4 of the refund come back: less is left than was to go back
    shop.control("", toss={"cancel": "REFUND_REJECTED"})
    shop.charge()
    assert (shop.now(order).status, shop.available()) == (OrderStatus.REFUNDED, (4, 4))


def test_it_is_asked_about(shop: Shop) -> None:
    order = shop.paid()
    asked: list[str] = []

    def no(question: str) -> str:
        asked.append(question)
        return "n"

    with pytest.raises(OperationError, match="nothing was changed"):
        dispute(shop, order.id, amount=1650, ask=Ask(terminal=lambda: True, answer=no))
    assert "took 1650 of the 9900 KRW left" in asked[0]
    assert "2 credits of user ada" in asked[0]
    assert shop.now(order) == order


@pytest.mark.parametrize("amount", [9901, 0, -1])
def test_no_more_than_there_is(shop: Shop, amount: int) -> None:
    order = shop.paid()
    with pytest.raises(OperationError, match=f"9900 KRW of order {order.id} have not gone back yet, not {amount}"):
        dispute(shop, order.id, amount=amount)


def test_what_was_never_paid(shop: Shop) -> None:
    with pytest.raises(OperationError, match="is created: no credits were given"):
        dispute(shop, shop.placed().id)


def test_without_toss_nothing_is_booked(shop: Shop) -> None:
    order = shop.paid()
    shop.control("", toss={"get": 503})
    with pytest.raises(PaymentUnsettled):
        dispute(shop, order.id)
    assert shop.now(order) == order
