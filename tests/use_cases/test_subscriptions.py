"""The plan as its user deals with it: a card, an end, a price; the charger does the rest."""

from dataclasses import replace

import pytest

from tests.fakes.shop import WELCOME, Shop
from veil.domain.declines import Decline
from veil.domain.errors import PaymentsUnavailable, SubscriptionConflict, SubscriptionNotFound
from veil.domain.payments import PaymentUnsettled
from veil.domain.subscriptions import DAY, SubscriptionStatus, months_after

REGISTERING, ACTIVE, PAST_DUE, ENDING, ENDED = SubscriptionStatus


def test_a_card_begins_the_plan_and_is_charged_at_once(shop: Shop) -> None:
    shop.card_given()
    assert (shop.plan.status, shop.plan.billing_key, shop.available) == (REGISTERING, None, WELCOME)
    shop.deliver()
    shop.deliver()
    one = shop.plan
    assert (one.status, one.periods, one.card, shop.available) == (ACTIVE, 1, "5365****", WELCOME + 16)
    assert one.paid_until == one.due_at == months_after(shop.clock(), 1)
    assert (shop.billing.count("issue"), shop.billing.count("charge")) == (1, 1)
    shop.audit_with_toss()


def test_no_key_stands_in_the_clear(shop: Shop) -> None:
    auth_key = shop.card_given()
    assert shop.plan.auth_key == f"sealed for ada: {auth_key}"
    shop.deliver()
    assert (shop.plan.billing_key or "").startswith("sealed for ada: bk_")
    assert shop.plan.auth_key is None


def test_the_plan_is_bought_once_though_the_page_is_reloaded(shop: Shop) -> None:
    auth_key = shop.card_given()
    customer_key = shop.subscribe.customer_key(shop.user)
    first = shop.plan
    assert shop.subscribe.register(shop.user, auth_key, customer_key) == first
    shop.deliver()
    assert shop.subscribe.register(shop.user, auth_key, customer_key) == shop.plan
    shop.deliver()
    assert (shop.billing.count("charge"), shop.available) == (1, WELCOME + 16)


def test_a_second_card_waits_until_the_first_is_registered(shop: Shop) -> None:
    shop.card_given()
    with pytest.raises(SubscriptionConflict):
        shop.card_given()
    shop.deliver()
    shop.card_given()


def test_a_new_plan_waits_until_the_old_ones_keys_are_deleted(shop: Shop) -> None:
    """An ended one can have two: its card's, and that of the card before. There is place to remember one."""
    ended = replace(shop.subscribed(), status=ENDED, old_key="sealed for ada: bk_before", version=3)
    stands = shop.subscriptions.get(shop.user)
    assert stands is not None
    assert shop.subscriptions.save(replace(ended, version=stands.version + 1))
    with pytest.raises(SubscriptionConflict):
        shop.card_given()


def test_anothers_card_is_not_taken(shop: Shop) -> None:
    bobs = shop.subscribe.customer_key("bob")
    auth_key = shop.billing.register_card(bobs)
    with pytest.raises(SubscriptionConflict):
        shop.subscribe.register(shop.user, auth_key, bobs)
    assert shop.subscriptions.get(shop.user) is None
    shop.subscribe.register(shop.user, auth_key, shop.subscribe.customer_key(shop.user))
    shop.deliver()
    assert (shop.plan.status, shop.plan.decline) == (ENDED, Decline.CARD_UNUSABLE)


def test_a_stage_that_sells_no_plan(shop: Shop) -> None:
    object.__setattr__(shop.subscribe, "sells", False)
    with pytest.raises(PaymentsUnavailable):
        shop.subscribe.customer_key(shop.user)
    with pytest.raises(PaymentsUnavailable):
        shop.subscribe.register(shop.user, "auth", "customer")


def test_who_has_no_plan(shop: Shop) -> None:
    for call in (shop.subscribe.current, shop.subscribe.stop, lambda user: shop.subscribe.agree(user, 9_900)):
        with pytest.raises(SubscriptionNotFound):
            call(shop.user)


def test_a_plan_that_is_stopped_ends_when_its_month_does(shop: Shop) -> None:
    paid_until = shop.subscribed().paid_until
    shop.clock.advance(DAY)
    stopped = shop.subscribe.stop(shop.user)
    assert (stopped.status, stopped.paid_until, stopped.due_at) == (ENDING, paid_until, paid_until)
    assert shop.subscribe.stop(shop.user) == stopped
    shop.later(20 * DAY)
    assert shop.plan.status is ENDING
    shop.later(11 * DAY)
    shop.sweep()
    assert (shop.plan.status, shop.plan.billing_key, shop.plan.due_at) == (ENDED, None, None)
    assert len(shop.billing.deleted) == 1
    assert (shop.billing.count("charge"), shop.available) == (1, WELCOME + 16)  # what was granted stays


def test_a_plan_that_is_stopped_before_its_card_is_registered_charges_nothing(shop: Shop) -> None:
    shop.card_given()
    assert shop.subscribe.stop(shop.user).status is ENDED
    shop.deliver()
    shop.later(DAY)
    assert (shop.billing.count("charge"), shop.available, shop.plan.due_at) == (0, WELCOME, None)
    assert (shop.billing.billing_keys, len(shop.billing.deleted)) == ({}, 1)  # it is asked for, and deleted


