"""What DynamoDB does under load, which no emulator shows: conflicts, throttles, errors of its own, silence."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from tests.contract.answers import Answer, Answers, Reply, canceled, dynamo, dynamo_error
from tests.contract.backends import Backend, aws_environment, on_aws
from tests.contract.images import BILLED, OUTPUT, attempts
from tests.fakes.clock import START
from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import to_item
from veil.adapters.dynamodb.table import dynamodb
from veil.domain.credits import EntryKind
from veil.domain.errors import InsufficientCredits
from veil.domain.generation import Generation
from veil.domain.ports import AlreadyReserved, InvariantBroken, StorageUnavailable

DONE = dynamo({})
CONFLICT = canceled("TransactionConflict", "None", "None")
WHERE = {"endpoint_url": "https://dynamodb.test"}
SILENCE = [
    ReadTimeoutError(**WHERE),
    ConnectTimeoutError(**WHERE),
    EndpointConnectionError(**WHERE),
    ConnectionClosedError(**WHERE),
]
type Answering = Callable[..., Answers]


@pytest.fixture
def backend() -> Iterator[Backend]:
    with aws_environment():
        yield on_aws("table", "bucket")


@pytest.fixture
def answering(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Answering:
    return lambda *answers: Answers.to(dynamodb(), monkeypatch, *answers)


@pytest.fixture
def generation(backend: Backend) -> Generation:
    return backend.generation("ada", START)


def refund(backend: Backend, generation: Generation) -> Generation | None:
    return backend.ledger.refund(generation, generation.images[0], BILLED, START, START + 90)


@pytest.mark.parametrize("conflicts", [1, 4, 8])
def test_a_conflict_is_waited_out_with_the_same_token(
    backend: Backend, answering: Answering, generation: Generation, conflicts: int
) -> None:
    answers = answering(*[CONFLICT] * conflicts, DONE)
    assert refund(backend, generation) is not None
    assert len(answers.requests) == conflicts + 1
    (token,) = {request["ClientRequestToken"] for request in answers.requests}
    assert token
    assert len(answers.waits) == conflicts
    assert all(0 <= wait <= 0.8 for wait in answers.waits)


def test_two_calls_have_two_tokens(backend: Backend, answering: Answering, generation: Generation) -> None:
    answers = answering(DONE)
    refund(backend, generation)
    refund(backend, generation)
    assert len({request["ClientRequestToken"] for request in answers.requests}) == 2


def test_waits_are_spread(backend: Backend, answering: Answering, generation: Generation) -> None:
    answers = answering(*[CONFLICT] * 8, DONE)
    refund(backend, generation)
    assert len(set(answers.waits)) == 8


@pytest.mark.parametrize("load", ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"])
def test_throttling_beside_a_conflict_is_waited_out_too(
    backend: Backend, answering: Answering, generation: Generation, load: str
) -> None:
    answers = answering(canceled("TransactionConflict", load, "None"), DONE)
    assert refund(backend, generation) is not None
    assert len(answers.requests) == 2


def test_nothing_but_conflicts_ends_in_bounded_time(
    backend: Backend, answering: Answering, generation: Generation
) -> None:
    answers = answering(CONFLICT)
    with pytest.raises(StorageUnavailable):
        refund(backend, generation)
    assert len(answers.requests) == 9
    assert sum(answers.waits) < 5


def test_a_single_write_waits_a_transaction_out(backend: Backend, answering: Answering, generation: Generation) -> None:
    answers = answering(dynamo_error("TransactionConflictException"), dynamo_error("ConditionalCheckFailedException"))
    assert backend.ledger.capture(generation, generation.images[0], OUTPUT, START, None) is None
    assert len(answers.requests) == 2


@pytest.mark.parametrize(
    ("reasons", "outcome"),
    [
        (("ConditionalCheckFailed", "TransactionConflict", "None"), InsufficientCredits),
        (("TransactionConflict", "ConditionalCheckFailed", "None"), InvariantBroken),
    ],
)
def test_a_lost_condition_beside_a_conflict_is_lost(
    backend: Backend, answering: Answering, generation: Generation, reasons: tuple[str, ...], outcome: type[Exception]
) -> None:
    answers = answering(canceled(*reasons))
    with pytest.raises(outcome):
        backend.ledger.reserve(generation, None, START)
    assert len(answers.requests) == 1
    assert answers.waits == []


def test_a_key_that_was_used_beside_a_conflict_was_used(
    backend: Backend, answering: Answering, generation: Generation
) -> None:
    item = {"request_hash": {"S": "hash"}, "generation_id": {"S": "first"}}
    reasons = [
        {"Code": "TransactionConflict"},
        *[{"Code": "None"}] * 2,
        {"Code": "ConditionalCheckFailed", "Item": item},
    ]
    answers = answering(dynamo_error("TransactionCanceledException", CancellationReasons=reasons))
    with pytest.raises(AlreadyReserved) as refusal:
        backend.ledger.reserve(generation, ("key", "hash"), START)
    assert refusal.value.record.generation_id == "first"
    assert len(answers.requests) == 1


@pytest.mark.parametrize("reason", ["ValidationError", "ItemCollectionSizeLimitExceeded"])
def test_a_transaction_that_is_wrong_is_a_defect(
    backend: Backend, answering: Answering, generation: Generation, reason: str
) -> None:
    answers = answering(canceled("TransactionConflict", reason, "None"))
    with pytest.raises(ClientError):
        refund(backend, generation)
    assert len(answers.requests) == 1


LOAD = [
    dynamo_error("ProvisionedThroughputExceededException"),
    dynamo_error("RequestLimitExceeded"),
    dynamo_error("ThrottlingException"),
    dynamo_error("InternalServerError", 500),
    Reply(503, ""),
    *SILENCE,
]
CALLS: dict[str, Callable[[Backend, Generation], Any]] = {
    "open": lambda backend, _: backend.accounts.open_account("ada", 8, START),
    "grant": lambda backend, _: backend.accounts.grant("ada", EntryKind.GRANT, 1, "r", START),
    "balance": lambda backend, _: backend.accounts.balance("ada", START),
    "entries": lambda backend, _: backend.accounts.entries("ada", 5, None),
    "look up": lambda backend, one: backend.ledger.look_up("ada", one.upload_id, "key", START),
    "reserve": lambda backend, one: backend.ledger.reserve(one, ("key", "hash"), START),
    "claim": lambda backend, one: backend.ledger.claim(one, attempts(one.images), START),
    "refund": refund,
    "get": lambda backend, one: backend.generations.get("ada", one.id),
    "newest": lambda backend, _: backend.generations.newest("ada", 5, None),
    "due": lambda backend, _: list(backend.work.due(START)),
    "begin check": lambda backend, _: backend.limiter(1, 60).check("ada", START),
}


@pytest.mark.parametrize("answer", LOAD, ids=lambda answer: type(answer).__name__)
def test_trouble_that_passes_ends_well(
    backend: Backend, answering: Answering, generation: Generation, answer: Answer
) -> None:
    answers = answering(answer, answer, DONE)
    assert refund(backend, generation) is not None
    assert len({request["ClientRequestToken"] for request in answers.requests}) == 1


@pytest.mark.parametrize("answer", LOAD, ids=lambda answer: type(answer).__name__)
@pytest.mark.parametrize("call", list(CALLS))
def test_trouble_that_stays_is_storage_unavailable(
    backend: Backend, answering: Answering, generation: Generation, call: str, answer: Answer
) -> None:
    answers = answering(answer)
    with pytest.raises(StorageUnavailable):
        CALLS[call](backend, generation)
    assert len(answers.requests) == 3


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
@pytest.mark.parametrize("call", list(CALLS))
def test_what_we_did_wrong_is_told_at_once(
    backend: Backend, answering: Answering, generation: Generation, call: str, code: str
) -> None:
    answers = answering(dynamo_error(code))
    with pytest.raises(ClientError) as error:
        CALLS[call](backend, generation)
    assert error.value.response["Error"]["Code"] == code
    assert len(answers.requests) == 1


def test_keys_that_were_left_out_are_asked_for_again(backend: Backend, answering: Answering) -> None:
    pk = {"pk": {"S": "USER#ada"}}
    account, record = {**pk, "sk": {"S": "CREDITS"}}, {**pk, "sk": {"S": "IDEMPOTENCY#key"}}
    left_out = {"table": {"Keys": [record], "ConsistentRead": True}}
    first = {"Responses": {"table": [{**account, "available": {"N": "7"}}]}, "UnprocessedKeys": left_out}
    answers = answering(dynamo(first), dynamo({"Responses": {"table": []}, "UnprocessedKeys": {}}))
    lookup = backend.ledger.look_up("ada", "upload", "key", START)
    assert (lookup.available, lookup.idempotency) == (7, None)
    assert answers.requests[1]["RequestItems"] == left_out


def test_keys_that_are_always_left_out_are_not_taken_for_missing(backend: Backend, answering: Answering) -> None:
    keys = [{"pk": {"S": "USER#ada"}, "sk": {"S": "CREDITS"}}]
    nothing = {"Responses": {}, "UnprocessedKeys": {"table": {"Keys": keys, "ConsistentRead": True}}}
    answers = answering(dynamo(nothing))
    with pytest.raises(StorageUnavailable):
        backend.ledger.look_up("ada", "upload", "key", START)
    assert len(answers.requests) == 3


def test_a_list_goes_on_over_all_pages(backend: Backend, answering: Answering) -> None:
    entry = {"kind": {"S": "grant"}, "amount": {"N": "1"}, "reference": {"S": "r"}, "created_at": {"N": "5"}}
    keys = [{"pk": {"S": "USER#ada"}, "sk": {"S": f"ENTRY#{number}"}} for number in range(3)]
    pages = [dynamo({"Items": [{**key, **entry}], "LastEvaluatedKey": key}) for key in keys[:2]]
    answers = answering(*pages, dynamo({"Items": [{**keys[2], **entry}]}))
    assert [found.id for found in backend.accounts.entries("ada", 50, None).items] == ["0", "1", "2"]
    assert [request.get("ExclusiveStartKey") for request in answers.requests] == [None, keys[0], keys[1]]


@pytest.mark.parametrize("ours", [True, False], ids=["its own", "another's"])
def test_a_write_whose_answer_was_lost_knows_its_own_success(
    backend: Backend, answering: Answering, generation: Generation, ours: bool
) -> None:
    """It is sent again and its condition is lost, to itself or to somebody else: the mark on the item tells."""

    def condition_lost(request: dict[str, Any]) -> Reply:
        _, values = request["UpdateExpression"].split("#written_by = ")
        mark = request["ExpressionAttributeValues"][values.split(",")[0]] if ours else {"S": "another's"}
        item = {**to_item(items.generation_to_item(generation)), "written_by": mark}
        return dynamo_error("ConditionalCheckFailedException", Item=item)

    answers = answering(SILENCE[0], condition_lost)
    claimed = backend.ledger.claim(generation, attempts(generation.images), START)
    assert (claimed is not None) == ours
    first, second = answers.requests
    assert first == second
