"""The deployed functions tell of what has ended: on the bus, and by a signed post that comes again."""

import io
import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest
from standardwebhooks import Webhook

from local.photos.make import encode, noise
from local.simulated.environment import DELIVERY_QUEUE_URL, EVENT_BUS, EVENTS_SECRET, NOTIFY_QUEUE_URL, TABLE
from local.simulated.functions import Context, cold, message_event
from tests.support.callbacks import Callbacks
from tests.support.functions import Call, Ready
from tests.support.shop import Shop
from tests.support.wire import Reply, Wire
from veil.adapters.aws import client as aws
from veil.domain.events import Event


def taken(url: str) -> list[Any]:
    """The messages of a queue, which are then gone."""
    sqs, bodies = boto3.client("sqs"), []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages"):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=found[0]["ReceiptHandle"])
        bodies.append(json.loads(found[0]["Body"]))
    return bodies


@pytest.fixture
def on_bus(functions: dict[str, ModuleType]) -> Iterator[Callable[[], list[Any]]]:
    """The details of what came to the bus since the last time."""
    assert functions
    sent: list[Any] = []
    hooks, name = aws.client("events").meta.events, "provide-client-params.events.PutEvents"

    def note(params: Any, **_: Any) -> None:
        assert {entry["EventBusName"] for entry in params["Entries"]} == {EVENT_BUS}
        sent.extend(json.loads(entry["Detail"]) for entry in params["Entries"])

    def seen() -> list[Any]:
        found = list(sent)
        sent.clear()
        return found

    hooks.register(name, note)
    yield seen
    hooks.unregister(name, note)


@pytest.fixture
def notify(functions: dict[str, ModuleType], wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Call the function with one message; events are posted to ``wire``."""
    assert functions["notify"]
    monkeypatch.setenv("EVENTS_URL", f"{wire.url}/hook?token=never-in-a-log")
    module = cold("notify")
    for url in (NOTIFY_QUEUE_URL, DELIVERY_QUEUE_URL):
        taken(url)

    def called(body: Any, receives: int = 1) -> Any:
        return module.handler(message_event(json.dumps(body), receives, NOTIFY_QUEUE_URL), Context())

    return called


@pytest.fixture
def finished(call: Call, ready: Ready, callbacks: Callable[[str], Callbacks], outputs: Wire) -> Callable[[], str]:
    """Bring a generation to its end; its id."""

    def run() -> str:
        outputs.answer(Reply(200, encode(noise(), "JPEG")))
        generation_id: str = call("generations", "POST", "/generations", ready.body).json["id"]
        told = callbacks(generation_id)
        for index in range(3):
            assert told.tell(index, "succeeded", output=f"{outputs.url}/a.jpg").status == 204
        assert told.tell(3, "failed", error="flagged as sensitive").status == 204
        return generation_id

    return run


def posted(wire: Wire) -> list[Any]:
    return [Webhook(EVENTS_SECRET).verify(asked.body, asked.headers) for asked in wire.asked]


def test_a_generation_is_told_to_both(
    notify: Callable[..., Any],
    finished: Callable[[], str],
    on_bus: Callable[[], list[Any]],
    wire: Wire,
    user: str,
) -> None:
    generation_id = finished()
    (message,) = taken(NOTIFY_QUEUE_URL)
    assert notify(message) == {"batchItemFailures": []}
    (detail,) = on_bus()
    assert detail["id"] == f"generation-finished-{generation_id}"
    assert detail["data"] == {
        "generation_id": generation_id,
        "user_id": user,
        "status": "partial",
        "stored": 3,
        "refunded": 1,
    }
    (delivery,) = taken(DELIVERY_QUEUE_URL)
    assert notify(delivery) == {"batchItemFailures": []}
    assert [{"id": wire.asked[0].headers["webhook-id"], **envelope} for envelope in posted(wire)] == [detail]
    assert notify(message) == {"batchItemFailures": []}  # it comes again, and nothing is told again
    assert (on_bus(), taken(DELIVERY_QUEUE_URL)) == ([], [])


def test_a_payment_is_told_and_its_item_is_gone(
    shop: Shop, notify: Callable[..., Any], on_bus: Callable[[], list[Any]]
) -> None:
    order = shop.order()
    assert shop.confirm(order, shop.pay(order)).status == 200
    (message,) = taken(NOTIFY_QUEUE_URL)
    notify(message)
    (detail,) = on_bus()
    assert (detail["type"], detail["data"]["order_id"], detail["data"]["currency"]) == (
        "order.paid",
        order["id"],
        "KRW",
    )
    key = {name: {"S": value} for name, value in {"pk": f"EVENT#order-paid-{order['id']}", "sk": "EVENT"}.items()}
    assert "Item" not in boto3.client("dynamodb").get_item(TableName=TABLE, Key=key)


def test_a_post_that_fails_comes_again_later_and_is_no_error_of_the_function(
    notify: Callable[..., Any], wire: Wire, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message is put off, and nobody who reads the log learns the URL's path."""
    event = Event.from_detail(
        {
            "id": "account-erased-01",
            "type": "account.erased",
            "timestamp": "2026-11-27T05:53:31.123Z",
            "data": {"user_id": "ada"},
        }
    )
    message = {"kind": "delivery", "event": event.detail}
    waits: list[int] = []
    monkeypatch.setattr(
        "veil.adapters.aws.sqs.postpone_in",
        lambda _url, longest: lambda _handle, receives: waits.append(min(longest, 15 * 2 ** (receives - 1))),
    )
    wire.answer(Reply(503), Reply(302), Reply(204))
    for receives in (1, 9):
        assert notify(message, receives) == {"batchItemFailures": [{"itemIdentifier": "message of message"}]}
    assert notify(message, 10) == {"batchItemFailures": []}
    assert waits == [15, 3600]
    assert posted(wire) == [event.envelope] * 3
    written = log.getvalue()
    assert written.count("event not delivered now") == 2
    assert "127.0.0.1 answers 503" in written
    assert "never-in-a-log" not in written
    assert "/hook" not in written
