"""The arrows of the plan: what each makes of it, and when it is charged next."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.clock import START
from veil.domain.declines import Decline
from veil.domain.language import Words
from veil.domain.products import Product
from veil.domain.subscriptions import (
    CONSENT_DAYS,
    DAY,
    LEASE_SECONDS,
    Subscription,
    SubscriptionStatus,
    asks_consent,
    may_charge,
    months_after,
)

REGISTERING, ACTIVE, PAST_DUE, ENDING, ENDED = SubscriptionStatus
PAID_UNTIL = months_after(START, 1)
LIMIT, UNUSABLE = Decline.LIMIT_EXCEEDED, Decline.CARD_UNUSABLE


def new(**changes: Any) -> Subscription:
    """One whose card was just given."""
    made = Subscription("ada", "s1", "plan_monthly", 16, 9_900, START, "key", auth_key="auth", due_at=START)
    return replace(made, **changes)


def active(**changes: Any) -> Subscription:
    """One of which the first month is paid."""
    one = new().registered("bk_1", "5365****", START).charging("o1", START).renewed(16, 9_900, START)
    return replace(one, **changes)


def plan(credits_: int = 16, amount: int = 9_900) -> Product:
    return Product("plan_monthly", credits_, amount, Words(ko="", en=""))


def test_the_first_month_begins_when_it_is_paid() -> None:
    registered = new().registered("bk_1", "5365****", START + 5)
    assert (registered.status, registered.auth_key, registered.next_charge) == (REGISTERING, None, 0.0)
    charging = registered.charging("o1", START + 5)
    assert (charging.order_id, charging.due_at) == ("o1", START + 5 + LEASE_SECONDS)
    one = charging.renewed(16, 9_900, START + 9)
    end = months_after(START + 9, 1)
    assert (one.status, one.order_id, one.periods, one.paid_until, one.due_at) == (ACTIVE, None, 1, end, end)


def test_a_charge_under_way_is_the_only_one() -> None:
    with pytest.raises(ValueError, match="s1"):
        active(order_id="o2").charging("o3", START)


@pytest.mark.parametrize("late", [0, 3600, 5 * DAY, 8 * DAY])
def test_a_month_follows_on_the_last_one_though_it_is_paid_late(late: float) -> None:
    one = active().charging("o2", PAID_UNTIL).renewed(20, 12_000, PAID_UNTIL + late)
    assert (one.periods, one.started_at, one.paid_until) == (2, START, months_after(START, 2))
    assert (one.credits, one.amount) == (20, 12_000)


def test_a_month_that_is_paid_long_after_begins_then() -> None:
    now = PAID_UNTIL + 8 * DAY + 1
    one = active().charging("o2", PAID_UNTIL).renewed(16, 9_900, now)
    assert (one.periods, one.started_at, one.paid_until) == (1, now, months_after(now, 1))


def test_a_declined_charge_is_tried_on_days_1_3_5_and_7_and_then_it_ends() -> None:
    one, days = active(), list[float]()
    for number in range(4):
        one = one.charging(f"o{number}", one.next_charge).declined(LIMIT, one.next_charge + 1)
        assert (one.status, one.order_id, one.decline, one.due_at) == (PAST_DUE, None, LIMIT, one.next_charge)
        days.append((one.next_charge - PAID_UNTIL) / DAY)
    assert days == [1, 3, 5, 7]
    ended = one.charging("o5", one.next_charge).declined(LIMIT, one.next_charge + 1)
    assert (ended.status, ended.due_at) == (ENDED, PAID_UNTIL + 7 * DAY + 1)  # until its key is deleted
    assert ended.paid_until == PAID_UNTIL


def test_a_retry_that_is_paid_makes_it_active_with_all_tries_again() -> None:
    late = active().charging("o2", PAID_UNTIL).declined(LIMIT, PAID_UNTIL)
    one = late.charging("o3", late.next_charge).renewed(16, 9_900, late.next_charge)
    assert (one.status, one.declines, one.decline, one.paid_until) == (ACTIVE, 0, None, months_after(START, 2))


def test_a_decline_that_comes_late_is_never_due_in_the_past() -> None:
    one = active().charging("o2", PAID_UNTIL).declined(LIMIT, PAID_UNTIL + 2 * DAY)
    assert one.due_at == PAID_UNTIL + 2 * DAY


@pytest.mark.parametrize("decline", [one for one in Decline if one.needs_other_card])
def test_a_card_that_never_works_is_not_charged_again(decline: Decline) -> None:
    one = active().charging("o2", PAID_UNTIL).declined(decline, PAID_UNTIL)
    assert (one.status, one.given_up, one.due_at) == (PAST_DUE, True, PAID_UNTIL + 7 * DAY)


@pytest.mark.parametrize("decline", [one for one in Decline if not one.needs_other_card])
def test_a_card_that_may_work_is_not_given_up(decline: Decline) -> None:
    assert not active().charging("o2", PAID_UNTIL).declined(decline, PAID_UNTIL).given_up


@pytest.mark.parametrize("decline", list(Decline))
def test_the_first_charge_is_not_tried_again(decline: Decline) -> None:
    one = new().registered("bk_1", "5365****", START).charging("o1", START).declined(decline, START + 9)
    assert (one.status, one.paid_until, one.due_at) == (ENDED, None, START + 9)


def test_another_card_for_one_that_is_past_due_is_charged_at_once_with_all_tries() -> None:
    late = active().charging("o2", PAID_UNTIL).declined(UNUSABLE, PAID_UNTIL)
    now = PAID_UNTIL + DAY
    given = late.card_given("auth 2", "hash", now)
    assert (given.status, given.decline, given.due_at) == (PAST_DUE, None, now)
    one = given.registered("bk_2", "4906****", now)
    assert (one.billing_key, one.old_key, one.given_up) == ("bk_2", "bk_1", False)
    assert one.next_charge <= now


def test_another_card_for_one_that_is_paid_is_charged_when_it_is_due() -> None:
    one = active().card_given("auth 2", "hash", START + DAY).registered("bk_2", "4906****", START + DAY)
    assert (one.status, one.next_charge) == (ACTIVE, PAID_UNTIL)


def test_a_card_that_can_not_be_registered_ends_what_never_began() -> None:
    one = new().not_registered(UNUSABLE, START + 9)
    assert (one.status, one.auth_key, one.decline, one.due_at) == (ENDED, None, UNUSABLE, START + 9)
    assert one.key_deleted(START + 9).due_at is None


def test_a_card_that_can_not_be_registered_leaves_the_old_one() -> None:
    one = active().card_given("auth 2", "hash", START).not_registered(UNUSABLE, START)
    assert (one.status, one.billing_key, one.auth_key) == (ACTIVE, "bk_1", None)


def test_a_card_given_while_the_outcome_of_a_charge_is_unknown_is_registered_at_once() -> None:
    charging = active().charging("o2", PAID_UNTIL).card_given("auth 2", "hash", PAID_UNTIL + 1)
    assert charging.renewed(16, 9_900, PAID_UNTIL + 5).due_at == PAID_UNTIL + 5
    assert charging.declined(LIMIT, PAID_UNTIL + 5).due_at == PAID_UNTIL + 5


def test_it_ends_with_what_was_paid() -> None:
    one = active().stopped(START + DAY)
    assert (one.status, one.paid_until, one.due_at) == (ENDING, PAID_UNTIL, PAID_UNTIL)
    assert one.stopped(START + 2 * DAY) is one
    ended = one.ended(PAID_UNTIL)
    assert (ended.status, ended.due_at) == (ENDED, PAID_UNTIL)
    assert ended.stopped(PAID_UNTIL) is ended


def test_it_ends_at_once_where_nothing_was_paid() -> None:
    one = new().stopped(START + 1)
    assert (one.status, one.auth_key, one.due_at) == (ENDED, "auth", START + 1)  # its key may exist already
    assert not one.at_rest
    one = new().registered("bk_1", "5365****", START).stopped(START + 1)
    assert (one.status, one.due_at) == (ENDED, START + 1)  # its key is still to be deleted


def test_another_card_that_may_have_a_key_is_asked_about_before_the_end() -> None:
    one = active().card_given("auth 2", "hash", START + 1).stopped(START + 2)
    assert (one.status, one.auth_key, one.due_at) == (ENDING, "auth 2", START + 2)
    registered = one.registered("bk_2", "4906****", START + 3)
    assert (registered.status, registered.billing_key, registered.old_key) == (ENDING, "bk_2", "bk_1")


def test_it_ends_though_it_is_past_due() -> None:
    late = active().charging("o2", PAID_UNTIL).declined(LIMIT, PAID_UNTIL)
    one = late.stopped(PAID_UNTIL + 5)
    assert (one.status, one.due_at) == (ENDING, PAID_UNTIL + 5)


@pytest.mark.parametrize("first", [True, False])
def test_ending_while_a_charge_is_under_way_waits_for_its_outcome(first: bool) -> None:
    one = new().registered("bk_1", "5365****", START) if first else active()
    charging = one.charging("o2", START)
    ending = charging.stopped(START + 3)
    assert (ending.status, ending.order_id, ending.due_at) == (ENDING, "o2", START + LEASE_SECONDS)
    paid = ending.renewed(16, 9_900, START + 5)
    assert (paid.status, paid.due_at) == (ENDING, paid.paid_until)
    assert ending.declined(LIMIT, START + 5).status is (ENDED if first else ENDING)


def test_a_plan_ends_with_a_charge_that_is_given_up_in_one_version() -> None:
    charging = active().charging("o2", PAID_UNTIL)
    one = charging.charge_gone(PAID_UNTIL + 5)
    assert (one.status, one.order_id, one.due_at) == (ENDED, None, PAID_UNTIL + 5)
    assert one.version == charging.version + 1


def test_a_card_given_to_one_that_is_ending_lets_it_go_on() -> None:
    one = active().stopped(START).card_given("auth 2", "hash", START + 5)
    assert (one.status, one.due_at) == (ACTIVE, START + 5)


def test_a_key_is_deleted_and_then_the_last_one() -> None:
    one = active().card_given("auth 2", "hash", START).registered("bk_2", "4906****", START)
    without_old = one.key_deleted(START + 1)
    assert (without_old.billing_key, without_old.old_key, without_old.due_at) == ("bk_2", None, START + 1)
    ended = without_old.ended(START + 2).key_deleted(START + 3)
    assert (ended.billing_key, ended.due_at) == (None, None)


def test_one_that_begins_anew_takes_over_the_key_that_is_still_to_be_deleted() -> None:
    ended = active().ended(START)
    one = ended.replaced_by(new(id="s2"))
    assert (one.id, one.old_key, one.billing_key, one.version) == ("s2", "bk_1", None, ended.version + 1)


def test_each_try_to_register_has_an_idempotency_key_of_its_own() -> None:
    one = new(auth_hash="hash")
    keys = {one.idempotency_key, one.tried_again().idempotency_key, replace(one, auth_hash="2").idempotency_key}
    assert len(keys) == 3
    assert one.tried_again().card_given("auth 2", "2", START).attempt == 1


@pytest.mark.parametrize(
    ("credits_", "amount", "may"),
    [(16, 9_900, True), (20, 9_900, True), (16, 5_000, True), (16, 9_901, False), (15, 9_900, False), (15, 1, False)],
)
def test_only_terms_that_were_agreed_to_are_charged(credits_: int, amount: int, may: bool) -> None:
    assert may_charge(active(), plan(credits_, amount)) is may


def test_worse_terms_are_charged_once_the_user_agrees_and_then_stand() -> None:
    dearer = plan(16, 12_000)
    agreed = active().agreed(dearer, PAID_UNTIL - DAY)
    assert (agreed.amount, agreed.next_amount, agreed.agreed_at) == (9_900, 12_000, PAID_UNTIL - DAY)
    assert may_charge(agreed, dearer)
    assert not may_charge(agreed, plan(16, 12_001))
    assert not may_charge(agreed, plan(15, 12_000))
    renewed = agreed.charging("o2", PAID_UNTIL).renewed(16, 12_000, PAID_UNTIL)
    assert (renewed.amount, renewed.next_amount, renewed.next_credits) == (12_000, None, None)
    assert may_charge(renewed, dearer)


@pytest.mark.parametrize(
    ("before", "price", "changes", "asks"),
    [
        (CONSENT_DAYS * DAY, 12_000, {}, True),
        (CONSENT_DAYS * DAY + 1, 12_000, {}, False),  # too early to count
        (0, 12_000, {}, True),
        (DAY, 9_900, {}, False),
        (DAY, 9_000, {}, False),
        (DAY, 12_000, {"status": ENDED}, False),
        (DAY, 12_000, {"status": PAST_DUE}, True),
        (DAY, 12_000, {"next_amount": 12_000, "next_credits": 16}, False),
        (DAY, 12_000, {"next_amount": 11_000, "next_credits": 16}, True),
    ],
)
def test_consent_is_asked_for_worse_terms_within_30_days(
    before: float, price: int, changes: dict[str, Any], asks: bool
) -> None:
    assert asks_consent(active(**changes), plan(16, price), PAID_UNTIL - before) is asks


def test_nothing_is_asked_of_one_that_has_not_begun() -> None:
    assert not asks_consent(new(), plan(16, 12_000), START)
