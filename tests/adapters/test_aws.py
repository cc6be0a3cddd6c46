"""The translation of AWS's errors, secrets and their cache, and the clients' bounds."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from veil.adapters import aws, secrets
from veil.adapters.aws import CONFIG, aws_errors, cancellation_reasons, failed_conditions, is_transient
from veil.adapters.secrets import secret_reader
from veil.domain.ports import StorageUnavailable

REGION = "ap-northeast-2"


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


@pytest.fixture
def secrets_manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield boto3.client("secretsmanager", region_name=REGION)


def test_a_secret_is_kept_for_five_minutes(secrets_manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets_manager.create_secret(Name="veil-test/token", SecretString="first")
    read = secret_reader()
    assert read("veil-test/token") == "first"
    secrets_manager.put_secret_value(SecretId="veil-test/token", SecretString="second")
    assert read("veil-test/token") == "first"
    assert secrets.MAX_AGE_SECONDS == 300
    monkeypatch.setattr(secrets, "MAX_AGE_SECONDS", 0)
    assert secret_reader()("veil-test/token") == "second"


def test_a_secret_that_is_missing(secrets_manager: Any) -> None:
    with pytest.raises(Exception, match="ResourceNotFound"):
        secret_reader()("veil-test/none")
