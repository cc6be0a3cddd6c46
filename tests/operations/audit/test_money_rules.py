"""The audit's rules of orders, refunds and debts: what is in order gives no finding, what is wrong gives its own."""

from dataclasses import replace

import pytest

from operations.audit.finding import Rule
from operations.audit.holdings import Debt, Holdings
from operations.audit.rules import findings
from tests.fakes.clock import START
from tests.operations.audit.bought import (
    ALL_BACK,
    ASKED,
    BACK,
    BOUGHT,
    CONFIRMING,
    CREATED,
    DONE,
    EXPIRED,
    FAR,
    GRANT,
    IDS,
    PAID,
    PURCHASE,
    REFUNDING,
    REFUSED,
    RENEWAL,
    RESTORE,
    WITHDRAW,
    entry,
    holdings,
    rules,
)
from veil.domain.orders import OrderStatus
from veil.domain.subscriptions import DAY

WITHDRAWN = [BOUGHT, entry(WITHDRAW, -4)]
IN_ORDER: dict[str, Holdings] = {
    "an order that was just made": holdings(CREATED),
    "an order that is being paid": holdings(CONFIRMING),
    "an order that nobody paid": holdings(EXPIRED),
    "a paid pack": holdings(PAID, entries=[BOUGHT]),
    "a purchase that was noted by hand": holdings(entries=[entry(PURCHASE, 4, "receipt 1")]),
    "a grant under an id": holdings(entries=[entry(GRANT, 4, IDS(START))]),
    "a refund that is asked": holdings(REFUNDING, entries=[BOUGHT, entry(WITHDRAW, -4)], refunds=[ASKED]),
    "a refund that is done": holdings(BACK, entries=[BOUGHT, entry(WITHDRAW, -4)], refunds=[DONE]),
    "a refund that was refused": holdings(
        PAID, entries=[BOUGHT, entry(WITHDRAW, -4), entry(RESTORE, 4)], refunds=[REFUSED]
    ),
    "all went back by another's hand": holdings(ALL_BACK, entries=[BOUGHT, entry(WITHDRAW, -12)]),
    "another's hand took all while some was asked": holdings(
        replace(ALL_BACK, status=OrderStatus.REFUNDING),
        entries=[BOUGHT, entry(WITHDRAW, -4), entry(WITHDRAW, -8)],
        refunds=[ASKED], debt=Debt(4, START),
    ),
    "some of what was owed is collected": holdings(
        ALL_BACK, entries=[BOUGHT, entry(WITHDRAW, -5), entry(GRANT, 3, "x"), entry(WITHDRAW, -3, "debt")],
        debt=Debt(4, START + 600),
    ),
}  # fmt: skip


@pytest.mark.parametrize("stands", IN_ORDER.values(), ids=IN_ORDER)
def test_what_is_in_order_is_no_finding(stands: Holdings) -> None:
    assert rules(stands) == set()


