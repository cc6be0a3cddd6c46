"""What the storage contract does not show of the simulated DynamoDB: that it refuses what it does not know, and what
DynamoDB refuses.
"""

from collections.abc import Callable
from typing import Any

import pytest

from local.simulated.dynamodb import AwsError, DynamoDb
from local.simulated.expressions import Unsupported

KEY = {"pk": {"S": "USER#ada"}, "sk": {"S": "CREDITS"}}
ONE = {":one": {"N": "1"}}


@pytest.fixture
def dynamodb() -> DynamoDb:
    made = DynamoDb(lambda: 0.0)
    made("PutItem", {"Item": {**KEY, "available": {"N": "4"}}})
    return made


def updating(update: str, **request: Any) -> Callable[[DynamoDb], Any]:
    return lambda dynamodb: dynamodb("UpdateItem", {"Key": KEY, "UpdateExpression": update, **request})


@pytest.mark.parametrize(
    "request_",
    [
        updating("ADD available :one", ExpressionAttributeValues=ONE),
        updating("SET a = list_append(a, :one)", ExpressionAttributeValues=ONE),
        updating("SET a = :one", ExpressionAttributeValues=ONE, ConditionExpression="size(a) = :one"),
        updating("SET a = :one", ExpressionAttributeValues=ONE, ConditionExpression="a <> :one"),
        lambda dynamodb: dynamodb("ExecuteStatement", {}),
        lambda dynamodb: dynamodb("Scan", {"FilterExpression": "attribute_exists(pk)"}),
    ],
)
def test_what_it_does_not_know_it_does_not_guess(dynamodb: DynamoDb, request_: Callable[[DynamoDb], Any]) -> None:
    with pytest.raises(Unsupported):
        request_(dynamodb)


@pytest.mark.parametrize(
    "request_",
    [
        updating("SET a = :one", ExpressionAttributeValues={**ONE, ":two": {"N": "2"}}),
        updating("SET a = b + :one", ExpressionAttributeValues=ONE),
        updating("SET a.b = :one", ExpressionAttributeValues=ONE),
        updating("SET a = :one, a.b = :one", ExpressionAttributeValues=ONE),
        lambda dynamodb: dynamodb(
            "TransactWriteItems",
            {"ClientRequestToken": "t", "TransactItems": [{"Put": {"Item": KEY}}, {"Put": {"Item": KEY}}]},
        ),
    ],
)
def test_what_is_invalid_is_refused(dynamodb: DynamoDb, request_: Callable[[DynamoDb], Any]) -> None:
    with pytest.raises(AwsError) as refusal:
        request_(dynamodb)
    assert refusal.value.code == "ValidationException"


def test_a_transaction_is_done_once_for_each_token(dynamodb: DynamoDb) -> None:
    update = {"Key": KEY, "UpdateExpression": "SET available = available - :one", "ExpressionAttributeValues": ONE}
    for token in ("first", "first", "second"):
        dynamodb("TransactWriteItems", {"ClientRequestToken": token, "TransactItems": [{"Update": update}]})
    assert dynamodb("GetItem", {"Key": KEY})["Item"]["available"] == {"N": "2"}
    with pytest.raises(AwsError) as refusal:
        dynamodb("TransactWriteItems", {"ClientRequestToken": "first", "TransactItems": [{"Put": {"Item": KEY}}]})
    assert refusal.value.code == "IdempotentParameterMismatchException"


def test_what_is_past_its_date_goes() -> None:
    now = [100.0]
    dynamodb = DynamoDb(lambda: now[0])
    for name, date in (("EARLY", "100"), ("LATE", "101")):
        dynamodb("PutItem", {"Item": {"pk": {"S": "USER#ada"}, "sk": {"S": name}, "expires_at": {"N": date}}})
    dynamodb("PutItem", {"Item": KEY})
    dynamodb.clear_expired()
    assert dynamodb.sorts("USER#ada") == ["CREDITS", "LATE"]
    now[0] = 101.0
    dynamodb.clear_expired()
    assert dynamodb.sorts("USER#ada") == ["CREDITS"]
