"""Clients of AWS with bounded time, and the one translation of their errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as AwsConnectionError
from botocore.session import Session

from veil.domain.ports import StorageUnavailable

# A call is given up after three tries, 18 s at the worst: when one service hangs, a function of 29 s can still say so.
CONFIG = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})

TRANSIENT_CODES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
TRANSIENT_REASONS = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}
)


@cache
def client(service: str, config: Config = CONFIG) -> Any:
    """The process's client of an AWS service, made when first used."""
    return new_client(service, config=config)


def new_client(service: str, **options: Any) -> Any:
    """A client of botocore's: boto3 is a layer above it that costs a cold start and brings nothing we use."""
    return _session().create_client(service, **options)


@cache
def _session() -> Session:
    return Session()


def region() -> str:
    """The region that this process runs in."""
    return str(_session().get_config_variable("region"))


def ca_bundle() -> str | None:
    """The certificates that the clients trust, where those are not the usual ones."""
    bundle = _session().get_config_variable("ca_bundle")
    return None if bundle is None else str(bundle)


@contextmanager
def aws_errors() -> Iterator[None]:
    """Turn errors that may pass by themselves into `StorageUnavailable`; any other is a defect and stays as it is."""
    try:
        yield
    except (HTTPClientError, AwsConnectionError, IncompleteReadError) as error:
        raise StorageUnavailable(type(error).__name__) from error
    except ClientError as error:
        if is_transient(error.response):
            raise StorageUnavailable(error.response["Error"]["Code"]) from error
        raise


def is_transient(response: dict[str, Any]) -> bool:
    """True for throttling, conflicts and 5xx: repeating the request may help."""
    if response["Error"]["Code"] in TRANSIENT_CODES or response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
        return True
    reasons = cancellation_reasons(response)
    return bool(reasons) and all(reason in TRANSIENT_REASONS for reason in reasons if reason != "None")


def cancellation_reasons(response: dict[str, Any]) -> list[str]:
    """Why a transaction was canceled, an item each, in its items' order; empty for any other error."""
    return [reason.get("Code", "None") for reason in response.get("CancellationReasons", [])]


def failed_conditions(error: ClientError) -> dict[int, dict[str, Any]]:
    """The items of a canceled transaction whose condition did not hold, with what stood there (may be empty)."""
    reasons = error.response.get("CancellationReasons", [])
    return {
        index: reason.get("Item", {})
        for index, reason in enumerate(reasons)
        if reason.get("Code") == "ConditionalCheckFailed"
    }
