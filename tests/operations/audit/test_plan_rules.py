"""The audit's rules of plans: what is in order gives no finding, what is wrong gives its own."""

from dataclasses import replace
from typing import Any

import pytest

from operations.audit.finding import Rule
from operations.audit.holdings import Holdings
from tests.fakes.clock import START
from tests.operations.audit.bought import (
    FAR,
    GRANT,
    IDS,
    PAID,
    PLAN,
    RENEWAL,
    RENEWED,
    entry,
    holdings,
    rules,
)
from veil.domain.orders import Order, OrderStatus
from veil.domain.subscriptions import DAY, SubscriptionStatus


def renewed(order: Order, after_days: float) -> Order:
    at = START + after_days * DAY
    return replace(order, id=IDS(at), created_at=at, paid_at=at, due_at=FAR)


NEXT, LATE, BEFORE = renewed(RENEWAL, 30), renewed(RENEWAL, 20), renewed(RENEWAL, -10)
SOON = renewed(RENEWAL, 19.9)
CHARGED = replace(RENEWAL, status=OrderStatus.CONFIRMING, claimed_at=START, due_at=None)
ENDED = replace(PLAN, status=SubscriptionStatus.ENDED, billing_key=None, due_at=None)


def both(first: Order, second: Order, **money: Any) -> Holdings:
    """Two renewals that were paid."""
    entries = [entry(GRANT, one.credits, one.id) for one in (first, second)]
    return holdings(first, second, entries=entries, **{"subscription": PLAN, **money})


IN_ORDER: dict[str, Holdings] = {
    "a plan": holdings(RENEWAL, entries=[RENEWED], subscription=PLAN),
    "a charge under way": holdings(CHARGED, subscription=replace(PLAN, order_id=CHARGED.id)),
    "a plan that ended, whose key is to be deleted": holdings(
        subscription=replace(ENDED, billing_key="sealed", due_at=START)
    ),
    "a plan that ended": holdings(subscription=ENDED),
    "a month later": both(RENEWAL, NEXT),
    "a month that was paid eight days late": both(RENEWAL, LATE),
    "a renewal of the plan before": both(BEFORE, RENEWAL),
}


@pytest.mark.parametrize("stands", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_in_order_is_no_finding(stands: Holdings) -> None:
    assert rules(stands) == set()


WRONG: dict[str, tuple[Holdings, set[Rule]]] = {
    "a plan that no sweep will see": (holdings(subscription=replace(PLAN, due_at=None)), {Rule.OFF_THE_LIST}),
    "a key that nobody deletes": (holdings(subscription=replace(ENDED, billing_key="s")), {Rule.OFF_THE_LIST}),
    "a charge that no plan names": (holdings(CHARGED, subscription=PLAN), {Rule.SUBSCRIPTION_WRONG}),
    "a charge without its order": (holdings(subscription=replace(PLAN, order_id=PAID.id)), {Rule.ORDER_MISSING}),
    "renewals of no plan": (holdings(RENEWAL, entries=[RENEWED]), {Rule.SUBSCRIPTION_WRONG}),
    "a plan that ended and is due": (holdings(subscription=replace(ENDED, due_at=START)), {Rule.SUBSCRIPTION_WRONG}),
    "a plan that ended in a charge": (
        holdings(CHARGED, subscription=replace(ENDED, order_id=CHARGED.id)),
        {Rule.SUBSCRIPTION_WRONG},
    ),
    "another's plan": (holdings(subscription=replace(PLAN, customer_key="other")), {Rule.CUSTOMER_DIFFERS}),
    "a month that was paid twice": (both(RENEWAL, SOON), {Rule.RENEWED_TWICE}),
}


@pytest.mark.parametrize(("stands", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found(stands: Holdings, expected: set[Rule]) -> None:
    assert rules(stands) == expected


@pytest.mark.parametrize(
    ("stands", "last", "rule"),
    [
        (holdings(subscription=PLAN), START + 30 * DAY + 900, Rule.UNSWEPT),
        (holdings(subscription=replace(PLAN, due_at=FAR)), START + 38 * DAY, Rule.SUBSCRIPTION_WRONG),
    ],
)
def test_what_has_its_time(stands: Holdings, last: float, rule: Rule) -> None:
    assert rules(stands, last) == set()
    assert rules(stands, last + 0.001) == {rule}
