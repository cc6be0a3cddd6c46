"""A card company took the money of an order back: it is by mail that we hear of it, and Toss's API never tells."""

from collections.abc import Callable
from dataclasses import dataclass

from operations.ask import Ask
from operations.errors import OperationError
from operations.money import StageMoney
from veil.domain.orders import Order
from veil.domain.payments import Cancel

PREFIX = "dispute "  # no transaction key of Toss's has a space in it
TRIES = 5


def is_dispute(transaction_key: str) -> bool:
    """Whether a booked cancel is one of which Toss knows nothing."""
    return transaction_key.startswith(PREFIX)


@dataclass(frozen=True)
class Dispute:
    money: StageMoney
    ask: Ask
    say: Callable[[str], None] = print

    def __call__(self, order_id: str, key: str, amount: int | None = None) -> None:
        """Book it under ``key``, once: ``amount`` KRW, or all that have not gone back. Credits are taken as far as
        there are any, and the rest is owed.

        What Toss tells is booked first, so that no money is taken back twice. Raises `OperationError`.
        """
        order = self._standing(order_id, key)
        if order is None:
            return
        cancel = Cancel(PREFIX + key, order.balance if amount is None else amount, "dispute")
        self._check(order, cancel)
        credits_ = order.cancelled_outside([cancel]).refunded_credits - order.refunded_credits
        what = f"{cancel.amount} of the {order.balance} KRW left of order {order.id}"
        self.ask.agree(f"A card company took {what} back? {credits_} credits of user {order.user} go with them.")
        self._book(order, cancel)

    def _standing(self, order_id: str, key: str) -> Order | None:
        """The order, settled by Toss; None where the dispute is booked."""
        order = self.money.order(order_id)
        if PREFIX + key in order.cancels:
            self.say(f"Dispute {key} of order {order.id} has been booked before; nothing is done.")
            return None
        return self.money.settle(order)

    def _check(self, order: Order, cancel: Cancel) -> None:
        if not order.granted:
            raise OperationError(f"order {order.id} is {order.status}: no credits were given for it")
        if not 0 < cancel.amount <= order.balance:
            raise OperationError(f"{order.balance} KRW of order {order.id} have not gone back yet, not {cancel.amount}")

    def _book(self, order: Order, cancel: Cancel) -> None:
        """By the write that books what is cancelled at Toss by another's hand."""
        orders = self.money.orders
        for _ in range(TRIES):
            customer = orders.customer(order.user)
            if customer is None:
                raise OperationError(f"user {order.user} has no account")
            after = order.cancelled_outside([cancel])
            if orders.take_back(order, after, customer, self.money.clock()):
                self._booked(order, after, cancel, customer.available)
                return
            order = self.money.settle.reread(order)
            self._check(order, cancel)
        raise OperationError("the account changes too fast: try again with the same --key")

    def _booked(self, before: Order, after: Order, cancel: Cancel, available: int) -> None:
        credits_ = after.refunded_credits - before.refunded_credits
        taken = min(credits_, available)
        self.say(f"Booked {cancel.amount} KRW of order {after.id} as '{cancel.transaction_key}'; it is {after.status}.")
        self.say(f"{taken} credits were taken; {credits_ - taken} were spent, and are owed by the user.")
