"""What the audit reads of a table in which something was bought, and what points to it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from local.simulated.environment import BUCKET, TABLE
from operations.audit.finding import Finding, Rule
from operations.audit.records import AwsRecords
from tests.contract.backends import Backend, on_moto
from tests.fakes.clock import START
from tests.operations.audit.bought import ASKED, CREATED, PLAN
from tests.operations.audit.test_records import audit
from veil.adapters.aws import client as aws
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.encoding import to_item
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.adapters.dynamodb.subscriptions import DynamoSubscriptions
from veil.adapters.dynamodb.table import Table, dynamodb
from veil.domain.ids import new_id
from veil.domain.orders import Order
from veil.domain.payments import Cancel, Payment, PaymentStatus

PAYMENT = Payment("pk", CREATED.id, PaymentStatus.DONE, "mid", "KRW", 9900, 9900, START)
TAKEN = Cancel("tk", 4125, "console")


@pytest.fixture
def aws_() -> Iterator[Backend]:
    with on_moto() as backend:
        yield backend


def bought(backend: Backend) -> Order:
    """Paid by ada, of whose credits 5 were taken back by another, and 5 more are being refunded."""
    accounts: Any = backend.accounts
    orders = DynamoOrders(Table(dynamodb(), TABLE), accounts)
    backend.accounts.open_account("ada", 0, START)
    orders.place(CREATED, "key", None, START)
    claimed = CREATED.claimed("pk", START)
    paid = claimed.paid(PAYMENT, START)
    assert orders.save(claimed)
    assert orders.pay(paid, START)
    customer = orders.customer("ada")
    assert customer
    back = paid.cancelled_outside([TAKEN])
    assert orders.take_back(paid, back, customer, START)
    refunding = back.withdrawn(START)
    table = Table(dynamodb(), TABLE)
    assert orders.withdraw(refunding, replace(ASKED, credits=5, amount=4125), START)
    assert DynamoSubscriptions(table, DynamoAccounts(table, new_id)).save(PLAN)
    return refunding


def put(pk: str, sk: str, **fields: Any) -> None:
    aws.client("dynamodb").put_item(TableName=TABLE, Item=to_item({"pk": pk, "sk": sk, **fields}))


def test_all_of_it_is_read_and_in_order(aws_: Backend) -> None:
    order = bought(aws_)
    holdings, found = audit()
    assert found == []
    assert list(holdings) == ["ada", items.event_key(order.event_id)[0]]  # of which nobody was told yet
    money, ada = holdings["ada"].money, holdings["ada"]
    assert (list(money.orders), money.subscription, money.customer_key) == ([order], PLAN, "key")
    assert [(one.order_id, one.credits) for one in money.refunds] == [(order.id, 5)]
    assert (set(money.pointers), ada.available, ada.withdrawn, money.debt.owed) == ({order.id}, 2, 10, 0)


def test_what_is_owed_is_read(aws_: Backend) -> None:
    bought(aws_)
    fields = {"available": 2, "owed": 3, "due_at": int(START), "work_shard": "0", "customer_key": "key"}
    put("USER#ada", "CREDITS", **fields)
    holdings, found = audit()
    assert (holdings["ada"].money.debt.owed, holdings["ada"].money.debt.due_at) == (3, START)
    assert {finding.rule for finding in found} == {Rule.WITHDRAWALS_DO_NOT_ADD_UP}


def test_an_order_that_nothing_points_to(aws_: Backend) -> None:
    order = bought(aws_)
    pk, sk = items.pointer(order.id)
    aws.client("dynamodb").delete_item(TableName=TABLE, Key=to_item({"pk": pk, "sk": sk}))
    assert [(one.user, one.order, one.rule) for one in audit()[1]] == [("ada", order.id, Rule.POINTER_MISSING)]


def test_what_points_to_no_order(aws_: Backend) -> None:
    bought(aws_)
    pk, sk = items.pointer(PLAN.id)
    put(pk, sk, user="ada")
    found = audit()[1]
    assert found == [Finding(pk, None, Rule.ORDER_MISSING, "it points to no order of ada")]


def test_an_order_that_is_said_to_be_anothers(aws_: Backend) -> None:
    order = bought(aws_)
    pk, sk = items.pointer(order.id)
    put(pk, sk, user="bob")
    assert [(one.user, one.rule) for one in audit()[1]] == [
        ("ada", Rule.POINTER_MISSING),
        (pk, Rule.ORDER_MISSING),
    ]


def test_an_order_that_was_made_while_it_reads(aws_: Backend) -> None:
    """Its user was read before, what points to it is seen after: it is no stray."""
    records = AwsRecords(aws.client("dynamodb"), TABLE, aws.client("s3"), BUCKET)
    order = bought(aws_)
    assert list(records.users()) == ["ada", items.event_key(order.event_id)[0]]
