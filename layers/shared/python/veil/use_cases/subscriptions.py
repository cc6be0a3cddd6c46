"""The monthly plan, as its user deals with it; the charger does the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from veil.domain.errors import PaymentsUnavailable, SubscriptionConflict, SubscriptionNotFound
from veil.domain.payment_ports import Sealer, Subscriptions
from veil.domain.ports import Clock, NewId, StorageUnavailable, Telemetry, WorkItem, WorkKind, WorkQueue
from veil.domain.products import Catalogue
from veil.domain.subscriptions import Subscription, asks_consent, may_charge
from veil.use_cases.hand_over import hand_over_soon
from veil.use_cases.orders import Customers

TRIES = 5


@dataclass(frozen=True)
class Subscribe:
    """``sells``: whether this stage sells the plan."""

    subscriptions: Subscriptions
    customers: Customers
    sealer: Callable[[], Sealer]
    queue: WorkQueue
    catalogue: Catalogue
    sells: bool
    clock: Clock
    new_id: NewId
    telemetry: Telemetry

    def customer_key(self, user: str) -> str:
        """What the provider's window needs; raises `PaymentsUnavailable` and `CreditsOwed`."""
        if not self.sells:
            raise PaymentsUnavailable
        return self.customers.key_of(user)

    def register(self, user: str, auth_key: str, customer_key: str) -> Subscription:
        """A card was authenticated: a plan begins with it, or one that runs goes on with it. No money moves here.

        Raises `SubscriptionConflict` for a card of another customer, and while another one is being registered
        or forgotten; `PaymentsUnavailable`, `CreditsOwed`.
        """
        if self.customer_key(user) != customer_key:
            raise SubscriptionConflict
        auth_hash = sha256(auth_key.encode()).hexdigest()
        sealed = None
        for _ in range(TRIES):
            stands = self.subscriptions.get(user)
            if stands and stands.auth_hash == auth_hash:
                return stands
            if stands and (stands.auth_key or (stands.old_key and not stands.runs)):
                raise SubscriptionConflict  # there is place for one card, and for one key that is still to be deleted
            sealed = sealed or self.sealer().seal(user, auth_key)
            after = self._with_card(stands, user, customer_key, sealed, auth_hash)
            if self.subscriptions.take_card(after):
                return self._handed_over(after)
        raise StorageUnavailable("the subscription changes too fast")

    def _with_card(
        self, stands: Subscription | None, user: str, customer_key: str, sealed: str, auth_hash: str
    ) -> Subscription:
        now, plan = self.clock(), self.catalogue.plan
        if stands and stands.runs:
            return stands.card_given(sealed, auth_hash, now)
        begun = Subscription(
            user=user,
            id=self.new_id(now),
            product=plan.id,
            credits=plan.credits,
            amount=plan.amount,
            agreed_at=now,
            customer_key=customer_key,
            auth_key=sealed,
            auth_hash=auth_hash,
            auth_at=now,
            due_at=now,
        )
        return stands.replaced_by(begun) if stands else begun

    def current(self, user: str) -> Subscription:
        """Raises `SubscriptionNotFound`."""
        found = self.subscriptions.get(user)
        if found is None:
            raise SubscriptionNotFound
        return found

    def stop(self, user: str) -> Subscription:
        """No more charges; what is paid stays until `paid_until`. Raises `SubscriptionNotFound`."""
        return self._changed(user, lambda stands: stands.stopped(self.clock()))

    def agree(self, user: str, amount: int) -> Subscription:
        """Record that the user agrees to a new price; raises `SubscriptionNotFound` and `SubscriptionConflict`."""
        plan = self.catalogue.plan

        def agreed(stands: Subscription) -> Subscription:
            if amount == plan.amount and stands.runs and may_charge(stands, plan):
                return stands
            if amount != plan.amount or not asks_consent(stands, plan, self.clock()):
                raise SubscriptionConflict
            return stands.agreed(plan, self.clock())

        return self._changed(user, agreed)

    def _changed(self, user: str, change: Callable[[Subscription], Subscription]) -> Subscription:
        for _ in range(TRIES):
            stands = self.current(user)
            after = change(stands)
            if after is stands:
                return stands
            if self.subscriptions.save(after):
                self.telemetry.log("subscription changed", **after.log_ids, status=after.status)
                return after
        raise StorageUnavailable("the subscription changes too fast")

    def _handed_over(self, subscription: Subscription) -> Subscription:
        """Soon rather than by the next sweep; one that is lost comes with that."""
        self.telemetry.log("card given", **subscription.log_ids, status=subscription.status)
        item = WorkItem(WorkKind.SUBSCRIPTION, subscription.user, "", subscription.due_at or self.clock())
        hand_over_soon(self.queue, self.telemetry, item, subscription.log_ids)
        return subscription
