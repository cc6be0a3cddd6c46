"""A stage that sells, as the operations reach it: its table on moto, its Toss the stand-in, its charger by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Self

import httpx

from local.simulated.environment import BUCKET, MONEY_QUEUE_URL, TABLE, environment
from local.stand_ins import ProvidersConfig
from operations.access import Access
from operations.money import StageMoney
from operations.stage import Stage
from veil.adapters.aws.sqs import work_item
from veil.adapters.dynamodb.accounts import DynamoAccounts
from veil.adapters.dynamodb.generations import DynamoWorkList
from veil.adapters.dynamodb.table import Table
from veil.domain.credits import EntryKind
from veil.domain.ids import new_id
from veil.domain.order_refunds import OrderRefund
from veil.domain.orders import Order, OrderKind
from veil.domain.ports import WorkItem, WorkKind
from veil.use_cases.confirm_order import ConfirmOrder
from veil.use_cases.continue_refund import ContinueRefund

CUSTOMER = "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11"


class Shop:
    """``said`` is what the money's use cases tell the person at the keyboard."""

    def __init__(self, client: Callable[[str], Any], providers: ProvidersConfig, control: httpx.Client) -> None:
        self.providers, self.said = providers, list[str]()
        self._aws, self._control = client, control
        self.variables = environment(
            TOSS_URL=f"{providers.base_url}/toss",
            TOSS_MERCHANT=providers.toss_mid,
            TOSS_BILLING_MERCHANT=providers.toss_billing_mid,
        )
        functions = {name: f"veil-{name}" for name in ("payments", "charger", "gallery")}
        self.stage = Stage(self._client, TABLE, BUCKET, functions, "https://api.test", Access())
        self.money = StageMoney(self.stage, self.said.append)
        self.table = Table(client("dynamodb"), TABLE)
        self.accounts = DynamoAccounts(self.table, new_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.money.__exit__(None, None, None)

    def _client(self, service: str) -> Any:
        deployed = {"Environment": {"Variables": self.variables}}
        if service == "lambda":
            return SimpleNamespace(get_function_configuration=lambda **_: deployed)
        return self._aws(service)

    def control(self, path: str, **body: Any) -> Any:
        """A step of Toss's stand-in, or its rules."""
        return self._control.post(f"/_control{path}", json=body).raise_for_status().json()

    @property
    def reads(self) -> int:
        """How often Toss was asked about a payment so far."""
        return int(self._control.get("/_control").raise_for_status().json()["counters"].get("toss.get", 0))

    def placed(self, user: str = "ada", kind: OrderKind = OrderKind.PACK) -> Order:
        """12 credits for 9900 KRW, by a user who had none."""
        now = self.money.clock()
        self.accounts.open_account(user, 0, now)
        order = Order(user, new_id(now), kind, "pack_medium", 12, 9900, round(now, 3), CUSTOMER, due_at=round(now, 3))
        self.money.orders.place(order, CUSTOMER, None, now)
        return order

    def authenticated(self, order: Order, amount: int = 9900) -> str:
        """The key of a payment that the customer agreed to."""
        window = {"orderId": order.id, "amount": amount, "orderName": "12 credits", "customerKey": CUSTOMER}
        return str(self.control("/toss/pay", **window, clientKey=self.providers.toss_client_key)["paymentKey"])

    def claimed(self, user: str = "ada") -> Order:
        """One whose payment was to be confirmed."""
        order = self.placed(user)
        claimed = order.claimed(self.authenticated(order), self.money.clock())
        assert self.money.orders.save(claimed)
        return self.now(order)

    def paid(self, user: str = "ada") -> Order:
        money = self.money
        confirm = ConfirmOrder(money.orders, money.payments[OrderKind.PACK], money.settle, money.clock)
        paid = confirm.confirm(self.claimed(user))
        assert paid.granted
        self.said.clear()
        return self.now(paid)

    def now(self, order: Order) -> Order:
        """An order as it stands."""
        stands = self.money.orders.get(order.user, order.id)
        assert stands
        return stands

    def save(self, order: Order, **changes: Any) -> Order:
        """Write an order otherwise than any arrow would."""
        changed = replace(order, **changes, version=order.version + 1)
        assert self.money.orders.save(changed)
        return changed

    def spend(self, amount: int, user: str = "ada") -> None:
        now = self.money.clock()
        entry = self.accounts.put_entry(user, EntryKind.RESERVE, -amount, "a portrait", now)
        assert not self.table.transact([self.accounts.take_credits(user, amount), entry])

    def available(self, user: str = "ada") -> tuple[int, int]:
        """Credits that can be spent, and credits owed."""
        customer = self.money.orders.customer(user)
        assert customer
        return customer.available, customer.owed

    def console_cancel(self, order: Order, amount: int) -> None:
        self.control("/toss/console/cancel", paymentKey=order.payment_key, amount=amount)

    def refund(self, order: Order) -> OrderRefund:
        """The order's last one."""
        return self.money.refunds(order)[0]

    def charge(self) -> int:
        """Do what the queue has for the charger; how many messages there were."""
        sqs, money = self._aws("sqs"), self.money
        found = sqs.receive_message(QueueUrl=MONEY_QUEUE_URL, MaxNumberOfMessages=10).get("Messages", [])
        items: list[WorkItem] = [work_item(json.loads(message["Body"])) for message in found]
        work = DynamoWorkList(self.table)
        go_on = ContinueRefund(work, money.orders, money.payments, money.settle, money.clock, money.settle.telemetry)
        for item in items:
            assert item.kind is WorkKind.REFUND
            assert go_on(item)
        return len(items)
