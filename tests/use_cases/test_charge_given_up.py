"""A charge whose order ended unpaid, or is a person's to decide: its plan ends, and goes on with deleting the card."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.clock import START, FakeClock, FakeIds
from tests.fakes.generations import MemoryWorkList
from tests.fakes.orders import MemoryOrders, MemorySubscriptions
from tests.fakes.store import MemoryStore
from veil.domain.orders import Order, OrderKind, OrderStatus
from veil.domain.ports import WorkItem, WorkKind
from veil.domain.products import Catalogue
from veil.domain.subscriptions import Subscription, SubscriptionStatus
from veil.use_cases.continue_subscription import ContinueSubscription


class Nothing:
    """Whatever it is asked for, nothing comes of it."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_, **__: None


@pytest.mark.parametrize("status", [OrderStatus.EXPIRED, OrderStatus.REVIEW])
def test_the_plan_ends_with_it(status: OrderStatus) -> None:
    ids, clock = FakeIds(), FakeClock()
    store = MemoryStore(ids)
    subscriptions, orders = MemorySubscriptions(store), MemoryOrders(store)
    order = Order("ada", ids(START), OrderKind.RENEWAL, "plan_monthly", 16, 9900, START, "key", OrderStatus.CONFIRMING)
    one = Subscription("ada", ids(START), "plan_monthly", 16, 9900, START, "key", SubscriptionStatus.ENDING)
    one = replace(one, billing_key="sealed", paid_until=START - 1)
    assert subscriptions.save(one)
    assert subscriptions.begin_charge(one.charging(order.id, START), order)
    assert orders.save(replace(order, status=status, version=2))
    nothing: Any = Nothing()
    go_on = ContinueSubscription(
        MemoryWorkList(store), subscriptions, orders, *[nothing] * 4, Catalogue.priced(""), clock, ids,
        nothing,
    )  # fmt: skip
    standing = subscriptions.get("ada")
    assert standing
    assert standing.due_at
    assert go_on(WorkItem(WorkKind.SUBSCRIPTION, "ada", "", standing.due_at))
    after = subscriptions.get("ada")
    assert after
    assert (after.status, after.order_id, after.due_at) == (SubscriptionStatus.ENDED, None, START)
