"""An order is looked up, and settled by what Toss says."""

import pytest

from operations.errors import OperationError
from operations.money import StageMoney, in_words
from operations.order import look_up
from tests.operations.shop import Shop
from veil.adapters.dynamodb.erasures import retained_item
from veil.adapters.dynamodb.items import pointer
from veil.domain.erasure import RetainedOrder
from veil.domain.orders import OrderKind, OrderStatus
from veil.domain.subscriptions import Subscription

pytestmark = pytest.mark.usefixtures("plain_environment")


def shown(shop: Shop, order_id: str, **how: bool) -> str:
    lines: list[str] = []
    with in_words():
        look_up(shop.money, order_id, lines.append, **how)
    return "\n".join(lines)


def test_all_of_it_is_shown(shop: Shop) -> None:
    order = shop.paid()
    shop.spend(4)
    seen = shown(shop, order.id)
    for line in (
        f"order {order.id}: paid, pack pack_medium, 12 credits, 9900 KRW",
        "  user ada",
        f"  payment {order.payment_key}",
        "  refundable now: 8 credits, 6600 KRW",
        ": purchase +12",
        f"at Toss: DONE, 9900 KRW, 9900 left, merchant {shop.providers.toss_mid}",
    ):
        assert line in seen
    assert "a portrait" not in seen


def test_its_refunds_and_cancels_are_shown(shop: Shop) -> None:
    order = shop.paid()
    shop.console_cancel(order, 1650)
    shown(shop, order.id, settle=True)
    shop.money.refund("ada", order.id, 4, "asked by mail")
    asked = shop.refund(order)
    shop.charge()
    done = shop.refund(order)
    seen = shown(shop, order.id)
    assert f"refund {asked.id}: done by {done.transaction_key}, 4 credits, 3300 KRW, because of: asked by mail" in seen
    assert f"cancel {done.transaction_key}: {asked.id}" in seen
    assert ": outside" in seen
    assert "back so far: 6 credits, 4950 KRW" in seen


def test_toss_is_asked_once_or_not_at_all(shop: Shop) -> None:
    order = shop.paid()
    before = shop.reads
    assert "at Toss" not in shown(shop, order.id, toss=False)
    assert shop.reads == before
    shown(shop, order.id, settle=True)
    assert shop.reads == before + 1


def test_what_toss_says_is_applied_and_only_when_that_is_wanted(shop: Shop) -> None:
    order = shop.paid()
    shop.console_cancel(order, 9900)
    shown(shop, order.id)
    assert shop.now(order).status is OrderStatus.PAID
    assert "It was paid and is refunded." in shown(shop, order.id, settle=True)
    assert (shop.now(order).status, shop.available()) == (OrderStatus.REFUNDED, (0, 0))
    assert any("taken back by another" in line for line in shop.said)
    assert "It is as Toss says." in shown(shop, order.id, settle=True)


def test_one_that_nobody_paid(shop: Shop) -> None:
    seen = shown(shop, shop.placed().id, settle=True)
    assert "There is nothing to settle it by." in seen
    assert "Toss has no payment of it" in seen
    assert "  not paid" in seen


def test_a_renewal_shows_its_subscription(shop: Shop) -> None:
    order = shop.placed(kind=OrderKind.RENEWAL)
    one = Subscription("ada", order.id, "plan_monthly", 16, 9900, order.created_at, order.customer_key)
    assert shop.money.subscriptions.save(one)
    assert f"subscription {one.id}: registering; it is the user's" in shown(shop, order.id, toss=False)


@pytest.mark.parametrize("order_id", ["01JDZ0000000000000000000AB", "no id", ""])
def test_there_is_no_such_order(shop: Shop, order_id: str) -> None:
    with pytest.raises(OperationError, match="this stage has no order"):
        shown(shop, order_id)


def test_a_toss_that_does_not_answer(shop: Shop) -> None:
    order = shop.paid()
    shop.control("", toss={"get": 503})
    assert "Toss did not tell: PaymentUnsettled: status 503" in shown(shop, order.id)
    with pytest.raises(OperationError, match="Toss did not tell"):
        shown(shop, order.id, settle=True)


def test_keys_that_toss_does_not_accept(shop: Shop) -> None:
    order = shop.paid()
    shop.control("", toss={"get": "UNAUTHORIZED_KEY"})
    with pytest.raises(OperationError, match="look at the stage's keys for Toss"):
        shown(shop, order.id, settle=True)


def test_a_payment_of_another_order(shop: Shop) -> None:
    order = shop.save(shop.claimed(), payment_key=shop.paid("bob").payment_key)
    with pytest.raises(OperationError, match="the order's payment is another order's"):
        shown(shop, order.id, settle=True)


def test_a_stage_that_is_older_than_payments(shop: Shop) -> None:
    del shop.stage.functions["charger"]
    with pytest.raises(OperationError, match="no function 'charger' yet"):
        StageMoney(shop.stage)


def test_of_who_has_left_it_tells_what_is_kept(shop: Shop) -> None:
    order = shop.paid()
    kept = RetainedOrder("r", order.id, order.kind, order.status, order.credits, order.amount, 1.0, 2.0, 4, 3300)
    pk, sk = pointer(order.id)
    shop.table.transact([shop.table.put({"pk": pk, "sk": sk, "retained": "r"}), shop.table.put(retained_item(kept))])
    with pytest.raises(OperationError, match=f"{order.id} has left; kept without them: paid, .* 3300 KRW went back"):
        shop.money.order(order.id)