def test_a_plan_that_is_stopped_while_its_card_is_registered_forgets_the_key(shop: Shop) -> None:
    shop.card_given()
    shop.billing.meanwhile["issue"] = lambda: shop.subscribe.stop(shop.user)
    shop.deliver()
    shop.later(DAY)
    assert (shop.plan.status, shop.plan.billing_key, shop.plan.due_at) == (ENDED, None, None)
    assert (len(shop.billing.deleted), shop.billing.billing_keys) == (1, {})
    assert shop.billing.count("charge") == 0


def test_a_plan_that_is_stopped_while_its_first_month_is_charged_ends_after_that_month(shop: Shop) -> None:
    shop.card_given()
    shop.billing.meanwhile["charge"] = lambda: shop.subscribe.stop(shop.user)
    shop.deliver()
    assert (shop.plan.status, shop.plan.periods, shop.available) == (ENDING, 1, WELCOME + 16)
    shop.later(31 * DAY)
    assert (shop.plan.status, shop.billing.count("charge")) == (ENDED, 1)


def test_a_new_card_lets_a_plan_that_was_ending_go_on(shop: Shop) -> None:
    shop.subscribed()
    shop.subscribe.stop(shop.user)
    shop.card_given()
    shop.deliver()
    assert shop.plan.status is ACTIVE
    shop.later(31 * DAY)
    assert (shop.plan.periods, shop.available) == (2, WELCOME + 32)


def test_a_card_is_changed_and_the_old_key_is_deleted(shop: Shop) -> None:
    old = shop.subscribed().billing_key
    shop.card_given()
    shop.deliver()
    one = shop.plan
    assert (one.status, one.old_key, one.periods) == (ACTIVE, None, 1)
    assert one.billing_key != old
    assert shop.billing.deleted == [(old or "").removeprefix("sealed for ada: ")]
    assert shop.billing.count("charge") == 1
    shop.later(31 * DAY)
    assert (shop.plan.periods, shop.available) == (2, WELCOME + 32)


def test_two_cards_one_after_the_other_leave_one_key(shop: Shop) -> None:
    """Toss does not answer when the first key is to be deleted, and the next card is there before it does."""
    shop.subscribed()
    shop.billing.faults["delete"].append(PaymentUnsettled("silence"))
    shop.card_given()
    shop.deliver()
    assert shop.plan.old_key is not None
    shop.card_given()
    for _ in range(4):
        shop.later(120)
    assert shop.plan.old_key is None
    assert shop.billing.billing_keys.keys() == {(shop.plan.billing_key or "").removeprefix("sealed for ada: ")}


def test_a_card_that_can_not_be_changed_leaves_the_old_one(shop: Shop) -> None:
    one = shop.subscribed()
    auth_key = shop.card_given()
    shop.billing.auth_keys.pop(auth_key)
    shop.deliver()
    assert (shop.plan.status, shop.plan.billing_key) == (ACTIVE, one.billing_key)
    assert shop.plan.decline is Decline.CARD_UNUSABLE
    shop.later(31 * DAY)
    assert shop.plan.periods == 2


def test_a_plan_that_has_ended_begins_anew(shop: Shop) -> None:
    first = shop.subscribed()
    shop.subscribe.stop(shop.user)
    shop.later(31 * DAY)
    shop.card_given()
    shop.deliver()
    shop.sweep()
    one = shop.plan
    assert (one.status, one.periods) == (ACTIVE, 1)
    assert one.id != first.id
    assert (shop.billing.count("charge"), shop.available) == (2, WELCOME + 32)
    assert len(shop.billing.billing_keys) == 1


def test_a_message_that_is_lost_comes_by_the_sweep(shop: Shop) -> None:
    shop.queue.down = True
    shop.card_given()
    shop.queue.down = False
    shop.sweep()
    assert (shop.plan.status, shop.available) == (ACTIVE, WELCOME + 16)


def test_a_dearer_plan_is_not_charged_without_consent(shop: Shop) -> None:
    shop.subscribed()
    shop.reprice("16:12000")
    shop.later(31 * DAY)
    shop.sweep()
    assert (shop.plan.status, shop.billing.count("charge"), shop.available) == (ENDED, 1, WELCOME + 16)


def test_a_dearer_plan_is_charged_once_its_user_agrees(shop: Shop) -> None:
    shop.subscribed()
    shop.reprice("16:12000")
    with pytest.raises(SubscriptionConflict):
        shop.subscribe.agree(shop.user, 12_000)  # 31 days before
    shop.clock.advance(2 * DAY)
    for amount in (9_900, 11_999, 12_001):
        with pytest.raises(SubscriptionConflict):
            shop.subscribe.agree(shop.user, amount)
    agreed = shop.subscribe.agree(shop.user, 12_000)
    assert (agreed.next_amount, agreed.agreed_at) == (12_000, shop.clock())
    assert shop.subscribe.agree(shop.user, 12_000) == agreed
    shop.later(29 * DAY)
    assert [one.amount for one in shop.renewals()] == [9_900, 12_000]
    assert (shop.plan.status, shop.plan.amount) == (ACTIVE, 12_000)


@pytest.mark.parametrize("price", ["16:9000", "20:9900", "17:9800"])
def test_a_better_plan_needs_no_consent(shop: Shop, price: str) -> None:
    shop.subscribed()
    shop.reprice(price)
    shop.later(31 * DAY)
    credits_, amount = map(int, price.split(":"))
    assert (shop.plan.status, shop.plan.credits, shop.plan.amount) == (ACTIVE, credits_, amount)