PAID_WELL = holdings(PAID, entries=[BOUGHT])
WRONG: dict[str, tuple[Holdings, set[Rule]]] = {
    "a withdrawal that moved nothing": (
        replace(holdings(BACK, entries=WITHDRAWN, refunds=[DONE]), available=12),
        {Rule.CREDITS_DO_NOT_BALANCE, Rule.ENTRIES_DO_NOT_ADD_UP},
    ),
    "less than nothing owed": (
        holdings(PAID, entries=[BOUGHT, entry(WITHDRAW, -1)], debt=Debt(-1)),
        {Rule.OVERDRAWN},
    ),
    "a paid order whose credits were not given": (holdings(PAID), {Rule.ORDER_ENTRY_WRONG}),
    "a paid order whose credits were given twice": (holdings(PAID, entries=[BOUGHT, BOUGHT]), {Rule.ORDER_ENTRY_WRONG}),
    "other credits than were sold": (holdings(PAID, entries=[entry(PURCHASE, 13)]), {Rule.ORDER_ENTRY_WRONG}),
    "a pack that was granted": (holdings(PAID, entries=[entry(GRANT, 12)]), {Rule.ORDER_ENTRY_WRONG}),
    "credits for an order that was not paid": (holdings(EXPIRED, entries=[BOUGHT]), {Rule.ORDER_ENTRY_WRONG}),
    "a purchase of no order": (holdings(entries=[BOUGHT]), {Rule.ORDER_MISSING}),
    "orders without an account": (replace(holdings(CREATED), available=None), {Rule.ACCOUNT_MISSING}),
    "money that went back without its credits": (
        holdings(BACK, entries=[BOUGHT], refunds=[DONE]),
        {Rule.WITHDRAWALS_DO_NOT_ADD_UP},
    ),
    "a debt that was forgotten": (
        holdings(ALL_BACK, entries=[BOUGHT, entry(WITHDRAW, -5)]),
        {Rule.WITHDRAWALS_DO_NOT_ADD_UP},
    ),
    "a refund that is done and not booked": (
        holdings(replace(PAID, refunded_credits=4, refunded_amount=3300), entries=WITHDRAWN, refunds=[DONE]),
        {Rule.MONEY_REFUND_WRONG},
    ),
    "a refund that is booked and not done": (
        holdings(BACK, entries=WITHDRAWN, refunds=[replace(DONE, transaction_key="other")]),
        {Rule.MONEY_REFUND_WRONG},
    ),
    "a refund booked for more than it was": (
        holdings(replace(BACK, refunded_amount=4000), entries=WITHDRAWN, refunds=[DONE]),
        {Rule.MONEY_REFUND_WRONG},
    ),
    "a cancel that is booked in two orders": (
        holdings(
            PAID, replace(BACK, id=RENEWAL.id), entries=[BOUGHT, entry(PURCHASE, 12, RENEWAL.id), entry(WITHDRAW, -4)],
            refunds=[DONE],
        ),
        {Rule.MONEY_REFUND_WRONG},
    ),
    "an order that waits for no refund": (holdings(REFUNDING, entries=[BOUGHT]), {Rule.MONEY_REFUND_WRONG}),
    "a refund for which no order waits": (
        holdings(PAID, entries=WITHDRAWN, refunds=[ASKED]),
        {Rule.MONEY_REFUND_WRONG},
    ),
    "a refund of no order": (
        holdings(entries=[entry(GRANT, 4, "x"), entry(WITHDRAW, -4)], refunds=[ASKED]),
        {Rule.ORDER_MISSING},
    ),
    "more back than was sold": (
        holdings(replace(ALL_BACK, refunded_credits=13), entries=[BOUGHT, entry(WITHDRAW, -12)], debt=Debt(1, START)),
        {Rule.ORDER_WRONG},
    ),
    "refunded, with money left": (
        holdings(replace(BACK, status=OrderStatus.REFUNDED), entries=WITHDRAWN, refunds=[DONE]),
        {Rule.ORDER_WRONG},
    ),
    "another's order": (replace(PAID_WELL, money=replace(PAID_WELL.money, customer_key="k")), {Rule.CUSTOMER_DIFFERS}),
    "an order that can't be found": (
        holdings(PAID, entries=[BOUGHT], pointers=()),
        {Rule.POINTER_MISSING},
    ),
    "an order that no sweep will see": (holdings(replace(CREATED, due_at=None)), {Rule.OFF_THE_LIST}),
    "a payment that no sweep will see": (holdings(replace(CONFIRMING, due_at=None)), {Rule.OFF_THE_LIST}),
    "a refund that no sweep will see": (
        holdings(REFUNDING, entries=WITHDRAWN, refunds=[replace(ASKED, due_at=None)]),
        {Rule.OFF_THE_LIST},
    ),
    "a debt that no sweep will see": (
        holdings(ALL_BACK, entries=[BOUGHT, entry(WITHDRAW, -5), entry(WITHDRAW, -6, "debt")], debt=Debt(1)),
        {Rule.OFF_THE_LIST},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("stands", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found(stands: Holdings, expected: set[Rule]) -> None:
    assert rules(stands) == expected


@pytest.mark.parametrize(
    ("stands", "last", "rule"),
    [
        (holdings(CREATED), START + 2700 + 900, Rule.UNSWEPT),
        (holdings(replace(CREATED, due_at=FAR)), START + 7200, Rule.OVERDUE),
        (holdings(CONFIRMING), START + 60 + 900, Rule.UNSWEPT),
        (holdings(PAID, entries=[BOUGHT]), START + DAY + 900, Rule.UNSWEPT),
        (holdings(REFUNDING, entries=WITHDRAWN, refunds=[ASKED]), START + 60 + 900, Rule.UNSWEPT),
        (holdings(debt=Debt(0, START)), START + 900, Rule.UNSWEPT),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_has_its_time(stands: Holdings, last: float, rule: Rule) -> None:
    assert rules(stands, last) == set()
    assert rules(stands, last + 0.001) == {rule}


def test_a_finding_names_its_order() -> None:
    (finding,) = findings(holdings(PAID), START)
    assert finding.where == f"user ada order {PAID.id}"
