"""Whether every order ends, can be found, and agrees with the refunds that were made of it."""

from collections import Counter
from collections.abc import Iterator

from operations.audit.finding import Finding, Rule, utc
from operations.audit.holdings import Holdings, Money
from operations.audit.work import listed
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import OUTSIDE, Order, OrderKind, OrderStatus

ORDERED_WITHIN_SECONDS = 2 * 3600  # an order can be paid for 45 minutes, and is then looked at by the sweep
OPEN = (OrderStatus.CREATED, OrderStatus.CONFIRMING)


def order_findings(holdings: Holdings, now: float) -> Iterator[Finding]:
    user, money = holdings.user, holdings.money
    yield from listed(user, money.debt.due_at, now, f"owes {money.debt.owed} credits", must=money.debt.owed > 0)
    for order in money.orders:
        yield from _life(user, order, now)
        yield from _figures(user, order, money)
        yield from _cancels(user, order, money)
    for refund in money.refunds:
        yield from _refund(user, refund, money, now)
    for key, times in Counter(key for order in money.orders for key in order.cancels).items():
        if times > 1:
            yield Finding(user, None, Rule.MONEY_REFUND_WRONG, f"cancel {key} is booked {times} times")
    yield from _pointers(holdings)


def _life(user: str, order: Order, now: float) -> Iterator[Finding]:
    """A renewal that is being confirmed goes on with its subscription, which is held against the list by itself."""
    renewing = order.kind is OrderKind.RENEWAL and order.status is OrderStatus.CONFIRMING
    yield from listed(user, order.due_at, now, order.status, must=order.status in OPEN and not renewing, order=order.id)
    if order.status is OrderStatus.CREATED and now - order.created_at > ORDERED_WITHIN_SECONDS:
        yield Finding(user, None, Rule.OVERDUE, f"created since {utc(order.created_at)}", order.id)


def _figures(user: str, order: Order, money: Money) -> Iterator[Finding]:
    """No more comes back than was sold; ``refunded`` is where no money is left; and an order is one of its user's."""
    within = 0 <= order.refunded_credits <= order.credits and 0 <= order.refunded_amount <= order.amount
    if not within or not (order.granted or order.refunded_credits == order.refunded_amount == 0):
        detail = f"{order.status}, back are {order.refunded_credits} of {order.credits} credits, "
        yield Finding(user, None, Rule.ORDER_WRONG, f"{detail}{order.refunded_amount} of {order.amount} KRW", order.id)
    if order.status in (OrderStatus.PAID, OrderStatus.REFUNDED):
        expected = OrderStatus.PAID if order.balance else OrderStatus.REFUNDED
        if order.status is not expected:
            yield Finding(user, None, Rule.ORDER_WRONG, f"{order.status}, with {order.balance} KRW left", order.id)
    if order.customer_key != money.customer_key:
        yield Finding(user, None, Rule.CUSTOMER_DIFFERS, "the account has another customer key", order.id)


def _cancels(user: str, order: Order, money: Money) -> Iterator[Finding]:
    """Each booked cancel of our own was one refund's, by its transaction key; while one is asked, the order waits."""
    own = {key: refund_id for key, refund_id in order.cancels.items() if refund_id != OUTSIDE}
    done = {one.id: one for one in _of(order, money) if one.status is RefundStatus.DONE}
    for key, refund_id in own.items():
        if refund_id not in done or done[refund_id].transaction_key != key:
            detail = f"cancel {key} is of refund {refund_id}, which is not done by it"
            yield Finding(user, None, Rule.MONEY_REFUND_WRONG, detail, order.id)
    asked = sum(refund.status is RefundStatus.ASKED for refund in _of(order, money))
    if asked != (1 if order.status is OrderStatus.REFUNDING else 0):
        yield Finding(user, None, Rule.MONEY_REFUND_WRONG, f"{order.status}, with {asked} refunds asked", order.id)
    back = (sum(one.credits for one in done.values()), sum(one.amount for one in done.values()))
    stands = (order.refunded_credits, order.refunded_amount)
    outside = len(own) < len(order.cancels)
    if back[0] > stands[0] or back[1] > stands[1] or (back != stands and not outside):
        detail = f"refunds done are {back[0]} credits, {back[1]} KRW; booked are {stands[0]}, {stands[1]} KRW"
        yield Finding(user, None, Rule.MONEY_REFUND_WRONG, detail, order.id)


def _of(order: Order, money: Money) -> list[OrderRefund]:
    return [refund for refund in money.refunds if refund.order_id == order.id]


def _refund(user: str, refund: OrderRefund, money: Money, now: float) -> Iterator[Finding]:
    """A refund that is done has a transaction key, which stands in its order under its id, and nowhere else."""
    asked, order = refund.status is RefundStatus.ASKED, money.order(refund.order_id)
    yield from listed(user, refund.due_at, now, f"refund {refund.id} is asked", must=asked, order=refund.order_id)
    if order is None:
        yield Finding(user, None, Rule.ORDER_MISSING, f"refund {refund.id}, and no order", refund.order_id)
        return
    uses = Counter((key, by) for one in money.orders for key, by in one.cancels.items() if by == refund.id)
    wanted = {(refund.transaction_key, refund.id): 1} if refund.status is RefundStatus.DONE else {}
    if uses != wanted or (refund.transaction_key and refund.transaction_key not in order.cancels):
        detail = f"refund {refund.id} is {refund.status} by {refund.transaction_key}, booked {len(uses)} times"
        yield Finding(user, None, Rule.MONEY_REFUND_WRONG, detail, refund.order_id)


def _pointers(holdings: Holdings) -> Iterator[Finding]:
    """An order and what says whose it is were put in one write: neither is there alone."""
    if holdings.stray is not None:
        yield Finding(holdings.user, None, Rule.ORDER_MISSING, f"it points to no order of {holdings.stray}")
    for order in holdings.money.orders:
        if order.id not in holdings.money.pointers:
            yield Finding(holdings.user, None, Rule.POINTER_MISSING, "it can't be found by its id", order.id)
