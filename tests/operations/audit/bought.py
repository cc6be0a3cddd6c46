"""What a user can have bought, in every state, with the entries that belong to it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from operations.audit.finding import Rule
from operations.audit.holdings import Holdings, Money
from operations.audit.rules import findings
from tests.fakes.clock import START, FakeIds
from veil.domain.credits import Entry, EntryKind
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import OUTSIDE, Order, OrderKind, OrderStatus
from veil.domain.subscriptions import DAY, Subscription, SubscriptionStatus

IDS = FakeIds()
GRANT, PURCHASE, WITHDRAW, RESTORE = EntryKind.GRANT, EntryKind.PURCHASE, EntryKind.WITHDRAW, EntryKind.RESTORE
PLAN = Subscription(
    "ada", IDS(START), "plan_monthly", 16, 9900, START, "key", SubscriptionStatus.ACTIVE,
    billing_key="sealed", started_at=START, periods=1, paid_until=START + 30 * DAY, due_at=START + 30 * DAY,
)  # fmt: skip
CREATED = Order("ada", IDS(START), OrderKind.PACK, "pack_medium", 12, 9900, START, "key", due_at=START + 2700)
CONFIRMING = replace(CREATED, status=OrderStatus.CONFIRMING, payment_key="pk", claimed_at=START, due_at=START + 60)
PAID = replace(CREATED, status=OrderStatus.PAID, payment_key="pk", paid_at=START, due_at=START + DAY)
REFUNDING = replace(PAID, status=OrderStatus.REFUNDING)
EXPIRED = replace(CREATED, status=OrderStatus.EXPIRED, due_at=None)
ASKED = OrderRefund("ada", IDS(START), PAID.id, 4, 3300, START, due_at=START + 60)
DONE = replace(ASKED, status=RefundStatus.DONE, transaction_key="tk", due_at=None)
REFUSED = replace(ASKED, status=RefundStatus.REFUSED, due_at=None)
BACK = replace(PAID, refunded_credits=4, refunded_amount=3300, cancels={"tk": DONE.id})
ALL_BACK = replace(PAID, status=OrderStatus.REFUNDED, refunded_credits=12, refunded_amount=9900, cancels={"t": OUTSIDE})
RENEWAL = replace(
    PAID, id=IDS(START), kind=OrderKind.RENEWAL, product="plan_monthly", credits=16, paid_at=START, payment_key="bk"
)


def entry(kind: EntryKind, amount: int, reference: str = PAID.id) -> Entry:
    return Entry(IDS(START), kind, amount, reference, START)


def holdings(
    *orders: Order, entries: Sequence[Entry] = (), refunds: Sequence[OrderRefund] = (), **money: Any
) -> Holdings:
    """A user with these orders, whose balance is what the entries say."""
    pointers = [order.id for order in orders]
    kept = replace(Money(orders, refunds, pointers=pointers, customer_key="key"), **money)
    return Holdings("ada", sum(one.amount for one in entries), entries, (), (), {}, money=kept)


def rules(stands: Holdings, now: float = START) -> set[Rule]:
    return {finding.rule for finding in findings(stands, now)}


BOUGHT = entry(PURCHASE, 12)
RENEWED = entry(GRANT, 16, RENEWAL.id)
FAR = START + 1e9
