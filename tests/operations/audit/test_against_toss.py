"""Orders held against Toss's stand-in: what it says otherwise is found, what is under way is left alone."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from local.simulated.environment import BUCKET, TABLE
from operations.ask import Ask
from operations.audit.against_toss import WAITS, AgainstToss
from operations.audit.audit import Audit
from operations.audit.finding import Rule
from operations.audit.records import AwsRecords
from operations.audit.report import run
from operations.dispute import Dispute
from tests.operations.shop import Shop
from veil.domain.orders import OUTSIDE, Order, OrderStatus

pytestmark = pytest.mark.usefixtures("plain_environment")


class Check:
    """The audit of a shop, against Toss; ``waits`` are its pauses, ``at_pause`` is done in each."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self.waits, self.said = shop, list[float](), list[str]()
        self.at_pause: Callable[[], object] = lambda: None
        money = shop.money
        self.toss = AgainstToss(money.payments, money.orders.get, money.clock, self._wait, self.said.append)

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at_pause()

    def run(self) -> tuple[bool, str]:
        """Whether all is well, and what is shown."""
        stage, shown = self._shop.stage, io.StringIO()
        records = AwsRecords(stage.client("dynamodb"), TABLE, stage.client("s3"), BUCKET)
        audit = Audit(records, self._shop.money.clock, lambda _: None, self.toss)
        return run(audit, None, Console(file=shown, width=150), self.toss), shown.getvalue()

    def found(self, order: Order) -> list[str]:
        """The details of an order's findings."""
        stage = self._shop.stage
        records = AwsRecords(stage.client("dynamodb"), TABLE, stage.client("s3"), BUCKET)
        found = list(self.toss(records.of(order.user)))
        assert {one.rule for one in found} <= {Rule.TOSS_DIFFERS}
        assert {one.order for one in found} <= {order.id}
        return [one.detail for one in found]


@pytest.fixture
def check(shop: Shop) -> Check:
    return Check(shop)


def expired(shop: Shop, order: Order, **changes: Any) -> Order:
    """An order that ended unpaid and is looked at no more."""
    return shop.save(order, status=OrderStatus.EXPIRED, due_at=None, **changes)


def test_what_agrees_with_toss_is_read_once(shop: Shop, check: Check) -> None:
    shop.paid()
    refunded = shop.paid("bob")
    shop.money.refund("bob", refunded.id, 4)
    shop.charge()
    expired(shop, shop.placed("eve"))
    before = shop.reads
    well, shown = check.run()
    assert well
    assert "3 orders were held against Toss" in shown
    assert (shop.reads - before, check.waits) == (3, [])


def test_what_is_under_way_is_not_asked_about(shop: Shop, check: Check) -> None:
    shop.placed()
    shop.claimed("bob")
    refunding = shop.paid("eve")
    shop.money.refund("eve", refunding.id, None)
    paid = shop.paid("dan")
    shop.save(paid, due_at=shop.money.clock() - 1)
    looked_at_again = shop.claimed("fay")
    shop.save(looked_at_again, status=OrderStatus.EXPIRED, due_at=shop.money.clock() + 3600)
    before = shop.reads
    assert [check.found(one) for one in (refunding, paid, looked_at_again)] == [[], [], []]
    assert (shop.reads - before, check.toss.read) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": 9000}, "wanted (9000, 'KRW', 'veil_test'), found (9900, 'KRW', 'veil_test')"),
        ({"payment_key": "never_seen"}, "paid, and Toss has no payment"),
        ({"cancels": {"tk": OUTSIDE}}, "cancel tk is booked, and Toss knows none"),
        ({"refunded_amount": 900}, "9900 KRW are left at Toss, not 9000"),
    ],
)
def test_what_our_order_says_otherwise(shop: Shop, check: Check, changes: dict[str, Any], said: str) -> None:
    assert said in check.found(shop.save(shop.paid(), **changes))
    assert check.waits == [2.0]


def test_a_payment_of_another_merchant(shop: Shop, check: Check) -> None:
    order = shop.paid()
    toss: Any = shop.money.payments[order.kind]
    toss.merchant = "another"
    assert check.found(order) == ["wanted (9900, 'KRW', 'another'), found (9900, 'KRW', 'veil_test')"]


def test_a_payment_of_another_order(shop: Shop, check: Check) -> None:
    order, other = shop.paid(), shop.paid("bob")
    changed = shop.save(order, payment_key=other.payment_key)
    assert check.found(changed) == [f"paid, and Toss has the payment of order {other.id}"]


def test_money_that_was_taken_without_a_grant(shop: Shop, check: Check) -> None:
    order = shop.save(shop.paid(), status=OrderStatus.EXPIRED, due_at=None)
    assert check.found(order) == ["expired, and at Toss DONE with 9900 KRW"]


def test_what_is_in_review_is_found_until_its_money_is_back(shop: Shop, check: Check) -> None:
    order = shop.save(shop.paid(), status=OrderStatus.REVIEW, due_at=None)
    assert check.found(order) == ["review, and at Toss DONE with 9900 KRW"]
    shop.console_cancel(order, 9900)
    assert check.found(order) == []


def test_a_cancel_that_nobody_booked(shop: Shop, check: Check) -> None:
    order = shop.paid()
    shop.console_cancel(order, 900)
    well, shown = check.run()
    assert not well
    assert "toss_differs: user ada order" in shown
    assert "9000 KRW are left at Toss, not 9900" in shown


def test_a_cancel_that_is_booked_meanwhile(shop: Shop, check: Check) -> None:
    order = shop.paid()
    shop.console_cancel(order, 900)
    check.at_pause = lambda: shop.money.settle(shop.now(order))
    assert check.found(order) == []
    assert check.waits == [2.0]


def test_a_dispute_is_none_of_tosss_business(shop: Shop, check: Check) -> None:
    order = shop.paid()
    Dispute(shop.money, Ask(yes=True), shop.said.append)(order.id, "case 17", 4000)
    assert check.found(order) == []
    shop.console_cancel(order, 5900)
    unbooked, left = check.found(order)
    assert unbooked.endswith(" is not booked")
    assert left == "4000 KRW are left at Toss, not 5900"
    shop.money.settle(shop.now(order))
    assert check.found(order) == []


def test_a_toss_that_has_had_enough_is_asked_again_later(shop: Shop, check: Check) -> None:
    order = shop.paid()
    shop.control("", toss={"get": [429, 429, None]})
    assert check.found(order) == []
    assert check.waits == list(WAITS[:2])
    assert check.said == ["Toss asks for a pause: 5 s", "Toss asks for a pause: 10 s"]
    assert check.toss.unread == 0


@pytest.mark.parametrize(("fault", "waits"), [(429, list(WAITS)), (503, [])])
def test_what_could_not_be_read_is_not_clean(shop: Shop, check: Check, fault: int, waits: list[float]) -> None:
    shop.paid()
    shop.control("", toss={"get": fault})
    well, shown = check.run()
    assert not well
    assert check.waits == waits
    assert f"1 orders could not be read at Toss: status {fault}" in shown
    assert "no findings" in shown
