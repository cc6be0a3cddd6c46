"""`DELETE /account` and `GET /erasures/{receipt}`: from the first moment on nothing is sold or given to the user, and
nothing is made for them; the eraser does the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass

from veil.domain.erasure import RECEIPT, Erasure, Receipt, is_fresh
from veil.domain.erasure_ports import Erasures
from veil.domain.errors import ReceiptNotFound, SignInAgain
from veil.domain.ports import Clock, Telemetry, WorkItem, WorkKind, WorkQueue
from veil.use_cases.hand_over import hand_over_soon


@dataclass(frozen=True)
class Leave:
    """``new_receipt`` makes 128 random bits."""

    erasures: Erasures
    queue: WorkQueue
    clock: Clock
    new_receipt: Callable[[], str]
    telemetry: Telemetry

    def __call__(self, user: str, username: str | None, signed_in_at: float | None) -> tuple[str, Receipt]:
        """The receipt's id and what it says; again and again the same. ``username``: what the issuer of tokens calls
        the user. Raises `SignInAgain`.
        """
        if not is_fresh(signed_in_at, self.clock()):
            raise SignInAgain
        return self.begin(user, username)

    def begin(self, user: str, username: str | None) -> tuple[str, Receipt]:
        """As above, of whoever asked for it."""
        now = round(self.clock(), 3)
        erasure = Erasure(user, self.new_receipt(), now, username=username, due_at=now)
        holds = self.erasures.begin(erasure)
        if holds != erasure.receipt:
            return holds, self.erasures.receipt(holds) or Receipt(now)
        self.telemetry.log("a user leaves", user=user)
        hand_over_soon(self.queue, self.telemetry, WorkItem(WorkKind.ERASURE, user, "", now), {"user": user})
        return holds, Receipt(now)


@dataclass(frozen=True)
class ReadReceipt:
    erasures: Erasures

    def __call__(self, receipt: str) -> Receipt:
        """Raises `ReceiptNotFound`."""
        found = self.erasures.receipt(receipt) if RECEIPT.fullmatch(receipt) else None
        if found is None:
            raise ReceiptNotFound
        return found
