"""The simulator finds what would cost money: with a bug put in on purpose there are violations, without one none."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch

import pytest

from proofs.chaos.simulation import toss_webhooks
from proofs.chaos.simulation.crashes import crash, rehearse
from proofs.chaos.simulation.environment import new_world
from proofs.chaos.simulation.money_scenarios import MONEY_SCENARIOS
from proofs.chaos.simulation.months import simulate_months
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.simulate import people, run
from proofs.chaos.simulation.users import SimulatedUser
from proofs.chaos.simulation.weather import KILL, Weather
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.adapters.dynamodb.table import Table
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderStatus
from veil.domain.payments import PaymentUnsettled
from veil.domain.subscriptions import Subscription
from veil.use_cases.confirm_order import ConfirmOrder
from veil.use_cases.continue_subscription import ContinueSubscription
from veil.use_cases.receive_payment_webhook import ReceivePaymentWebhook
from veil.use_cases.refund_order import RefundOrder

SCENARIOS = {scenario.name: scenario for scenario in MONEY_SCENARIOS}


def slow(random: Random, score: Score) -> Weather:
    """Every third call takes its time, and others come first; every second buyer does something else than pay."""
    return Weather(random, score, {"slow": 0.3, "buyer": 0.5})


def storm(random: Random, score: Score) -> Weather:
    """Toss answers every third call wrongly, and people do what they like."""
    kinds = ("toss confirm", "toss charge", "toss cancel", "toss read", "toss webhook", "toss answers")
    people = {"buyer": 0.6, "member": 0.6, "console": 0.3}
    return Weather(random, score, dict.fromkeys(kinds, 0.3) | people | {"dynamodb": 0.03, "slow": 0.05}, KILL)


def months() -> Score:
    return simulate_months("bugs", 10, storm)


def purchases() -> Score:
    """So many people buy a pack each that two processes find the same money at once."""
    with new_world("bugs 2", slow) as world:
        users = [SimulatedUser(world, f"user {number}", [], 0) for number in range(48)]
        people(world, [partial(user.buyer.buy, "pack_small") for user in users])
        run(world)
    return world.score


def scenario(name: str) -> Callable[[], Score]:
    """As it goes without a crash."""
    return lambda: rehearse(SCENARIOS[name])[0]


@contextmanager
def a_grant_without_its_condition() -> Iterator[None]:
    """Whoever finds the money gives the credits, whatever became of the order meanwhile."""
    right, version = DynamoOrders.pay, Table.version

    def unconditional(self: Table, item: Any, number: int) -> dict[str, Any]:
        write = version(self, item, number)["Put"]
        return {"Put": {name: write[name] for name in ("TableName", "Item")}}

    def pay(self: DynamoOrders, after: Order, now: float) -> bool:
        with patch.object(Table, "version", unconditional):
            write = self._version(after)
        own = copy(self)  # of this process alone: others pay meanwhile, and would put back one another's patches
        own.__dict__["_version"] = lambda *_: write
        return right(own, after, now)

    with patch.object(DynamoOrders, "pay", pay):
        yield


@contextmanager
def a_refund_before_its_withdrawal() -> Iterator[None]:
    """The money goes back first, and then the credits are taken."""
    from veil.bootstrap.payments import PaymentsBootstrap  # reads the environment

    right: Callable[[PaymentsBootstrap], RefundOrder] = PaymentsBootstrap.__dict__["refund"].func

    def refund(self: PaymentsBootstrap) -> RefundOrder:
        made = right(self)

        def withdraw(after: Order, refund: OrderRefund, now: float) -> bool:
            payment = self.packs.by_key(after.payment_key or "")
            assert payment
            self.packs.cancel(payment, refund)
            return DynamoOrders.withdraw(self.orders, after, refund, now)

        self.orders.__dict__["withdraw"] = withdraw
        return made

    with patch.object(PaymentsBootstrap, "refund", property(refund)):
        yield


@contextmanager
def a_charge_under_a_new_order_after_a_lost_answer() -> Iterator[None]:
    right = ContinueSubscription._charge

    def charge(self: ContinueSubscription, one: Subscription, order: Order) -> None:
        try:
            right(self, one, order)
        except PaymentUnsettled:
            self.subscriptions.save(replace(one, order_id=None, version=one.version + 1))
            raise

    with patch.object(ContinueSubscription, "_charge", charge):
        yield


@contextmanager
def a_claim_after_the_confirm_call() -> Iterator[None]:
    right = ConfirmOrder.__call__

    def confirm(self: ConfirmOrder, user: str, order_id: str, payment_key: str, amount: int) -> Any:
        order = self.orders.get(user, order_id)
        if order and order.status is OrderStatus.CREATED:
            self.payments.confirm(order.claimed(payment_key, self.clock()))
        return right(self, user, order_id, payment_key, amount)

    with patch.object(ConfirmOrder, "__call__", confirm):
        yield


@contextmanager
def a_webhook_whose_body_is_believed() -> Iterator[None]:
    right = ReceivePaymentWebhook.__call__

    def receive(self: ReceivePaymentWebhook, secret: str, body: bytes) -> None:
        data = json.loads(body)["data"] if body.startswith(b'{"') else {}
        user = self.orders.owner(data["orderId"]) if data.get("orderId") else None
        order = self.orders.get(user, data["orderId"]) if user else None
        if order and not order.granted and data.get("status") == "DONE":
            paid = replace(order, status=OrderStatus.PAID, paid_at=self.clock(), version=order.version + 1)
            self.orders.pay(paid, self.clock())
        right(self, secret, body)

    with patch.object(ReceivePaymentWebhook, "__call__", receive), patch.object(toss_webhooks, "FORGED", 1.0):
        yield


BUGS: dict[Callable[[], AbstractContextManager[None]], tuple[Callable[[], Score], str]] = {
    a_grant_without_its_condition: (purchases, "and entries gave"),
    a_refund_before_its_withdrawal: (scenario("a pack is refunded"), "a cancel that was not written down before"),
    a_charge_under_a_new_order_after_a_lost_answer: (
        scenario("a plan renews, and the answer is lost"),
        "was charged twice for one period",
    ),
    a_claim_after_the_confirm_call: (scenario("a pack is bought"), "a confirm that was not written down before"),
    a_webhook_whose_body_is_believed: (purchases, "was never paid"),
}


@pytest.mark.parametrize(("bug", "run", "found"), [(bug, *case) for bug, case in BUGS.items()])
def test_a_bug_is_found(bug: Callable[[], AbstractContextManager[None]], run: Callable[[], Score], found: str) -> None:
    with bug():
        assert found in " ".join(run().violations)


def test_without_a_bug_there_is_nothing_to_find() -> None:
    score, bought = months(), purchases()
    assert score.violations == bought.violations == []
    assert score.ends["period 4 paid"]
    assert purchases().fingerprint == bought.fingerprint


@pytest.mark.parametrize("name", ["a pack is bought, and the answer is lost", "a card is changed"])
def test_each_crash_loses_nothing(name: str) -> None:
    """Some of them; `make chaos` tries all, of all scenarios."""
    score, points = rehearse(SCENARIOS[name])
    assert score.violations == []
    assert {"payments", "charger", "sweeper"} <= {point.split(":")[0] for _, point in points}
    for point, crashed in crash(SCENARIOS[name], points[::8]):
        assert crashed.violations == [], point
