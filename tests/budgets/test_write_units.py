"""What settling an order costs, by DynamoDB's rules: on-demand write units, the index's included."""

from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from local.simulated.environment import TABLE
from proofs.cost.units import TableShape, consumed, writes
from tests.support.shop import Shop

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")
MOST = 14


@pytest.fixture
def units(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The write units of each request."""
    shape = TableShape.described(boto3.client("dynamodb").describe_table(TableName=TABLE)["Table"])
    counted: list[float] = []
    send = BaseClient._make_api_call
    looking = boto3.client("dynamodb")

    def stand(keys: list[Any]) -> list[Any]:
        return [send(looking, "GetItem", {"TableName": TABLE, "Key": key}).get("Item") for key in keys]

    def call(client: Any, operation: str, parameters: Any) -> Any:
        if operation not in WRITES:
            return send(client, operation, parameters)
        keys = [key for key, _ in writes(operation, parameters, shape)]
        before = stand(keys)
        answer = send(client, operation, parameters)
        counted.append(consumed(operation, parameters, before, stand(keys), answer, table=shape).write)
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return counted


def test_settling_an_order(shop: Shop, units: list[float]) -> None:
    """The claim is one write, whose date moves in the index; paying is four in a transaction, at twice the price: the
    order, the credits, their entry, and the event that others are told.
    """
    order = shop.order()
    key = shop.pay(order)
    units.clear()
    assert shop.confirm(order, key).status == 200
    claim, pay = units
    assert claim + pay <= MOST
    assert claim == 1 + 2
