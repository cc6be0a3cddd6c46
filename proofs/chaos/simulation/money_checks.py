"""What must hold of the money when a world has ended: our books against those of Toss."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from proofs.chaos.simulation.world import SimulatedWorld
from veil.domain.credits import Entry, EntryKind
from veil.domain.order_refunds import RefundStatus
from veil.domain.orders import LOOK_DAYS, OUTSIDE, Order, OrderKind, OrderStatus
from veil.domain.subscriptions import DAY, Subscription, SubscriptionStatus

LATE_SECONDS = 6 * 3600.0  # a look that is due may meet a Toss that does not answer
ENDED = (OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.FAILED, OrderStatus.EXPIRED, OrderStatus.REVIEW)
GIVEN = {OrderKind.PACK: EntryKind.PURCHASE, OrderKind.RENEWAL: EntryKind.GRANT}


def check_money(world: SimulatedWorld) -> None:
    """Hold all orders, refunds and subscriptions against the payments; all that is wrong is in the score."""
    payments = defaultdict(list)
    for payment in world.toss.core.state()["payments"]:
        if payment["approved"]:
            payments[payment["orderId"]].append(payment)
    entries = defaultdict(list)
    for entry in (entry for own in world.watch.money.entries.values() for entry in own.values()):
        entries[entry.reference].append(entry)
    for order_id in payments.keys() - world.watch.money.orders.keys():
        world.score.violation(f"{order_id} was paid, and is no order")
    for order in world.watch.money.orders.values():
        _grant(world, order, payments.get(order.id, []), entries[order.id])
        _ended(world, order)
        if order.granted and order.id in payments and not _erased(world, order.user):
            _gone_back(world, order, payments[order.id][0])
    _refunds(world)
    _charges(world, payments.keys())
    _subscriptions(world)
    _debts(world)


def _grant(world: SimulatedWorld, order: Order, payments: list[dict[str, Any]], entries: list[Entry]) -> None:
    """Paid at Toss, once and in full, and its credits given, once and in full: both or neither."""
    world.score.ends[f"{order.kind} orders {order.status}"] += 1
    given = [entry.amount for entry in entries if entry.kind is GIVEN[order.kind]]
    if given != [order.credits] * order.granted:
        world.score.violation(f"{order.id} is {order.status}, and entries gave {given} for it")
    if len(payments) > 1:
        world.score.violation(f"{order.id} was paid {len(payments)} times")
    if order.granted and not payments:
        world.score.violation(f"{order.id} is {order.status}, and was never paid")
    waits = (order.due_at is not None and not _erased(world, order.user)) or (
        order.status is OrderStatus.REVIEW and order.id in world.toss.lied
    )
    if payments and not order.granted and not waits:
        world.score.violation(f"{order.id} was paid, and is {order.status}")
    if any(payment["totalAmount"] != order.amount for payment in payments):
        world.score.violation(f"{order.id} was paid with another amount")


def _ended(world: SimulatedWorld, order: Order) -> None:
    if order.status not in ENDED:
        world.score.violation(f"{order.id} is still {order.status}")
    if order.status is OrderStatus.REVIEW and order.id not in world.toss.lied:
        world.score.violation(f"{order.id} is in review, and Toss never lied about it")
    late = order.due_at is not None and world.now() - order.due_at > LATE_SECONDS
    if late and not _erased(world, order.user):
        world.score.violation(f"{order.id} has been due since {order.due_at}")


def _gone_back(world: SimulatedWorld, order: Order, payment: dict[str, Any]) -> None:
    """What went back at Toss is booked, but for what went back after the last look at it."""
    unbooked = [one for one in payment["cancels"] if one["transactionKey"] not in order.cancels]
    booked = payment["totalAmount"] - payment["balanceAmount"] - sum(one["cancelAmount"] for one in unbooked)
    if booked != order.refunded_amount:
        world.score.violation(f"{order.id}: {booked} KRW went back, and {order.refunded_amount} are booked")
    paid_at = order.paid_at or 0.0
    looks = [at for days in LOOK_DAYS if (at := paid_at + days * DAY) < world.now() - LATE_SECONDS]
    for one in unbooked:
        if looks and world.toss.cancelled_at[one["transactionKey"]] < looks[-1]:
            world.score.violation(f"{order.id}: a cancel of {one['cancelAmount']} KRW was never found")
    if not 0 <= order.refunded_credits <= order.credits:
        world.score.violation(f"{order.id}: {order.refunded_credits} credits of {order.credits} were taken back")


def _refunds(world: SimulatedWorld) -> None:
    orders = world.watch.money.orders
    for refund in world.watch.money.refunds.values():
        world.score.ends[f"refunds {refund.status}"] += 1
        if refund.status is RefundStatus.ASKED:
            world.score.violation(f"refund {refund.id} has not ended")
        found = [key for key, name in orders[refund.order_id].cancels.items() if name == refund.id]
        if found != ([refund.transaction_key] if refund.status is RefundStatus.DONE else []):
            world.score.violation(f"refund {refund.id} is {refund.status}, and stands for the cancels {found}")


def _charges(world: SimulatedWorld, paid: Collection[str]) -> None:
    """No month of a plan was charged twice; ``paid`` are the orders for which Toss took money."""
    for (subscription, until), order_ids in world.watch.money.charges.items():
        if sum(each in paid for each in order_ids) > 1:
            world.score.violation(f"subscription {subscription} was charged twice for one period, from {until}")


def _subscriptions(world: SimulatedWorld) -> None:
    for one in world.watch.money.subscriptions.values():
        world.score.ends[f"plans {one.status}"] += 1
        if _erased(world, one.user):
            _ended_with_its_user(world, one)
            continue
        if one.due_at is None and (one.runs or one.billing_key or one.old_key):
            world.score.violation(f"subscription {one.id} is {one.status}, and nobody will look at it")
        if one.due_at is not None and world.now() - one.due_at > LATE_SECONDS:
            world.score.violation(f"subscription {one.id} has been due since {one.due_at}")
        if one.status is SubscriptionStatus.REGISTERING:
            world.score.violation(f"subscription {one.id} was never begun")


def _ended_with_its_user(world: SimulatedWorld, one: Subscription) -> None:
    if not one.at_rest:
        world.score.violation(f"subscription {one.id} is {one.status}, of one who has left")
    keys = world.toss.live_keys().intersection(world.toss.keys.get(one.customer_key, ()))
    if keys and one.customer_key in world.toss.untold:  # nobody but Toss can know of it
        world.score.ends["cards of which Toss told nothing"] += len(keys)
    elif keys:
        world.score.violation(f"subscription {one.id}: {len(keys)} cards of one who has left can be charged")


def _erased(world: SimulatedWorld, user: str) -> bool:
    """Whether nothing of them is on the work list any more."""
    left = world.watch.leaving.left.get(user)
    return left is not None and left.done_at is not None


def _debts(world: SimulatedWorld) -> None:
    """Credits are owed only by whom another gave money back to."""
    orders = world.watch.money.orders.values()
    outside = {order.user for order in orders if OUTSIDE in order.cancels.values()}
    for item in world.dynamodb.items("CREDITS"):
        user, owed = item["pk"]["S"].removeprefix("USER#"), int(item.get("owed", {"N": "0"})["N"])
        if owed:
            world.score.ends["people who owe credits"] += 1
        if owed and user not in outside:
            world.score.violation(f"{user} owes {owed} credits for nothing")
