"""Money goes back as the API gives it back; the command waits for what comes of it, and says it."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from operations.errors import OperationError
from operations.progress import Progress
from operations.refund import POLL_SECONDS, Refund
from tests.operations.shop import Shop
from veil.domain.order_refunds import RefundStatus
from veil.domain.orders import OrderStatus

pytestmark = pytest.mark.usefixtures("plain_environment")


class Desk:
    """The command, with a charger that works at each of its pauses."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._shown = shop, io.StringIO()
        self.wait: Callable[[float], object] = lambda _: shop.charge()

    def refund(self, order_id: str, credits_: int | None = None, patience: float = 60) -> bool:
        progress = Progress(Console(file=self._shown, width=200))
        return Refund(self._shop.money, progress, self.wait, patience)(order_id, credits_, "why")

    @property
    def shown(self) -> str:
        return self._shown.getvalue()


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop)


def test_all_that_is_unspent(shop: Shop, desk: Desk) -> None:
    order = shop.paid()
    shop.spend(4)
    assert desk.refund(order.id)
    refund = shop.refund(order)
    assert (refund.status, refund.credits, refund.amount, refund.reason) == (RefundStatus.DONE, 8, 6600, "why")
    assert shop.available() == (0, 0)
    assert f"refund {refund.id}: 8 credits were taken for 6600 KRW" in desk.shown
    assert f"6600 KRW went back ({refund.transaction_key})" in desk.shown


def test_some_of_it_again_and_again(shop: Shop, desk: Desk) -> None:
    order = shop.paid()
    assert desk.refund(order.id, 3)
    assert desk.refund(order.id, 9)
    assert (shop.now(order).status, shop.now(order).refunded_amount) == (OrderStatus.REFUNDED, 9900)


def test_a_refund_that_toss_refuses(shop: Shop, desk: Desk) -> None:
    order = shop.paid()
    shop.control("", toss={"cancel": "REFUND_REJECTED"})
    assert not desk.refund(order.id)
    assert "the user has the 12 credits again" in desk.shown
    assert (shop.now(order).status, shop.available()) == (OrderStatus.PAID, (12, 0))


def test_nothing_is_refundable(shop: Shop, desk: Desk) -> None:
    order = shop.paid()
    shop.spend(4)
    with pytest.raises(OperationError, match=f"8 credits of order {order.id} are refundable, not 9"):
        desk.refund(order.id, 9)
    shop.spend(8)
    with pytest.raises(OperationError, match=f"the 12 credits of order {order.id} are spent or held"):
        desk.refund(order.id)
    with pytest.raises(OperationError, match="is created"):
        desk.refund(shop.placed("bob").id)
    assert shop.money.refunds(order) == []


def test_one_that_is_not_settled_in_time_goes_on_by_itself(shop: Shop, desk: Desk) -> None:
    order, waits = shop.paid(), list[float]()
    desk.wait = waits.append
    with pytest.raises(OperationError, match="is not settled yet"):
        desk.refund(order.id, patience=3 * POLL_SECONDS)
    assert waits == [POLL_SECONDS] * 3
    assert f"It goes on by itself; what came of it says: order {order.id}" in desk.shown
    assert shop.charge() == 1
    assert shop.refund(order).status is RefundStatus.DONE


def test_a_hand_on_the_keyboard_ends_the_waiting_alone(shop: Shop, desk: Desk) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    order, desk.wait = shop.paid(), stop
    with pytest.raises(KeyboardInterrupt):
        desk.refund(order.id)
    assert "It goes on by itself" in desk.shown
    assert shop.now(order).status is OrderStatus.REFUNDING
