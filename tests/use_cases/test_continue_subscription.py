"""The charger and the plan: one charge a month, whatever is lost, declined, or done twice."""

import pytest

from tests.fakes.payments import Lost, answered, still_running
from tests.fakes.shop import WELCOME, Shop
from veil.domain.declines import Decline
from veil.domain.errors import SubscriptionConflict
from veil.domain.orders import OrderStatus
from veil.domain.payments import Payment, PaymentStatus
from veil.domain.ports import StorageUnavailable
from veil.domain.subscriptions import DAY, REGISTER_SECONDS, SubscriptionStatus, months_after

REGISTERING, ACTIVE, PAST_DUE, ENDING, ENDED = SubscriptionStatus
PAID, FAILED = OrderStatus.PAID, OrderStatus.FAILED
LIMIT, UNUSABLE = Decline.LIMIT_EXCEEDED, Decline.CARD_UNUSABLE
MONTH = 31 * DAY  # the first of every subscription here

UNKNOWN = pytest.mark.parametrize(
    "fault", [Lost.BEFORE, Lost.AFTER, still_running(), answered(), answered("DUPLICATED_ORDER_ID")], ids=str
)


def test_a_year_of_months(shop: Shop) -> None:
    began = shop.subscribed().started_at or 0
    for month in range(1, 13):
        assert shop.plan.paid_until == months_after(began, month)
        shop.later(months_after(began, month) - shop.clock())
    assert (shop.plan.periods, shop.billing.count("charge"), shop.available) == (13, 13, WELCOME + 13 * 16)
    assert len({one.id for one in shop.renewals()}) == 13
    shop.audit_with_toss()


def test_nothing_is_charged_before_its_time(shop: Shop) -> None:
    shop.subscribed()
    shop.later(MONTH - 1)
    assert shop.billing.count("charge") == 1
    shop.later(1)
    assert shop.billing.count("charge") == 2


@UNKNOWN
@pytest.mark.parametrize("first", [True, False])
def test_a_charge_whose_outcome_is_not_known_is_made_once(shop: Shop, fault: Lost | Exception, first: bool) -> None:
    if not first:
        shop.subscribed()
        shop.clock.advance(MONTH)
    else:
        shop.card_given()
        shop.continues["subscription"](shop.queue.items.pop(0))  # type: ignore[index]
    shop.billing.faults["charge"].append(fault)
    before = len(shop.renewals())
    shop.deliver() if first else shop.sweep()
    assert (shop.plan.order_id, shop.renewals()[-1].status) == (shop.renewals()[-1].id, OrderStatus.CONFIRMING)
    for _ in range(3):
        shop.later(120)
    assert (shop.plan.status, shop.plan.order_id, shop.plan.periods) == (ACTIVE, None, before + 1)
    assert len(shop.renewals()) == before + 1  # under the same order, whatever happened
    assert shop.available == WELCOME + 16 * (before + 1)
    shop.audit_with_toss()


@pytest.mark.parametrize(
    ("fault", "same"), [(Lost.BEFORE, True), (still_running(), True), (answered(), False)], ids=str
)
def test_a_new_key_is_used_only_after_an_error(shop: Shop, fault: Lost | Exception, same: bool) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(fault)
    shop.later(MONTH)
    shop.later(120)
    first, second = [key for call, key in shop.billing.asked if call == "charge"][1:]
    assert (first == second) is same
    assert first.rpartition(":")[0] == second.rpartition(":")[0]


def test_nothing_is_charged_again_before_a_read(shop: Shop) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(Lost.AFTER)
    shop.later(MONTH)
    shop.billing.faults["read"].extend([Lost.BEFORE] * 50)
    for _ in range(50):
        shop.later(120)
    assert (shop.billing.count("charge"), shop.plan.periods) == (2, 1)
    shop.later(120)
    assert (shop.billing.count("charge"), shop.plan.periods) == (2, 2)
    assert shop.telemetry.values("UnsettledOrderSeconds")[-1] == 51 * 120


def test_two_chargers_that_have_one_message_charge_once(shop: Shop) -> None:
    shop.subscribed()
    shop.clock.advance(MONTH)
    (item,) = [one for one in shop.work.due(shop.clock()) if one.kind == "subscription"]
    results: list[bool] = []
    shop.billing.meanwhile["charge"] = lambda: results.append(shop.continues[item.kind](item))
    assert shop.continues[item.kind](item)
    assert results == [False]
    assert (shop.billing.count("charge"), shop.plan.periods) == (2, 2)


