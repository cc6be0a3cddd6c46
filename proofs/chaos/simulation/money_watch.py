"""Watches each write of an order, a refund, a subscription and an account, and each call that moves money: it must have
been written down before.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from local.simulated.expressions import Item
from proofs.chaos.simulation.process import CURRENT
from proofs.chaos.simulation.score import Score
from veil.adapters.dynamodb import records
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.items import entry_from_item
from veil.domain.credits import Entry
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.subscriptions import Subscription, SubscriptionStatus

CREATED, CONFIRMING, PAID, REFUNDING, REFUNDED, FAILED, EXPIRED, REVIEW = OrderStatus
REGISTERING, ACTIVE, PAST_DUE, ENDING, ENDED = SubscriptionStatus
ORDERS: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    CREATED: (CONFIRMING, PAID, EXPIRED, REVIEW),
    CONFIRMING: (PAID, FAILED, EXPIRED, REVIEW),
    PAID: (REFUNDING, REFUNDED),
    REFUNDING: (PAID, REFUNDED),
    REFUNDED: (),
    FAILED: (PAID, REVIEW),
    EXPIRED: (PAID, REVIEW),
    REVIEW: (PAID,),
}
SUBSCRIPTIONS: dict[SubscriptionStatus, tuple[SubscriptionStatus, ...]] = {
    REGISTERING: (ACTIVE, ENDING, ENDED),
    ACTIVE: (PAST_DUE, ENDING, ENDED),
    PAST_DUE: (ACTIVE, ENDING, ENDED),
    ENDING: (ACTIVE, ENDED),
    ENDED: (REGISTERING,),
}
REFUNDS = (RefundStatus.DONE, RefundStatus.REFUSED)
FIXED = ("user", "id", "kind", "product", "credits", "amount", "created_at", "customer_key")
GROWS = ("refunded_credits", "refunded_amount", "attempt", "version")
MARK = re.compile(r"\[([0-9A-Z]{26})\]")


class MoneyWatch:
    """What is written, as it stands: ``orders`` and ``refunds`` by id, ``subscriptions`` by user. ``charges``: the
    orders that were made for one subscription's one period. ``entries`` are all that ever were, by user and id.
    """

    def __init__(self, score: Score) -> None:
        self._score = score
        self.orders: dict[str, Order] = {}
        self.refunds: dict[str, OrderRefund] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.charges: dict[tuple[str, float | None], list[str]] = defaultdict(list)
        self.entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._written: dict[str, Callable[[Item], None]] = {
            "ORDER": lambda item: self._order(records.from_item(Order, from_item(item))),
            "REFUND": lambda item: self._refund(records.from_item(OrderRefund, from_item(item))),
            "SUBSCRIPTION": lambda item: self._subscription(records.from_item(Subscription, from_item(item))),
            "CREDITS": self._account,
            "ENTRY": self._entry,
        }

    def __call__(self, after: Item) -> None:
        """An item was written."""
        if written := self._written.get(after["sk"]["S"].partition("#")[0]):
            written(after)

    def called(self, operation: str, body: dict[str, Any]) -> None:
        """A call that moves money has come to Toss."""
        if operation == "cancel":
            mark = MARK.search(body["cancelReason"])
            refund = self.refunds.get(mark[1]) if mark else None
            if refund is None or refund.amount != body["cancelAmount"]:
                self._score.violation(f"a cancel that was not written down before: {body['cancelReason']}")
            return
        order = self.orders.get(body["orderId"])
        if order is None or order.status is CREATED or order.amount != body["amount"]:
            self._score.violation(f"a {operation} that was not written down before: {body['orderId']}")
        elif operation == "confirm" and order.payment_key != body["paymentKey"]:
            self._score.violation(f"{order.id}: a payment is confirmed that did not claim it")

    def _order(self, new: Order) -> None:
        old = self.orders.get(new.id)
        self.orders[new.id] = new
        name = f"order {new.id}: {old and old.status} → {new.status} by {_function()}"
        if old is None:
            fresh = CREATED if new.kind is OrderKind.PACK else CONFIRMING
            self._require(new.status is fresh and new.version == 1, name)
            self._count("orders placed" if new.kind is OrderKind.PACK else "renewals begun")
            return
        self._require(all(getattr(old, each) == getattr(new, each) for each in FIXED), f"{name} changed what is fixed")
        self._require(all(getattr(old, each) <= getattr(new, each) for each in GROWS), f"{name} took something back")
        self._require(old.cancels.items() <= new.cancels.items(), f"{name} forgot a cancel")
        self._require(not (old.granted and not new.granted), f"{name} took the grant back")
        if new.status is not old.status:
            self._require(new.status in ORDERS[old.status], name)
            noun = "orders" if new.kind is OrderKind.PACK else "renewals"
            self._count(f"{noun} {new.status} by {_function()}")
        elif len(new.cancels) > len(old.cancels):
            self._count(f"orders cancelled in part, found by {_function()}")

    def _refund(self, new: OrderRefund) -> None:
        old = self.refunds.get(new.id)
        self.refunds[new.id] = new
        name = f"refund {new.id}: {old and old.status} → {new.status} by {_function()}"
        if old is None:
            self._require(new.status is RefundStatus.ASKED, name)
        elif new.status is not old.status:
            self._require(old.status is RefundStatus.ASKED and new.status in REFUNDS, name)
            self._count(f"refunds {new.status} by {_function()}")

    def _subscription(self, new: Subscription) -> None:
        old = self.subscriptions.get(new.user)
        self.subscriptions[new.user] = new
        name = f"subscription {new.id}: {old and old.status} → {new.status} by {_function()}"
        if old is None:
            self._require(new.status is REGISTERING, name)
        elif new.status is not old.status:
            self._require(new.status in SUBSCRIPTIONS[old.status], name)
            self._count(f"subscriptions {new.status} by {_function()}")
        if new.order_id and new.order_id != (old and old.order_id):
            self._require(old is not None and old.status not in (ENDING, ENDED), f"{name} charged after its end")
            self.charges[new.id, new.paid_until].append(new.order_id)
        if old and old.id == new.id and new.periods > old.periods:
            self._count(f"period {min(new.periods, 4)} paid")

    def _entry(self, after: Item) -> None:
        entry = entry_from_item(from_item(after))
        self.entries[after["pk"]["S"].removeprefix("USER#")][entry.id] = entry

    def _account(self, after: Item) -> None:
        for name in ("available", "owed"):
            if int(after.get(name, {"N": "0"})["N"]) < 0:
                self._score.violation(f"{after['pk']['S']} has {name} {after[name]['N']} by {_function()}")

    def _require(self, holds: bool, what: str) -> None:
        if not holds:
            self._score.violation(what)

    def _count(self, what: str) -> None:
        self._score.ends[what] += 1


def _function() -> str:
    process = CURRENT.get()
    return process.function if process else "nobody"
