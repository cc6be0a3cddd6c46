"""Continue a subscription that is due: register its card, charge it, ask about a charge, end it. One call that changes
something at the provider each time.
"""

from collections.abc import Callable
from dataclasses import dataclass

from veil.domain.declines import Decline
from veil.domain.language import KO
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.payment_ports import Billing, Orders, Sealer, Subscriptions
from veil.domain.payments import PaymentRefused, PaymentUnsettled
from veil.domain.ports import (
    Clock,
    InvariantBroken,
    NewId,
    StorageUnavailable,
    Telemetry,
    WorkItem,
    WorkKind,
    WorkList,
    WorkQueue,
)
from veil.domain.products import Catalogue
from veil.domain.subscriptions import (
    CHARGE_GIVEN_UP_SECONDS,
    LEASE_SECONDS,
    REGISTER_SECONDS,
    Subscription,
    SubscriptionStatus,
    may_charge,
)
from veil.use_cases.hand_over import hand_over_soon
from veil.use_cases.settle_order import SettleOrder

TRIES = 5


@dataclass(frozen=True)
class ContinueSubscription:
    work: WorkList
    subscriptions: Subscriptions
    orders: Orders
    billing: Billing
    settle: SettleOrder
    sealer: Sealer
    queue: WorkQueue
    catalogue: Catalogue
    clock: Clock
    new_id: NewId
    telemetry: Telemetry

    def __call__(self, item: WorkItem) -> bool:
        """False where another charger was first, or it is no longer due."""
        if not self.work.move(item, self.clock() + LEASE_SECONDS):
            return False
        subscription = self.subscriptions.get(item.user)
        if subscription is None:
            return False
        try:
            self._go_on(subscription)
        except PaymentUnsettled as error:
            self.telemetry.log("subscription not settled now", **subscription.log_ids, why=str(error))
            if error.ours:
                self.telemetry.count("PaymentProviderRefused")
        return True

    def _go_on(self, one: Subscription) -> None:
        """A charge under way comes first: nothing else is done before its outcome is known. Then an old key: there is
        place for one, and the next card's would take it.
        """
        now = self.clock()
        if one.order_id:
            self._ask(one, one.order_id)
        elif one.old_key:
            self._delete_key(one)
        elif one.auth_key:
            self._register(one, one.auth_key)
        elif one.status is SubscriptionStatus.ENDED:
            self._delete_key(one)
        elif now < one.next_charge:
            self.subscriptions.save(one.due(one.next_charge))
        elif one.status is SubscriptionStatus.ENDING or one.given_up or not may_charge(one, self.catalogue.plan):
            self._save(one, lambda stands: stands.ended(now))
        else:
            self._begin(one, now)

    def _register(self, one: Subscription, auth_key: str) -> None:
        try:
            opened = self.sealer.unseal(one.user, auth_key)
            found = self.billing.issue(opened, one.customer_key, one.idempotency_key)
        except PaymentRefused as refused:
            decline = refused.decline
            self._save(one, lambda stands: stands.not_registered(decline, self.clock()), again=True)
        except PaymentUnsettled as error:
            if self.clock() > (one.auth_at or 0) + REGISTER_SECONDS:
                self._save(one, lambda stands: stands.not_registered(Decline.UNAVAILABLE, self.clock()), again=True)
            elif error.answered:
                self.subscriptions.save(one.tried_again())
            raise
        else:
            sealed = self.sealer.seal(one.user, found.key)
            self._save(one, lambda stands: stands.registered(sealed, found.card, self.clock()), again=True)

    def _delete_key(self, one: Subscription) -> None:
        if key := one.old_key or one.billing_key:
            self.billing.delete_key(self.sealer.unseal(one.user, key))
        self._save(one, lambda stands: stands.key_deleted(self.clock()), again=bool(one.old_key))

    def _begin(self, one: Subscription, now: float) -> None:
        """The order stands, and the subscription names it, before the card is charged."""
        plan = self.catalogue.plan
        order = Order(
            user=one.user,
            id=self.new_id(now),
            kind=OrderKind.RENEWAL,
            product=plan.id,
            credits=plan.credits,
            amount=plan.amount,
            created_at=now,
            customer_key=one.customer_key,
            status=OrderStatus.CONFIRMING,
            claimed_at=now,
        )
        after = one.charging(order.id, now)
        if self.subscriptions.begin_charge(after, order):
            self.telemetry.count("ChargesTried")
            self._charge(after, order)

    def _ask(self, one: Subscription, order_id: str) -> None:
        """What became of a charge; one that never was is made under the same order and the same key. For an hour: a
        declined one may take its order's id with it at Toss, which then neither knows it nor takes it again.
        """
        order = self.orders.get(one.user, order_id)
        if order is None:
            raise InvariantBroken(f"subscription {one.id} has a charge without an order")
        if order.status is OrderStatus.CONFIRMING:
            self.telemetry.seconds("UnsettledOrderSeconds", self.clock() - (order.claimed_at or order.created_at))
            order = self.settle(order)
        if order.status is not OrderStatus.CONFIRMING:
            self._conclude(one, order)
        elif one.status is SubscriptionStatus.ENDING:
            self._conclude(one, self.settle.end(order, OrderStatus.EXPIRED))
        elif self.clock() >= (order.claimed_at or order.created_at) + CHARGE_GIVEN_UP_SECONDS:
            self._conclude(one, self.settle.end(order, OrderStatus.FAILED, Decline.UNAVAILABLE))
        else:
            self._charge(one, order)

    def _charge(self, one: Subscription, order: Order) -> None:
        if one.billing_key is None:
            raise InvariantBroken(f"subscription {one.id} has no card")
        key = self.sealer.unseal(one.user, one.billing_key)
        name = self.catalogue.plan.order_name(KO)
        try:
            payment = self.billing.charge(order, key, one.customer_key, name)
            order = self.settle.apply(order, payment)
        except PaymentRefused as refused:
            order = self.settle.end(order, OrderStatus.FAILED, refused.decline)
        except PaymentUnsettled as error:
            if error.answered:
                self.orders.save(order.tried_again())
            raise
        self._conclude(one, order)

    def _conclude(self, one: Subscription, order: Order) -> None:
        """What the charge's order came to, for the subscription."""
        now = self.clock()
        if order.granted:
            self._save(one, lambda stands: stands.renewed(order.credits, order.amount, now))
        elif order.status is OrderStatus.FAILED:
            self.telemetry.count("ChargesDeclined")
            self._save(one, lambda stands: stands.declined(order.decline or Decline.UNAVAILABLE, now))
        elif order.status is not OrderStatus.CONFIRMING:  # given up, or a person's to decide
            self._save(one, lambda stands: stands.charge_gone(now))

    def _save(self, one: Subscription, change: Callable[[Subscription], Subscription], *, again: bool = False) -> None:
        """Take an arrow whose cause is certain, whatever the user has made of the subscription meanwhile, as long as it
        is about the same charge and card. ``again``: there is more to do at once.
        """
        stands: Subscription | None = one
        for _ in range(TRIES):
            if stands is None or _about(stands) != _about(one):
                return
            after = change(stands)
            if self.subscriptions.save(after):
                self.telemetry.log("subscription changed", **after.log_ids, status=after.status)
                if again and after.due_at is not None:
                    item = WorkItem(WorkKind.SUBSCRIPTION, after.user, "", after.due_at)
                    hand_over_soon(self.queue, self.telemetry, item, after.log_ids)
                return
            stands = self.subscriptions.get(one.user)
        raise StorageUnavailable("the subscription changes too fast")


def _about(one: Subscription) -> tuple[str, str | None, str | None]:
    return one.id, one.order_id, one.auth_hash
