"""The translation of AWS's errors and the clients' bounds."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from veil.adapters.aws import client as aws
from veil.adapters.aws.client import CONFIG, aws_errors, cancellation_reasons, failed_conditions, is_transient
from veil.domain.ports import StorageUnavailable


def _error(code: str, status: int = 400, reasons: list[dict[str, Any]] | None = None) -> ClientError:
    response: dict[str, Any] = {
        "Error": {"Code": code, "Message": "because"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError({**response, **({"CancellationReasons": reasons} if reasons else {})}, "Operation")


def _canceled(*codes: str) -> ClientError:
    return _error("TransactionCanceledException", reasons=[{"Code": code} for code in codes])


TRANSIENT = [
    *(_error(code) for code in sorted(aws.TRANSIENT_CODES)),
    _error("InternalServerError", 500),
    _error("503", 503),
    _canceled("None", "TransactionConflict", "None"),
    _canceled("ThrottlingError", "ProvisionedThroughputExceeded"),
]
PERMANENT = [
    _error("AccessDeniedException"),
    _error("AccessDenied", 403),
    _error("ValidationException"),
    _error("ResourceNotFoundException"),
    _error("IdempotentParameterMismatchException"),
    _error("ConditionalCheckFailedException"),
    _canceled("ConditionalCheckFailed", "None"),
    _canceled("ConditionalCheckFailed", "TransactionConflict"),
    _canceled("ValidationError"),
    _error("TransactionCanceledException"),
]


@pytest.mark.parametrize("error", TRANSIENT, ids=str)
def test_what_may_go_well_later(error: ClientError) -> None:
    with pytest.raises(StorageUnavailable), aws_errors():
        raise error


@pytest.mark.parametrize("error", PERMANENT, ids=str)
def test_a_defect_passes(error: ClientError) -> None:
    with pytest.raises(ClientError) as passed, aws_errors():
        raise error
    assert passed.value is error


@pytest.mark.parametrize("kind", [EndpointConnectionError, ConnectTimeoutError, ReadTimeoutError])
def test_no_answer(kind: Any) -> None:
    with pytest.raises(StorageUnavailable, match=kind.__name__), aws_errors():
        raise kind(endpoint_url="https://example.com")


def test_reasons_of_a_canceled_transaction() -> None:
    old = {"available": {"N": "3"}}
    reasons: list[dict[str, Any]] = [
        {"Code": "ConditionalCheckFailed", "Item": old},
        {},
        {"Code": "ConditionalCheckFailed"},
    ]
    error = _error("TransactionCanceledException", reasons=reasons)
    assert cancellation_reasons(error.response) == ["ConditionalCheckFailed", "None", "ConditionalCheckFailed"]
    assert failed_conditions(error) == {0: old, 2: {}}
    assert not is_transient(error.response)


def test_clients_wait_for_seconds_and_try_three_times() -> None:
    """Their own defaults are a minute, and a minute, each time."""
    assert (CONFIG.connect_timeout, CONFIG.read_timeout) == (1, 5)
    assert CONFIG.retries == {"mode": "standard", "total_max_attempts": 3}