def test_a_charger_that_dies_before_the_call_is_followed_by_another(shop: Shop) -> None:
    """The order stands and the subscription names it: the next one charges under the same id."""
    shop.subscribed()
    shop.billing.meanwhile["charge"] = _die
    with pytest.raises(StorageUnavailable):
        shop.later(MONTH)
    order_id = shop.plan.order_id
    shop.later(120)
    assert (shop.plan.periods, shop.renewals()[-1].id, len(shop.renewals())) == (2, order_id, 2)
    assert shop.available == WELCOME + 32


def _die() -> None:
    raise StorageUnavailable("killed")


@pytest.mark.parametrize("call", ["pay", "save"])
def test_a_charger_that_dies_after_the_call_is_followed_by_another(
    shop: Shop, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the credits are given, or before the subscription knows of it."""
    shop.subscribed()
    port = shop.orders if call == "pay" else shop.subscriptions
    with monkeypatch.context() as patch:
        patch.setattr(port, call, lambda *_: _die())
        with pytest.raises(StorageUnavailable):
            shop.later(MONTH)
    shop.later(120)
    assert (shop.plan.periods, shop.billing.count("charge"), shop.available) == (2, 2, WELCOME + 32)
    shop.audit_with_toss()


def test_a_declined_charge_is_tried_on_days_1_3_5_and_7_and_then_it_ends(shop: Shop) -> None:
    shop.subscribed()
    shop.decline(LIMIT)
    shop.clock.advance(MONTH)
    tried = []
    for hour in range(24 * 9):
        before = shop.billing.count("charge")
        shop.sweep()
        if shop.billing.count("charge") > before:
            tried.append(hour / 24)
        shop.clock.advance(3600)
    assert tried == [0, 1, 3, 5, 7]
    assert (shop.plan.status, shop.plan.decline, shop.plan.billing_key) == (ENDED, LIMIT, None)
    assert shop.available == WELCOME + 16  # what was granted stays
    assert shop.telemetry.total("ChargesDeclined") == 5
    assert {one.status for one in shop.renewals()[1:]} == {FAILED}
    assert len({one.id for one in shop.renewals()}) == 6


def test_a_retry_that_goes_well_pays_the_month_from_where_the_last_one_ended(shop: Shop) -> None:
    one = shop.subscribed()
    shop.decline(LIMIT)
    shop.later(MONTH)
    assert shop.plan.status is PAST_DUE
    shop.decline(None)
    shop.later(DAY)
    assert (shop.plan.status, shop.plan.declines) == (ACTIVE, 0)
    assert shop.plan.paid_until == months_after(one.started_at or 0, 2)


def test_a_card_that_never_works_is_not_charged_again_and_ends_it_on_day_7(shop: Shop) -> None:
    shop.subscribed()
    shop.decline(UNUSABLE)
    shop.later(MONTH)
    shop.decline(None)
    for _ in range(6):
        shop.later(DAY)
    assert (shop.plan.status, shop.billing.count("charge")) == (PAST_DUE, 2)
    shop.later(DAY)
    shop.sweep()
    assert (shop.plan.status, shop.plan.billing_key, shop.billing.count("charge")) == (ENDED, None, 2)


def test_another_card_is_charged_at_once(shop: Shop) -> None:
    shop.subscribed()
    shop.decline(UNUSABLE)
    shop.later(MONTH)
    shop.decline(None)
    shop.clock.advance(2 * DAY)
    shop.card_given()
    shop.deliver()
    assert (shop.plan.status, shop.plan.periods, shop.available) == (ACTIVE, 2, WELCOME + 32)
    assert len(shop.billing.deleted) == 1


def test_another_card_that_comes_while_the_old_one_is_charged_is_registered_soon(shop: Shop) -> None:
    old = shop.subscribed().billing_key
    shop.billing.meanwhile["charge"] = shop.card_given
    shop.later(MONTH)
    for _ in range(3):
        shop.later(120)
    one = shop.plan
    assert (one.status, one.periods, one.auth_key, one.old_key, one.order_id) == (ACTIVE, 2, None, None, None)
    assert one.billing_key != old
    assert (shop.billing.count("charge"), shop.available) == (2, WELCOME + 32)


def test_a_first_charge_that_is_declined_ends_it_and_deletes_the_key(shop: Shop) -> None:
    shop.decline(LIMIT)
    shop.card_given()
    shop.deliver()
    shop.sweep()
    assert (shop.plan.status, shop.plan.decline, shop.plan.due_at) == (ENDED, LIMIT, None)
    assert (shop.billing.billing_keys, shop.available) == ({}, WELCOME)


def test_a_key_that_was_deleted_in_the_console_needs_another_card(shop: Shop) -> None:
    shop.subscribed()
    shop.billing.billing_keys.clear()
    shop.later(MONTH)
    assert (shop.plan.status, shop.plan.given_up, shop.plan.decline) == (PAST_DUE, True, UNUSABLE)


@UNKNOWN
def test_stopping_while_the_outcome_of_a_charge_is_not_known(shop: Shop, fault: Lost | Exception) -> None:
    """What was charged is given and ends later; what was not is not charged any more."""
    shop.subscribed()
    shop.billing.faults["charge"].append(fault)
    shop.later(MONTH)
    stopped = shop.subscribe.stop(shop.user)
    assert (stopped.status, stopped.order_id is not None) == (ENDING, True)
    for _ in range(3):
        shop.later(120)
    charged = fault is Lost.AFTER
    assert shop.plan.status is (ENDING if charged else ENDED)
    assert shop.available == WELCOME + (32 if charged else 16)
    assert shop.billing.count("charge") == 2
    shop.later(MONTH)
    assert (shop.plan.status, shop.billing.count("charge")) == (ENDED, 2)
    shop.audit_with_toss()


def test_a_charge_that_arrives_after_it_was_given_up_is_still_paid_for(shop: Shop) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(Lost.BEFORE)
    shop.later(MONTH)
    shop.subscribe.stop(shop.user)
    shop.later(120)
    renewal = shop.renewals()[-1]
    assert (renewal.status, shop.plan.status) == (OrderStatus.EXPIRED, ENDED)
    shop.billing.done(renewal.id, renewal.amount)
    shop.later(DAY)
    assert (shop.now(renewal).status, shop.available, shop.plan.status) == (PAID, WELCOME + 32, ENDED)


def test_a_charge_of_another_amount_is_a_persons_to_decide_and_ends_the_plan(shop: Shop) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(Lost.BEFORE)
    shop.later(MONTH)
    renewal = shop.renewals()[-1]
    shop.billing.done(renewal.id, 99_000)
    shop.later(120)
    assert (shop.now(renewal).status, shop.plan.status) == (OrderStatus.REVIEW, ENDED)
    assert (shop.telemetry.total("OrdersInReview"), shop.available) == (1, WELCOME + 16)


def test_an_answer_about_another_order_is_none_and_the_charge_is_asked_about_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(Lost.AFTER)
    shop.later(MONTH)
    other = Payment("tgen_other", "01JD8QK2Z0000000000000000A", PaymentStatus.DONE, "billing", "KRW", 9900, 9900, None)
    with monkeypatch.context() as patch:
        patch.setattr(shop.billing, "by_order", lambda _: other)
        shop.later(120)
        assert shop.renewals()[-1].status is OrderStatus.CONFIRMING
    shop.later(120)
    assert (shop.plan.periods, shop.billing.count("charge"), shop.available) == (2, 2, WELCOME + 32)
    assert shop.telemetry.total("PaymentProviderRefused") == 1


@pytest.mark.parametrize(
    ("fault", "keys"), [(Lost.BEFORE, 1), (Lost.AFTER, 1), (still_running(), 1), (answered(), 2)], ids=str
)
def test_a_card_whose_registration_is_not_known_is_registered_once(
    shop: Shop, fault: Lost | Exception, keys: int
) -> None:
    """A key that nobody was told of is told again, under the same idempotency key."""
    shop.billing.faults["issue"].append(fault)
    shop.card_given()
    shop.deliver()
    assert shop.plan.status is REGISTERING
    shop.later(120)
    assert (shop.plan.status, shop.available) == (ACTIVE, WELCOME + 16)
    assert len({key for call, key in shop.billing.asked if call == "issue"}) == keys
    assert len(shop.billing.billing_keys) == 1


@pytest.mark.parametrize("fault", [Lost.BEFORE, Lost.AFTER, still_running()], ids=str)
def test_of_who_leaves_no_card_can_be_charged_though_its_registration_was_not_known(
    shop: Shop, fault: Lost | Exception
) -> None:
    shop.billing.faults["issue"].append(fault)
    shop.card_given()
    shop.deliver()
    assert shop.subscriptions.save(shop.plan.left(shop.clock()))
    assert not shop.plan.at_rest
    for _ in range(3):
        shop.later(120)
    assert (shop.plan.status, shop.plan.at_rest, shop.plan.auth_key, shop.available) == (ENDED, True, None, WELCOME)
    assert (shop.billing.billing_keys, len(shop.billing.deleted)) == ({}, 1)


@pytest.mark.parametrize("fault", [Lost.BEFORE, Lost.AFTER, still_running()], ids=str)
def test_of_a_plan_that_is_stopped_no_card_can_be_charged_though_its_registration_was_not_known(
    shop: Shop, fault: Lost | Exception
) -> None:
    shop.billing.faults["issue"].append(fault)
    shop.card_given()
    shop.deliver()
    assert shop.subscribe.stop(shop.user).status is ENDED
    with pytest.raises(SubscriptionConflict):  # its key would be forgotten
        shop.card_given()
    for _ in range(3):
        shop.later(120)
    assert (shop.plan.status, shop.plan.at_rest, shop.plan.auth_key, shop.available) == (ENDED, True, None, WELCOME)
    assert (shop.billing.billing_keys, len(shop.billing.deleted)) == ({}, 1)
    assert shop.billing.count("charge") == 0


@pytest.mark.parametrize("charging", [True, False])
def test_of_a_plan_that_is_ending_another_card_whose_registration_was_not_known_goes_too(
    shop: Shop, charging: bool
) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(Lost.AFTER)
    shop.later(MONTH if charging else DAY)
    shop.billing.faults["issue"].append(Lost.AFTER)
    shop.card_given()
    shop.deliver()
    assert shop.subscribe.stop(shop.user).status is ENDING
    with pytest.raises(SubscriptionConflict):
        shop.card_given()
    for seconds in (120, 120, 120, *[MONTH / 2] * 6):
        shop.later(seconds)
    assert (shop.plan.status, shop.plan.at_rest) == (ENDED, True)
    assert (shop.billing.billing_keys, len(shop.billing.deleted)) == ({}, 2)


def test_of_who_leaves_in_a_charge_another_card_that_is_being_registered_goes_too(shop: Shop) -> None:
    shop.subscribed()
    shop.billing.faults["charge"].append(Lost.AFTER)
    shop.later(MONTH)
    shop.card_given()
    assert shop.subscriptions.save(shop.plan.left(shop.clock()))
    for _ in range(5):
        shop.later(MONTH / 2)
    assert (shop.plan.status, shop.plan.at_rest) == (ENDED, True)
    assert len(shop.billing.deleted) == 2


def test_a_card_that_can_not_be_registered_is_given_up_after_a_day(shop: Shop) -> None:
    shop.billing.faults["issue"].extend([answered(ours=True)] * 1000)
    shop.card_given()
    for _ in range(int(REGISTER_SECONDS // 600) + 1):
        shop.later(600)
    assert (shop.plan.status, shop.plan.decline, shop.plan.auth_key) == (ENDED, Decline.UNAVAILABLE, None)
    assert shop.plan.due_at is None
    assert shop.telemetry.total("PaymentProviderRefused") > 1


@pytest.mark.parametrize("trouble", [Lost.BEFORE, answered(ours=True)], ids=str)
def test_a_key_is_deleted_in_the_end(shop: Shop, trouble: Lost | Exception) -> None:
    shop.subscribed()
    shop.subscribe.stop(shop.user)
    shop.billing.faults["delete"].extend([trouble] * 3)
    shop.later(MONTH)
    for _ in range(4):
        shop.later(120)
    assert (shop.plan.status, shop.plan.billing_key, shop.plan.due_at) == (ENDED, None, None)
    assert len(shop.billing.deleted) == 1


def test_a_message_that_is_late_does_nothing(shop: Shop) -> None:
    shop.card_given()
    (item,) = shop.queue.items
    shop.deliver()
    assert not shop.continues[item.kind](item)
    assert shop.billing.count("charge") == 1


def test_a_month_that_is_paid_long_after_begins_then(shop: Shop) -> None:
    """The charger was away for two weeks."""
    shop.subscribed()
    shop.later(MONTH + 14 * DAY)
    assert (shop.plan.periods, shop.plan.paid_until) == (1, months_after(shop.clock(), 1))
    assert shop.billing.count("charge") == 2  # no month is charged for afterwards


def test_the_plans_months_go_back_as_orders_do(shop: Shop) -> None:
    shop.subscribed()
    (renewal,) = shop.renewals()
    shop.spend(shop.available)
    shop.billing.give_back(renewal.payment_key or "", renewal.amount)
    shop.later(DAY)
    assert (shop.now(renewal).status, shop.owed) == (OrderStatus.REFUNDED, 16)
    shop.audit_with_toss()


def test_a_charge_that_toss_neither_knows_nor_takes_is_given_up_after_an_hour(shop: Shop) -> None:
    """A declined one whose answer was lost may have taken its order's id with it: the next one has its own."""
    shop.subscribed()
    shop.clock.advance(MONTH)
    shop.billing.faults["charge"].extend(answered("DUPLICATED_ORDER_ID") for _ in range(40))
    shop.sweep()
    for _ in range(29):
        shop.later(120)
    assert (shop.plan.status, shop.renewals()[-1].status) == (ACTIVE, OrderStatus.CONFIRMING)
    for _ in range(2):
        shop.later(120)
    assert (shop.plan.status, shop.plan.order_id, shop.plan.declines) == (PAST_DUE, None, 1)
    assert shop.renewals()[-1].status is OrderStatus.FAILED
    shop.billing.faults["charge"].clear()
    shop.later(DAY)
    assert (shop.plan.status, shop.available) == (ACTIVE, WELCOME + 32)
