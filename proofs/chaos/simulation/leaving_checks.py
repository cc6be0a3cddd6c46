"""What must hold of who has left when a world has ended: nothing of them is there, and what the law keeps adds up."""

from collections.abc import Mapping
from typing import Any

from operations.audit.leaving_rules import ERASED_WITHIN_SECONDS
from proofs.chaos.simulation.leaving_watch import Left
from proofs.chaos.simulation.world import SimulatedWorld
from veil.adapters.dynamodb.encoding import from_item
from veil.adapters.dynamodb.erasures import retained_from_item
from veil.adapters.dynamodb.items import CREDITS, partition, pointer, receipt_key
from veil.domain.erasure import RetainedOrder, is_retained
from veil.domain.order_refunds import RefundStatus
from veil.domain.orders import Order
from veil.domain.uploads import user_folder

TOMBSTONE = {"pk", "sk", "erased_at", "receipt", "expires_at", "written_by"}
WITHOUT_MONEY_SECONDS = 6 * 3600.0  # nothing has to be waited for but the services


def check_leaving(world: SimulatedWorld) -> None:
    """All that is wrong is in the score."""
    kept = [retained_from_item(from_item(item)) for item in world.dynamodb.items("RETAINED")]
    retained = {one.order_id: one for one in kept}
    if len(retained) != len(kept):
        world.score.violation("an order of one who has left is kept twice")
    for user, left in world.watch.leaving.left.items():
        world.score.ends["people who left"] += 1
        orders = [order for order in world.watch.money.orders.values() if order.user == user]
        _over(world, user, left, orders)
        _nothing_stands(world, user)
        for order in orders:
            _kept(world, order, retained.pop(order.id, None), left)
    for order_id in retained:
        world.score.violation(f"{order_id} is kept, and is no order of one who has left")


def _over(world: SimulatedWorld, user: str, left: Left, orders: list[Order]) -> None:
    """It ended in time, and the receipt says so."""
    item = world.dynamodb.item(*receipt_key(left.receipt))
    if left.done_at is None or item is None or "done_at" not in item:
        world.score.violation(f"{user} has left, and is not erased")
        return
    world.score.ends["people erased"] += 1
    bound = ERASED_WITHIN_SECONDS if orders or user in world.watch.money.subscriptions else WITHOUT_MONEY_SECONDS
    if left.done_at - left.erased_at > bound:
        hours = (left.done_at - left.erased_at) / 3600
        world.score.violation(f"{user} was erased after {hours:.1f} hours")


def _nothing_stands(world: SimulatedWorld, user: str) -> None:
    pk = partition(user)
    for sk in world.dynamodb.sorts(pk):
        item = world.dynamodb.item(pk, sk) or {}
        if sk != CREDITS or item.keys() - TOMBSTONE:
            world.score.violation(f"{user} has left, and has {sk}: {', '.join(sorted(item))}")
    for key in world.s3.objects:
        if f"/{user_folder(user)}/" in key:
            world.score.violation(f"{user} has left, and {key} stands")


def _kept(world: SimulatedWorld, order: Order, retained: RetainedOrder | None, left: Left) -> None:
    """What the law keeps is there, without a name, and no more; it says what Toss says."""
    if (retained is None) == is_retained(order):
        world.score.violation(f"{order.id} is {order.status}, of one who has left, and kept: {retained}")
    if "user" in (world.dynamodb.item(*pointer(order.id)) or {}):
        world.score.violation(f"{order.id} leads to one who has left")
    if retained is None:
        return
    world.score.ends["orders kept of people who left"] += 1
    if (retained.amount, retained.credits, retained.paid_at) != (order.amount, order.credits, order.paid_at):
        world.score.violation(f"{order.id} is kept as another: {retained}")
    payments = [one for one in world.toss.core.state()["payments"] if one["orderId"] == order.id and one["approved"]]
    back = sum(_back(payment) for payment in payments)
    if not order.refunded_amount <= retained.refunded_amount <= max(back, order.refunded_amount):
        world.score.violation(f"{order.id}: {back} KRW went back, kept are {retained.refunded_amount}")
    refunds = [one for one in world.watch.money.refunds.values() if one.order_id == order.id]
    late = order.granted and (order.claimed_at or order.created_at) >= left.erased_at
    if late and back < order.amount and all(refund.status is RefundStatus.DONE for refund in refunds):
        world.score.violation(f"{order.id} was paid after its user had left, and {back} KRW went back")


def _back(payment: Mapping[str, Any]) -> int:
    return int(payment["totalAmount"] - payment["balanceAmount"])
