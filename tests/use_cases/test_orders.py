"""Placing and reading orders: our price, one order a key, nothing for who owes."""

import pytest

from tests.fakes.payments import Lost
from tests.fakes.shop import WELCOME, Shop
from veil.domain.errors import (
    CreditsOwed,
    IdempotencyKeyReused,
    InvalidRequest,
    OrderNotFound,
    PaymentsUnavailable,
    RateLimited,
)
from veil.domain.orders import PAYABLE_SECONDS, Order, OrderStatus
from veil.domain.ports import WorkItem, WorkKind
from veil.domain.products import Catalogue


def test_an_order_copies_what_it_is_of(shop: Shop) -> None:
    order = shop.ordered("pack_large")
    assert (order.product, order.credits, order.amount, order.status) == ("pack_large", 40, 29_000, "created")
    shop.catalogue = Catalogue.priced("pack_large=1:100000")
    shop._wire()
    assert shop.pay(order).credits == 40
    assert shop.available == WELCOME + 40


@pytest.mark.parametrize("product", ["", "plan_monthly", "pack_huge", "PACK_SMALL"])
def test_only_a_pack_can_be_ordered(shop: Shop, product: str) -> None:
    with pytest.raises(InvalidRequest):
        shop.place(shop.user, product, None)
    assert shop.store.records == {}


def test_a_stage_that_sells_nothing(shop: Shop) -> None:
    object.__setattr__(shop.place, "sells", False)
    with pytest.raises(PaymentsUnavailable):
        shop.ordered()


def test_orders_are_limited(shop: Shop) -> None:
    shop.limiter.limit = 2
    for _ in range(2):
        shop.ordered()
    with pytest.raises(RateLimited):
        shop.ordered()


def test_the_same_request_has_the_same_order(shop: Shop) -> None:
    first, replayed = shop.place(shop.user, "pack_small", "key")
    assert not replayed
    shop.pay(first.order)
    second, replayed = shop.place(shop.user, "pack_small", "key")
    assert (second.order.id, second.order.status, replayed) == (first.order.id, OrderStatus.PAID, True)
    with pytest.raises(IdempotencyKeyReused):
        shop.place(shop.user, "pack_large", "key")
    assert len(list(shop.orders.all(shop.user))) == 1


def test_a_user_is_one_customer_of_toss_whatever_they_buy(shop: Shop) -> None:
    keys = {shop.ordered().customer_key, shop.ordered().customer_key, shop.subscribe.customer_key(shop.user)}
    assert len(keys) == 1
    assert shop.user not in keys.pop()
    assert shop.subscribe.customer_key("bob") not in keys


def test_who_owes_buys_nothing(shop: Shop) -> None:
    order = shop.paid()
    shop.spend(shop.available)
    shop.toss.give_back(order.payment_key or "", 9_900)
    shop.later(24 * 3600)
    assert shop.owed == 12
    with pytest.raises(CreditsOwed):
        shop.ordered()
    with pytest.raises(CreditsOwed):
        shop.subscribe.customer_key(shop.user)


def test_anothers_order_is_not_found(shop: Shop) -> None:
    order = shop.ordered()
    for user, order_id in (("bob", order.id), (shop.user, "nothing"), (shop.user, shop.ids(shop.clock()))):
        with pytest.raises(OrderNotFound):
            shop.read.get(user, order_id)


def test_each_order_tells_what_of_it_is_refundable(shop: Shop) -> None:
    orders = [shop.paid("pack_small"), shop.paid("pack_medium"), shop.ordered()]
    shop.spend(WELCOME + 3)
    shown = {
        one.order.id: (one.refundable_credits, one.refundable_amount) for one in shop.read.page("ada", 9, None).items
    }
    assert [shown[one.id] for one in orders] == [(1, 975), (12, 9_900), (0, 0)]
    assert shop.read.get("ada", orders[0].id).refundable_credits == 1


@pytest.mark.parametrize("status", [None, "IN_PROGRESS"])
def test_an_order_that_nobody_paid_expires(shop: Shop, status: str | None) -> None:
    """The browser is gone: after 45 minutes nothing of it can be confirmed any more."""
    order = shop.ordered()
    shop.toss.reads_unapproved = True
    if status:
        shop.toss.authenticate(order.id, order.amount)
    shop.later(PAYABLE_SECONDS - 1)
    assert shop.now(order).status is OrderStatus.CREATED
    shop.later(1)
    after = shop.now(order)
    assert (after.status, after.due_at) == (OrderStatus.EXPIRED, None)
    assert shop.toss.asked == []


