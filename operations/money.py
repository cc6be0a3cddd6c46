"""A stage's orders and its two accounts at Toss, wired as its functions were deployed, over the operator's clients."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from time import time
from types import TracebackType
from typing import Any, Self

from operations.errors import OperationError
from operations.stage import Stage
from operations.stage_ports import Spoken, StageQueue, StageSecret
from veil.adapters.credentials import Credentialed
from veil.adapters.dynamodb import items, records
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.erasures import DynamoRetainedOrders
from veil.adapters.dynamodb.orders import DynamoOrders
from veil.adapters.dynamodb.subscriptions import DynamoSubscriptions
from veil.adapters.dynamodb.table import Table
from veil.adapters.providers.toss import Toss, toss_client
from veil.domain.credits import Entry
from veil.domain.ids import is_id, new_id
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind
from veil.domain.payment_ports import Payments
from veil.domain.payments import PaymentForeign, PaymentUnsettled
from veil.domain.ports import Clock, StorageUnavailable
from veil.settings.payments import ChargerSettings, PaymentsSettings
from veil.use_cases.refund_order import RefundOrder
from veil.use_cases.settle_order import SettleOrder

PAGE = 100


class StageMoney:
    """What the use cases do is said; their metrics are the functions' alone. A block of it closes its connections."""

    def __init__(self, stage: Stage, say: Callable[[str], None] = print, clock: Clock = time) -> None:
        self.clock = clock
        self._stage = stage
        self._settings = PaymentsSettings.load(_settings(stage, "payments"))
        self._charger = ChargerSettings.load(_settings(stage, "charger"))
        self._telemetry = Spoken(say)
        self._clients = ExitStack()
        self._table = Table(stage.client("dynamodb"), stage.table)
        self._accounts = DynamoAccounts(self._table, new_id)
        self.orders = DynamoOrders(self._table, self._accounts)
        self.subscriptions = DynamoSubscriptions(self._table, self._accounts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._clients.close()

    @cached_property
    def payments(self) -> Mapping[OrderKind, Payments]:
        """Toss, by how an order is paid there."""
        packs, renewals = self._settings.toss_payments_key_secret, self._charger.toss_billing_key_secret
        return {
            OrderKind.PACK: self._toss(packs, self._settings.toss_merchant),
            OrderKind.RENEWAL: self._toss(renewals, self._charger.toss_billing_merchant),
        }

    def _toss(self, secret: str, merchant: str | None) -> Toss:
        url, stored = self._settings.toss_url, StageSecret(self._stage.client("secretsmanager"), secret)
        return Toss(Credentialed(stored, lambda key: self._clients.enter_context(toss_client(url, key))), merchant)

    @cached_property
    def settle(self) -> SettleOrder:
        return SettleOrder(self.orders, self.payments, None, self.clock, self._telemetry)

    @cached_property
    def refund(self) -> RefundOrder:
        queue = StageQueue(self._stage.client("sqs"), self._settings.money_queue_url)
        return RefundOrder(self.orders, queue, self.clock, new_id, self._telemetry)

    def order(self, order_id: str) -> Order:
        """By its id alone; raises `OperationError` where there is none."""
        user = self.orders.owner(order_id) if is_id(order_id) else None
        order = self.orders.get(user, order_id) if user else None
        if order is None:
            raise OperationError(self._kept(order_id) or f"this stage has no order {order_id!r}")
        return order

    def _kept(self, order_id: str) -> str | None:
        """What is known of an order whose buyer has left."""
        kept = DynamoRetainedOrders(self._table).retained(order_id) if is_id(order_id) else None
        if kept is None:
            return None
        return (
            f"the buyer of order {order_id} has left; kept without them: {kept.status}, {kept.credits} credits, "
            f"{kept.amount} KRW, of which {kept.refunded_amount} KRW went back"
        )

    def refunds(self, order: Order) -> list[OrderRefund]:
        """Those of an order, newest first."""
        found = self._table.newest(order.user, items.refund_sort(""), None, PAGE)
        return [one for one in (records.from_item(OrderRefund, item) for item in found) if one.order_id == order.id]

    def entries(self, order: Order) -> list[Entry]:
        """The ledger's lines of an order, oldest first."""
        found = self._table.newest(order.user, items.entry_sort(""), None, PAGE)
        entries = [items.entry_from_item(item) for item in found if item["reference"] == order.id]
        return entries[::-1]


def _settings(stage: Stage, function: str) -> dict[str, Any]:
    if function not in stage.functions:
        raise OperationError(f"this stage has no function {function!r} yet: deploy it first")
    return stage.settings(function)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what AWS or Toss did not answer into an `OperationError`."""
    try:
        yield
    except StorageUnavailable as error:
        raise OperationError(f"AWS did not answer ({error}): look at what was done, then try again") from error
    except PaymentForeign as error:
        raise OperationError("at Toss, the order's payment is another order's: nothing can be settled by it") from error
    except PaymentUnsettled as error:
        keys = "; look at the stage's keys for Toss" if error.ours else ""
        raise OperationError(f"Toss did not tell ({error}){keys}: nothing was changed by it, try again") from error
