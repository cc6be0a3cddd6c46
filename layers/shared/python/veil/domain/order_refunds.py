"""Money on its way back to a customer, for credits of an order that are unspent."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self


class RefundStatus(StrEnum):
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OrderRefund:
    """Money on its way back: ``credits`` have been taken back for ``amount`` KRW. ``attempt`` numbers the tries;
    ``reason`` is what an operator gave, for nobody but us.
    """

    user: str
    id: str
    order_id: str
    credits: int
    amount: int
    created_at: float
    status: RefundStatus = RefundStatus.ASKED
    attempt: int = 1
    transaction_key: str | None = None
    due_at: float | None = None
    reason: str | None = None
    version: int = 1

    @property
    def log_ids(self) -> dict[str, str]:
        """The ids on every log line about it."""
        return {"user": self.user, "order_id": self.order_id, "refund_id": self.id}

    @property
    def mark(self) -> str:
        """Stands in the reason of the cancel, by which it is found again."""
        return f"[{self.id}]"

    @property
    def idempotency_key(self) -> str:
        return f"refund:{self.id}:{self.attempt}"

    def tried_again(self) -> Self:
        """The provider answered an error, or another balance: the next try needs a key of its own."""
        return replace(self, attempt=self.attempt + 1, version=self.version + 1)

    def done(self, transaction_key: str) -> Self:
        return self._settled(RefundStatus.DONE, transaction_key)

    def refused(self) -> Self:
        return self._settled(RefundStatus.REFUSED, None)

    def _settled(self, status: RefundStatus, transaction_key: str | None) -> Self:
        if self.status is not RefundStatus.ASKED:
            raise ValueError(f"refund {self.id} is {self.status}")
        return replace(self, status=status, transaction_key=transaction_key, due_at=None, version=self.version + 1)