def test_a_message_that_comes_early_lets_no_order_expire(shop: Shop) -> None:
    order = shop.ordered()
    shop.clock.advance(60)
    assert shop.continues[WorkKind.ORDER](WorkItem(WorkKind.ORDER, order.user, order.id, order.due_at or 0))
    assert shop.now(order).status is OrderStatus.CREATED
    assert shop.pay(shop.now(order)).status is OrderStatus.PAID


def test_an_order_does_not_expire_while_toss_is_silent(shop: Shop) -> None:
    order = shop.ordered()
    shop.toss.faults["read"].append(Lost.BEFORE)
    shop.later(PAYABLE_SECONDS)
    assert shop.now(order).status is OrderStatus.CREATED
    shop.later(300)
    assert shop.now(order).status is OrderStatus.EXPIRED


def test_money_that_was_taken_for_an_order_that_nobody_confirmed_is_found(shop: Shop) -> None:
    order = shop.ordered()
    shop.toss.done(order.id, order.amount)
    shop.later(PAYABLE_SECONDS)
    assert shop.now(order).status is OrderStatus.PAID
    assert shop.available == WELCOME + 12


def claimed(shop: Shop, *, exists: bool = True) -> Order:
    """One whose function died between the claim and the call."""
    order = shop.ordered()
    key = shop.toss.authenticate(order.id, order.amount) if exists else "tgen_nothing"
    assert shop.orders.save(order.claimed(key, shop.clock()))
    return shop.now(order)


@pytest.mark.parametrize("readable", [True, False])
def test_a_claim_whose_call_never_came_is_confirmed_a_minute_later(shop: Shop, readable: bool) -> None:
    shop.toss.reads_unapproved = readable
    order = claimed(shop)
    shop.later(59)
    assert shop.now(order).status is OrderStatus.CONFIRMING
    shop.later(1)
    assert shop.now(order).status is OrderStatus.PAID
    assert shop.telemetry.values("UnsettledOrderSeconds") == [60]


def test_a_claim_that_is_found_too_late_expires_and_is_looked_at_once_more(shop: Shop) -> None:
    order = claimed(shop)
    shop.later(9 * 60)
    assert (shop.now(order).status, shop.toss.asked) == (OrderStatus.CONFIRMING, [])
    shop.later(6 * 60)
    assert shop.now(order).status is OrderStatus.EXPIRED
    shop.later(24 * 3600)
    after = shop.now(order)
    assert (after.status, after.due_at, shop.available) == (OrderStatus.EXPIRED, None, WELCOME)


def test_money_that_was_taken_late_wins_over_the_end(shop: Shop) -> None:
    order = claimed(shop)
    for seconds in (10 * 60, 6 * 60):
        shop.later(seconds)
    assert shop.now(order).status is OrderStatus.EXPIRED
    shop.toss._approve(order.payment_key or "")
    shop.later(24 * 3600)
    assert shop.now(order).status is OrderStatus.PAID
    shop.audit_with_toss()


def test_an_outcome_is_never_guessed_while_toss_is_silent(shop: Shop) -> None:
    order = claimed(shop)
    shop.toss.faults["read"].extend([Lost.BEFORE] * 200)
    for _ in range(100):
        shop.later(300)
    assert shop.now(order).status is OrderStatus.CONFIRMING
    shop.toss.faults["read"].clear()
    shop.later(300)
    assert shop.now(order).status is OrderStatus.EXPIRED


def test_a_window_whose_key_never_was_ends_when_toss_says_so(shop: Shop) -> None:
    order = claimed(shop, exists=False)
    shop.later(60)
    assert shop.now(order).status is OrderStatus.EXPIRED


def test_two_chargers_that_have_one_order_confirm_it_once(shop: Shop) -> None:
    order = claimed(shop)
    shop.clock.advance(60)
    (item,) = [one for one in shop.work.due(shop.clock()) if one.id == order.id]
    results: list[bool] = []
    shop.toss.meanwhile["confirm"] = lambda: results.append(shop.continues[item.kind](item))
    assert shop.continues[item.kind](item)
    assert results == [False]
    assert shop.toss.count("confirm") == 1
