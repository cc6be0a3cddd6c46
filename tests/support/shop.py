"""A customer of the shop, for tests of the functions: pays in Toss's window, and lets the charger go on."""

import json
from dataclasses import dataclass
from time import time
from types import ModuleType
from typing import Any

import boto3
import httpx
import pytest

from local.simulated.environment import MONEY_QUEUE_URL, SECRETS, TABLE
from local.simulated.functions import Answer, Context
from local.stand_ins import ProvidersConfig
from tests.support.functions import Call
from veil.adapters.aws.sqs import work_item
from veil.domain.ports import WorkItem, WorkKind

WEBHOOK = f"/webhooks/toss/{SECRETS['toss-webhook-key']}"


@dataclass(frozen=True)
class Shop:
    call: Call
    functions: dict[str, ModuleType]
    control: httpx.Client
    providers: ProvidersConfig
    user: str

    def order(self, product: str = "pack_medium", **given: Any) -> Any:
        """A new order, as its client sees it."""
        placed = self.call("payments", "POST", "/orders", {"product": product}, **given)
        assert placed.status == 201, placed.text
        return placed.json

    def pay(self, order: Any, **changes: Any) -> str:
        """Authenticate the payment in the window; its key."""
        asked = {
            "orderId": order["id"],
            "amount": order["amount"],
            "orderName": order["order_name"],
            "customerKey": order["customer_key"],
            "clientKey": self.providers.toss_client_key,
            **changes,
        }
        return str(self.told("pay", asked)["paymentKey"])

    def confirm(self, order: Any, payment_key: str, amount: int | None = None, **given: Any) -> Answer:
        body = {"payment_key": payment_key, "amount": order["amount"] if amount is None else amount}
        return self.call("payments", "POST", f"/orders/{order['id']}/confirm", body, **given)

    def bought(self, product: str = "pack_medium") -> Any:
        """An order that is paid."""
        order = self.order(product)
        answer = self.confirm(order, self.pay(order))
        assert answer.status == 200, answer.text
        return answer.json

    def get(self, order: Any) -> Any:
        return self.call("payments", "GET", f"/orders/{order['id']}").json

    def credits(self) -> tuple[int, int]:
        """Available and owed."""
        balance = self.call("gallery", "GET", "/credits").json
        return balance["available"], balance["owed"]

    def told(self, what: str, body: Any) -> Any:
        """What Toss's own interface answers."""
        answer = self.control.post(f"/_control/toss/{what}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def payments(self) -> list[Any]:
        """All that Toss has of this user's orders."""
        mine = {order["id"] for order in self.call("payments", "GET", "/orders", query={"limit": "50"}).json["items"]}
        return [one for one in self.control.get("/_control/toss").json()["payments"] if one["orderId"] in mine]

    def charge(self) -> int:
        """Let the charger take what is in its queue, till there is nothing left; how many messages that were."""
        sqs, taken = boto3.client("sqs"), 0
        while messages := sqs.receive_message(QueueUrl=MONEY_QUEUE_URL, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                sqs.delete_message(QueueUrl=MONEY_QUEUE_URL, ReceiptHandle=message["ReceiptHandle"])
                self.deliver(work_item(json.loads(message["Body"])))
                taken += 1
        return taken

    def deliver(self, item: WorkItem) -> None:
        """One message to the charger."""
        body = {"kind": item.kind, "user": item.user, "id": item.id, "due_at": item.due_at}
        record = {"messageId": "1", "body": json.dumps(body), "eventSource": "aws:sqs"}
        self.functions["charger"].handler({"Records": [record]}, Context())

    def due_now(self, kind: WorkKind, id_: str = "") -> None:
        """Let the charger take what would be due later."""
        sort = f"{kind.upper()}#{id_}" if id_ else kind.upper()
        key = {"pk": {"S": f"USER#{self.user}"}, "sk": {"S": sort}}
        item = boto3.client("dynamodb").get_item(TableName=TABLE, Key=key)["Item"]
        self.deliver(WorkItem(kind, self.user, id_, float(item["due_at"]["N"])))

    def webhook(self, message: object, path: str = WEBHOOK) -> Answer:
        return self.call("payments", "POST", path, message, user=None)

    def now(self) -> float:
        return time()


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Shop:
    """A shop whose customer nobody has seen, and a Toss that behaves unless a rule says otherwise."""
    request.getfixturevalue("rule")
    names = ("call", "functions", "control", "providers", "user")
    return Shop(*map(request.getfixturevalue, names))
