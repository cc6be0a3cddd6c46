"""The monthly plan of one user: a card that we charge. Each arrow is a method that answers the subscription after it;
the table takes it only over the very version that it was made from.

    registering → active ⇄ past_due → ended        active → ending → ended
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from veil.domain.credits import SEOUL
from veil.domain.declines import Decline
from veil.domain.products import Product

DAY = 24 * 3600
RETRY_DAYS = (1, 3, 5, 7)  # after a declined charge, since it was first due; the last is the end
CONSENT_DAYS = 30  # before the charge: how early a person may agree to a higher price
LEASE_SECONDS = 120  # longer than the charger runs; then what it began is asked about
CHARGE_GIVEN_UP_SECONDS = 3600  # how long a charge is tried that Toss knows nothing of; it takes a minute
REGISTER_SECONDS = DAY  # how long a card is tried to be registered


class SubscriptionStatus(StrEnum):
    REGISTERING = "registering"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscription:
    """``amount`` KRW a month for ``credits``, as the user agreed at ``agreed_at``; what they agreed to since, for the
    next charge, is ``next_amount`` for ``next_credits``. ``auth_key`` (a card just registered), ``billing_key`` (what
    is charged) and ``old_key`` (to be deleted) are sealed; ``attempt`` numbers the tries to register. ``periods`` were
    paid, the first at ``started_at``; ``declines`` of this period's charges failed; ``order_id`` is the charge under
    way. Times are epoch seconds.
    """

    user: str
    id: str
    product: str
    credits: int
    amount: int
    agreed_at: float
    customer_key: str
    status: SubscriptionStatus = SubscriptionStatus.REGISTERING
    auth_key: str | None = None
    auth_hash: str | None = None
    auth_at: float | None = None
    attempt: int = 1
    billing_key: str | None = None
    old_key: str | None = None
    card: str | None = None
    started_at: float | None = None
    periods: int = 0
    paid_until: float | None = None
    next_amount: int | None = None
    next_credits: int | None = None
    declines: int = 0
    order_id: str | None = None
    decline: Decline | None = None
    due_at: float | None = None
    version: int = 1

    @property
    def log_ids(self) -> dict[str, str]:
        """The ids on every log line about it."""
        return {"user": self.user, "subscription_id": self.id}

    @property
    def runs(self) -> bool:
        return self.status is not SubscriptionStatus.ENDED

    def replaced_by(self, newer: Self) -> Self:
        """The one that begins after this one has ended; a key that is left over is still to be deleted."""
        return replace(newer, old_key=self.billing_key or self.old_key, version=self.version + 1)

    def card_given(self, auth_key: str, auth_hash: str, now: float) -> Self:
        """Another card for a plan that runs; one that was ending goes on."""
        status = SubscriptionStatus.ACTIVE if self.status is SubscriptionStatus.ENDING else self.status
        return self._next(
            status=status,
            auth_key=auth_key,
            auth_hash=auth_hash,
            auth_at=now,
            attempt=1,
            decline=None,
            due_at=now,
        )

    def tried_again(self) -> Self:
        """The provider answered an error to the registration: the next try needs a key of its own."""
        return self._next(attempt=self.attempt + 1)

    @property
    def idempotency_key(self) -> str:
        """Of this try to register the card."""
        return f"issue:{self.auth_hash}:{self.attempt}"

    def registered(self, billing_key: str, card: str, now: float) -> Self:
        """The card can be charged. One that was past due is charged at once, and has all its tries again."""
        return self._next(
            auth_key=None,
            billing_key=billing_key,
            old_key=self.billing_key or self.old_key,
            card=card,
            declines=0,
            due_at=now,
        )

    def not_registered(self, decline: Decline, now: float) -> Self:
        """The card can't be charged: a plan that runs keeps its old one, any other ends."""
        after = self._next(auth_key=None, decline=decline, due_at=now)
        return after if self.billing_key else replace(after, status=SubscriptionStatus.ENDED)

    def key_deleted(self, now: float) -> Self:
        """The provider knows the old key no more; of one that has ended, the last."""
        if self.old_key:
            return self._next(old_key=None, due_at=now)
        return self._next(billing_key=None, due_at=None)

    def charging(self, order_id: str, now: float) -> Self:
        """An order has been made for this period's charge: written with it, before the provider is called."""
        if self.order_id:
            raise ValueError(f"subscription {self.id} has a charge under way")
        return self._next(order_id=order_id, due_at=now + LEASE_SECONDS)

    def renewed(self, credits_: int, amount: int, now: float) -> Self:
        """The charge was paid: a month more, from where the last one ended; from now where that is long ago. A card
        that was given meanwhile is registered now.
        """
        late = self.paid_until is not None and now > self.paid_until + RETRY_DAYS[-1] * DAY + DAY
        first = self.started_at is None or late
        started_at, periods = (now, 1) if first else (self.started_at or now, self.periods + 1)
        paid_until = months_after(started_at, periods)
        ending = self.status is SubscriptionStatus.ENDING
        return self._next(
            status=SubscriptionStatus.ENDING if ending else SubscriptionStatus.ACTIVE,
            credits=credits_,
            amount=amount,
            next_credits=None,
            next_amount=None,
            started_at=started_at,
            periods=periods,
            paid_until=paid_until,
            declines=0,
            order_id=None,
            decline=None,
            due_at=now if self.auth_key else paid_until,
        )

    def declined(self, decline: Decline, now: float) -> Self:
        """The charge was refused: tried again on days 1, 3, 5 and 7, then ended; the first of all is not tried again.
        Where only another card helps, this one is not charged any more, and the end comes all the same.
        """
        declines = len(RETRY_DAYS) + 1 if decline.needs_other_card else self.declines + 1
        after = self._next(order_id=None, decline=decline, declines=declines)
        if self.paid_until is None or self.declines >= len(RETRY_DAYS):
            return after._ended(now)
        ending = self.status is SubscriptionStatus.ENDING
        status = self.status if ending else SubscriptionStatus.PAST_DUE
        return replace(after, status=status, due_at=now if self.auth_key else max(now, after.next_charge))

    def charge_gone(self, now: float) -> Self:
        """The charge is not to be any more, or is a person's to decide: the plan ends with it, in the same version."""
        return self._next(order_id=None)._ended(now)

    def stopped(self, now: float) -> Self:
        """The user ends it: at `paid_until`; at once where nothing was paid and nothing is under way. A card whose
        registration may have begun keeps what that is asked again with: its answer may have been lost, and nothing else
        finds its key, which is to be deleted.
        """
        if self.status in (SubscriptionStatus.ENDING, SubscriptionStatus.ENDED):
            return self
        busy = self.order_id is not None
        if self.paid_until is None and not busy:
            return self._next()._ended(now)
        at_rest = now if self.auth_key else max(now, self.paid_until or now)
        return self._next(status=SubscriptionStatus.ENDING, due_at=self.due_at if busy else at_rest)

    def ended(self, now: float) -> Self:
        return self._next()._ended(now)

    def left(self, now: float) -> Self:
        """The user has left: it ends at once, but not before a charge's outcome is known."""
        if self.status is SubscriptionStatus.ENDED or self.order_id is not None:
            return self.stopped(now)
        return self._next()._ended(now)

    @property
    def at_rest(self) -> bool:
        """It has ended, and no key of it is left to be deleted."""
        return self.status is SubscriptionStatus.ENDED and self.due_at is None

    def agreed(self, plan: Product, now: float) -> Self:
        """The user agreed to other terms, from the next charge on."""
        return self._next(next_credits=plan.credits, next_amount=plan.amount, agreed_at=now)

    def due(self, at: float | None) -> Self:
        return self._next(due_at=at)

    @property
    def given_up(self) -> bool:
        """This card is not charged any more: at `next_charge` comes the end."""
        return self.declines > len(RETRY_DAYS)

    @property
    def next_charge(self) -> float:
        """When it is charged next: at once where nothing was paid yet."""
        if self.paid_until is None or not self.declines:
            return self.paid_until or 0.0
        return self.paid_until + RETRY_DAYS[min(self.declines, len(RETRY_DAYS)) - 1] * DAY

    def _ended(self, now: float) -> Self:
        """In the same version; it is on the list until its keys are deleted, and one that may exist is found."""
        keys = self.billing_key or self.old_key or self.auth_key
        return replace(self, status=SubscriptionStatus.ENDED, due_at=now if keys else None)

    def _next(self, **changes: object) -> Self:
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


def may_charge(subscription: Subscription, plan: Product) -> bool:
    """Whether the plan's terms are those that the user agreed to, or better ones."""
    agreed = [
        (subscription.credits, subscription.amount),
        (subscription.next_credits or subscription.credits, subscription.next_amount or subscription.amount),
    ]
    return any(plan.credits >= credits_ and plan.amount <= amount for credits_, amount in agreed)


def asks_consent(subscription: Subscription, plan: Product, now: float) -> bool:
    """Whether there are worse terms to which the user may agree now: the charge is at most 30 days off."""
    if not subscription.runs or subscription.paid_until is None or may_charge(subscription, plan):
        return False
    return subscription.paid_until - now <= CONSENT_DAYS * DAY


def months_after(start: float, months: int) -> float:
    """The same day and time in Seoul so many months later; the last day of a month that has no such day."""
    begin = datetime.fromtimestamp(start, SEOUL)
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    day = min(begin.day, monthrange(year, month + 1)[1])
    return begin.replace(year=year, month=month + 1, day=day).timestamp()
