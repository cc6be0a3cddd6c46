"""Which operation a method and a path mean.

Source: https://docs.tosspayments.com/reference
"""

from typing import Literal
from urllib.parse import unquote, urlsplit

from local.stand_ins.toss.errors import Refused

Operation = Literal["confirm", "get", "get_by_order", "cancel", "issue", "charge", "delete", "transactions"]

_PATHS: tuple[tuple[Operation, str, str], ...] = (
    ("confirm", "POST", "/v1/payments/confirm"),
    ("get", "GET", "/v1/payments/{}"),
    ("get_by_order", "GET", "/v1/payments/orders/{}"),
    ("cancel", "POST", "/v1/payments/{}/cancel"),
    ("issue", "POST", "/v1/billing/authorizations/issue"),
    ("charge", "POST", "/v1/billing/{}"),
    ("delete", "DELETE", "/v1/billing/{}"),
    ("transactions", "GET", "/v1/transactions"),
)


def operation_of(method: str, path: str) -> tuple[Operation, str]:
    """The operation, and the key or id in the path, decoded. Raises `Refused` with NOT_FOUND_HTTP_METHOD."""
    given = urlsplit(path).path.split("/")
    for operation, wanted_method, pattern in _PATHS:
        wanted = pattern.split("/")
        if method == wanted_method and len(given) == len(wanted) and all(map(_fits, wanted, given)):
            return operation, "".join(unquote(part) for part, place in zip(given, wanted, strict=True) if place == "{}")
    raise Refused("NOT_FOUND_HTTP_METHOD")


def _fits(wanted: str, given: str) -> bool:
    return bool(given) if wanted == "{}" else wanted == given
