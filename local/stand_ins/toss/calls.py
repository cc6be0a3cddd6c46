"""A call of the API, understood as far as its merchant, its operation and its Idempotency-Key.

Source: https://docs.tosspayments.com/reference/using-api/authorization
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from local.stand_ins.toss.auth import authenticate
from local.stand_ins.toss.bodies import Body
from local.stand_ins.toss.errors import STATUSES, Refused
from local.stand_ins.toss.idempotency import Slot
from local.stand_ins.toss.paths import Operation, operation_of
from local.stand_ins.toss.settings import Merchant

TEST_CODE, IDEMPOTENCY_KEY = "tosspayments-test-code", "idempotency-key"
_TESTABLE = {"confirm", "cancel", "issue", "charge"}


@dataclass(frozen=True)
class Call:
    """``name`` is the key or id in the path, decoded; the headers' names are in lower case."""

    merchant: Merchant
    operation: Operation
    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def understood(
        cls, method: str, path: str, headers: Mapping[str, str], body: bytes, merchants: tuple[Merchant, ...]
    ) -> Self:
        """Raises `Refused` for a stranger, and for a path that doesn't exist."""
        merchant = authenticate(headers.get("authorization", ""), merchants)
        return cls(merchant, *operation_of(method, path), method, path, headers, body)

    @property
    def slot(self) -> Slot | None:
        """Where the answer is kept; None for a call without an Idempotency-Key, or that is no POST."""
        key = self.headers.get(IDEMPOTENCY_KEY)
        return None if key is None or self.method != "POST" else (key, self.merchant.secret_key, self.method, self.path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    def read[B: Body](self, model: type[B]) -> B:
        """The body. Raises `Refused`."""
        return model.read(self.headers.get("content-type", ""), self.body)

    def check_test_code(self) -> None:
        """Raises the `Refused` that the caller orders in a header, before anything is looked at."""
        code = self.headers.get(TEST_CODE)
        if code is not None and self.operation in _TESTABLE:
            raise Refused(code if code in STATUSES else "INVALID_TEST_CODE")
