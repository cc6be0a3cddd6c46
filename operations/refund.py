"""Give the money for unspent credits back, as the API does, and wait until that is settled."""

from collections.abc import Callable
from dataclasses import dataclass

from operations.errors import OperationError
from operations.money import StageMoney
from operations.progress import Progress
from veil.domain.errors import NothingRefundable
from veil.domain.order_refunds import OrderRefund, RefundStatus
from veil.domain.orders import Order, OrderStatus

POLL_SECONDS = 2.0


@dataclass(frozen=True)
class Refund:
    """``wait`` pauses for so many seconds; ``patience``: for how many in all."""

    money: StageMoney
    progress: Progress
    wait: Callable[[float], object]
    patience: float = 600

    def __call__(self, order_id: str, credits_: int | None, reason: str) -> bool:
        """Refund ``credits_`` of an order, or all that are unspent; whether the money went back.

        Raises `OperationError`, also where it is not settled in time: the charger then goes on with it.
        """
        order = self.money.order(order_id)
        before = {refund.id for refund in self.money.refunds(order)}
        try:
            after = self.money.refund(order.user, order.id, credits_, reason)
        except NothingRefundable as error:
            raise OperationError(_nothing(order, credits_, error.refundable)) from None
        asked = next(one for one in self.money.refunds(after) if one.id not in before)
        self.progress.say(f"refund {asked.id}: {asked.credits} credits were taken for {asked.amount} KRW")
        settled = self._wait(asked)
        if settled.status is RefundStatus.DONE:
            self.progress.say(f"{settled.amount} KRW went back ({settled.transaction_key})")
            return True
        self.progress.say(f"Toss gives this money not back: the user has the {settled.credits} credits again")
        return False

    def _wait(self, refund: OrderRefund) -> OrderRefund:
        """It as it is settled; whatever ends this before, a hand on Ctrl-C too, ends nothing of the refund."""
        waited, settled = 0.0, False
        try:
            with self.progress.step("the charger settles it"):
                while refund.status is RefundStatus.ASKED:
                    if waited >= self.patience:
                        raise OperationError(f"refund {refund.id} is not settled yet")
                    self.wait(POLL_SECONDS)
                    waited += POLL_SECONDS
                    refund = self.money.orders.refund(refund.user, refund.id) or refund
            settled = True
        finally:
            if not settled:
                self.progress.say(f"It goes on by itself; what came of it says: order {refund.order_id}")
        return refund


def _nothing(order: Order, credits_: int | None, most: int) -> str:
    if order.status is not OrderStatus.PAID:
        return f"nothing is refundable: order {order.id} is {order.status}"
    if not most:
        return f"nothing is refundable: the {order.left} credits of order {order.id} are spent or held"
    return f"{most} credits of order {order.id} are refundable, not {credits_}"
