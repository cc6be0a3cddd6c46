"""Look one order up: what we have of it, what Toss says of it, and what can be given back."""

from collections.abc import Callable, Iterator

from operations.audit.finding import utc
from operations.money import StageMoney
from veil.domain.orders import Order, OrderKind
from veil.domain.payments import Payment, PaymentForeign, PaymentUnsettled
from veil.use_cases.orders import ReadOrders


def look_up(
    money: StageMoney, order_id: str, say: Callable[[str], None] = print, *, toss: bool = True, settle: bool = False
) -> None:
    """Say all that is known of an order; ``settle``: after what Toss says was applied. Toss is asked once, if ``toss``.

    Raises `OperationError` where there is no such order, and as `StageMoney.settle` where it is to be settled.
    """
    order = money.order(order_id)
    told = _told(money, order, must=settle) if toss or settle else None
    if settle:
        order = _settled(money, order, told, say)
    for line in (*_order(money, order), *_parts(money, order), *_at_toss(told)):
        say(line)


def _told(money: StageMoney, order: Order, *, must: bool) -> Payment | str:
    """What Toss says; in words where that is no payment of the order's."""
    try:
        return money.settle.read(order) or "Toss has no payment of it"
    except (PaymentForeign, PaymentUnsettled) as error:
        if must:
            raise
        return f"Toss did not tell: {type(error).__name__}: {error}"


def _settled(money: StageMoney, order: Order, told: Payment | str | None, say: Callable[[str], None]) -> Order:
    if not isinstance(told, Payment):
        say("There is nothing to settle it by.")
        return order
    after = money.settle.apply(order, told)
    say(f"It was {order.status} and is {after.status}." if after != order else "It is as Toss says.")
    return after


def _order(money: StageMoney, order: Order) -> Iterator[str]:
    shown = ReadOrders(money.orders).get(order.user, order.id)
    back = f"{order.refunded_credits} credits, {order.refunded_amount} KRW"
    yield f"order {order.id}: {order.status}, {order.kind} {order.product}, {order.credits} credits, {order.amount} KRW"
    yield f"  user {order.user}"
    yield f"  created {utc(order.created_at)}"
    yield f"  paid {utc(order.paid_at)}" if order.paid_at else "  not paid"
    if order.payment_key:
        yield f"  payment {order.payment_key}"
    if order.decline:
        yield f"  declined: {order.decline}"
    yield f"  back so far: {back}"
    yield f"  refundable now: {shown.refundable_credits} credits, {shown.refundable_amount} KRW"
    yield f"  on the work list for {utc(order.due_at)}" if order.due_at is not None else "  off the work list"


def _parts(money: StageMoney, order: Order) -> Iterator[str]:
    for refund in money.refunds(order):
        why = f", because of: {refund.reason}" if refund.reason else ""
        by = f" by {refund.transaction_key}" if refund.transaction_key else ""
        yield f"refund {refund.id}: {refund.status}{by}, {refund.credits} credits, {refund.amount} KRW{why}"
    for key, whose in order.cancels.items():
        yield f"cancel {key}: {whose}"
    for entry in money.entries(order):
        yield f"entry {utc(entry.created_at)}: {entry.kind} {entry.amount:+}"
    if order.kind is OrderKind.RENEWAL and (one := money.subscriptions.get(order.user)):
        until = f", paid until {utc(one.paid_until)}" if one.paid_until else ""
        names = "charges this order" if one.order_id == order.id else "is the user's"
        yield f"subscription {one.id}: {one.status}{until}; it {names}"


def _at_toss(told: Payment | str | None) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Payment):
        yield f"at Toss: {told.status}, {told.amount} {told.currency}, {told.balance} left, merchant {told.merchant}"
        for cancel in told.cancels:
            yield f"  cancel {cancel.transaction_key}: {cancel.amount} {told.currency}, {cancel.reason!r}"
