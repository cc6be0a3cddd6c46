"""Whether a plan goes on or has ended, and whether each of its months was paid once."""

from collections.abc import Iterator
from itertools import pairwise

from operations.audit.finding import Finding, Rule, utc
from operations.audit.holdings import Holdings
from operations.audit.work import listed
from veil.domain.ids import created_at
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.subscriptions import DAY, RETRY_DAYS, Subscription, SubscriptionStatus

LATE_SECONDS = (RETRY_DAYS[-1] + 1) * DAY  # a plan whose month is over for longer has ended, or began anew
# The shortest month has 28 days, and the charge before may have been 8 days late.
APART_SECONDS = 28 * DAY - LATE_SECONDS


def subscription_findings(holdings: Holdings, now: float) -> Iterator[Finding]:
    user, one = holdings.user, holdings.money.subscription
    renewals = [order for order in holdings.money.orders if order.kind is OrderKind.RENEWAL]
    for order in renewals:
        if order.status is OrderStatus.CONFIRMING and (one is None or one.order_id != order.id):
            detail = "a charge under way that no subscription names"
            yield Finding(user, None, Rule.SUBSCRIPTION_WRONG, detail, order.id)
    if one is None:
        if renewals:
            yield Finding(user, None, Rule.SUBSCRIPTION_WRONG, f"{len(renewals)} renewals and no subscription")
        return
    yield from _life(holdings, one, now)
    yield from _twice(user, one, renewals)


def _life(holdings: Holdings, one: Subscription, now: float) -> Iterator[Finding]:
    """One that has ended stays on the list until the provider has forgotten its keys, and then never comes there."""
    user, keys = holdings.user, bool(one.billing_key or one.old_key or one.auth_key)
    yield from listed(user, one.due_at, now, f"subscription {one.status}", must=one.runs or keys, order=one.order_id)
    if not one.runs and (one.order_id or (one.due_at is not None and not keys)):
        detail = f"ended, with order {one.order_id}, due {one.due_at and utc(one.due_at)}"
        yield Finding(user, None, Rule.SUBSCRIPTION_WRONG, detail)
    if one.status is SubscriptionStatus.ACTIVE and one.paid_until is not None and one.paid_until < now - LATE_SECONDS:
        yield Finding(user, None, Rule.SUBSCRIPTION_WRONG, f"active, and paid until {utc(one.paid_until)}")
    if one.order_id:
        order = holdings.money.order(one.order_id)
        if order is None or order.kind is not OrderKind.RENEWAL:
            yield Finding(user, None, Rule.ORDER_MISSING, "a charge under way without its order", one.order_id)
    if one.customer_key != holdings.money.customer_key:
        yield Finding(user, None, Rule.CUSTOMER_DIFFERS, "the account has another customer key than the subscription")


def _twice(user: str, one: Subscription, renewals: list[Order]) -> Iterator[Finding]:
    """Two months' charges lie apart. A renewal does not say of which subscription it is, and only a user's last one is
    kept: judged are those that were made since that one began, which can be of no other.
    """
    began = created_at(one.id)
    paid = sorted((order.paid_at or order.created_at, order.id) for order in renewals if order.granted)
    own = [(at, order_id) for at, order_id in paid if created_at(order_id) >= began]
    for (before, first), (after, second) in pairwise(own):
        if after - before < APART_SECONDS:
            days = (after - before) / DAY
            yield Finding(user, None, Rule.RENEWED_TWICE, f"paid {days:.1f} days after order {first}", second)
