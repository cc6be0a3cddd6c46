"""A version whose answer is lost is sent again, and finds itself: the mark on the item tells it from another's."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.contract.answers import Answer, Answers, Reply, canceled, dynamo, dynamo_error
from tests.contract.backends import Backend, aws_environment, on_aws
from tests.contract.money import NOW, new_order, new_subscription, payment_of
from tests.fakes.clock import START
from veil.adapters.dynamodb.table import dynamodb
from veil.domain.orders import Order
from veil.domain.ports import StorageUnavailable

DONE = dynamo({})
CONFLICT = canceled("TransactionConflict", "None", "None")
SILENCE = [ReadTimeoutError(endpoint_url="https://x.test"), ConnectionClosedError(endpoint_url="https://x.test")]
type Answering = Callable[..., Answers]


@pytest.fixture
def backend() -> Iterator[Backend]:
    with aws_environment():
        yield on_aws("table", "bucket")


@pytest.fixture
def answering(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Answering:
    return lambda *answers: Answers.to(dynamodb(), monkeypatch, *answers)


@pytest.fixture
def order(backend: Backend) -> Order:
    return new_order(backend, "ada").claimed("tgen_1", NOW)


def lost(mark: str | None = None) -> Callable[[dict[str, Any]], Reply]:
    """The condition is lost to an item with this mark; to the request's own without one."""

    def condition_lost(request: dict[str, Any]) -> Reply:
        item = {**request["Item"], **({"written_by": {"S": mark}} if mark else {})}
        return dynamo_error("ConditionalCheckFailedException", Item=item)

    return condition_lost


@pytest.mark.parametrize("silence", SILENCE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("mark", [None, "another's"], ids=["its own", "another's"])
def test_a_version_whose_answer_was_lost_knows_its_own_success(
    backend: Backend, answering: Answering, order: Order, silence: Answer, mark: str | None
) -> None:
    answers = answering(silence, lost(mark))
    assert backend.orders.save(order) is (mark is None)
    first, second = answers.requests
    assert first == second


def test_an_item_without_a_mark_is_anothers(backend: Backend, answering: Answering, order: Order) -> None:
    """One that a transaction put; or the item is gone."""

    def unmarked(request: dict[str, Any]) -> Reply:
        item = {name: value for name, value in request["Item"].items() if name != "written_by"}
        return dynamo_error("ConditionalCheckFailedException", Item=item)

    answering(SILENCE[0], unmarked)
    assert not backend.orders.save(order)
    answering(SILENCE[0], dynamo_error("ConditionalCheckFailedException"))
    assert not backend.orders.save(order)


def test_each_version_has_a_mark_of_its_own(backend: Backend, answering: Answering, order: Order) -> None:
    answers = answering(DONE)
    assert backend.orders.save(order)
    assert backend.orders.save(order)
    assert backend.subscriptions.save(new_subscription("ada", backend))
    assert len({request["Item"]["written_by"]["S"] for request in answers.requests}) == 3


def test_a_version_waits_a_transaction_out(backend: Backend, answering: Answering, order: Order) -> None:
    answers = answering(dynamo_error("TransactionConflictException"), DONE)
    assert backend.orders.save(order)
    assert len(answers.requests) == 2


@pytest.mark.parametrize("answer", [*SILENCE, dynamo_error("ThrottlingException"), Reply(503, "")], ids=str)
def test_trouble_that_stays_is_storage_unavailable(
    backend: Backend, answering: Answering, order: Order, answer: Answer
) -> None:
    answers = answering(answer)
    with pytest.raises(StorageUnavailable):
        backend.orders.save(order)
    assert len(answers.requests) == 3


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_what_we_did_wrong_is_told_at_once(backend: Backend, answering: Answering, order: Order, code: str) -> None:
    answers = answering(dynamo_error(code))
    with pytest.raises(ClientError):
        backend.orders.save(order)
    assert len(answers.requests) == 1


@pytest.mark.parametrize("trouble", [CONFLICT, *SILENCE], ids=["conflict", "timeout", "closed"])
def test_a_payment_is_sent_again_with_the_same_token(backend: Backend, answering: Answering, trouble: Answer) -> None:
    """DynamoDB answers a known token with what it did: the credits are given once, and we know that they are."""
    answers = answering(trouble, DONE)
    order = new_order(backend, "ada")
    assert backend.orders.pay(order.paid(payment_of(order), NOW), START)
    first, second = answers.requests
    assert first == second
    assert first["ClientRequestToken"]
