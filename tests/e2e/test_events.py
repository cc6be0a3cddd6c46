"""The deployed stack tells of what has ended: on its bus, and to the team's server, by its own roles."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from local.cloud.running import RunningCloud
from operations.client import VeilClient
from tests.e2e.world import subject, until
from tests.support.wire import Asked, Reply, Wire

SECONDS = 90  # a second post comes after fifteen
BUS, SECRET = "veil-local", "veil-local/events-signing-key"


@pytest.fixture
def on_bus(running: RunningCloud) -> Iterator["_Told"]:
    """The details of what comes to the bus from now on, by their ids: as a team has them, by a rule to a queue."""
    sqs, events = running.client("sqs"), running.client("events")
    queue = sqs.create_queue(QueueName="everything-told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="everything", EventBusName=BUS, EventPattern=json.dumps({"source": ["veil"]}))
    events.put_targets(Rule="everything", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": arn}])
    yield _Told(sqs, queue)
    events.remove_targets(Rule="everything", EventBusName=BUS, Ids=["queue"])
    events.delete_rule(Name="everything", EventBusName=BUS)
    sqs.delete_queue(QueueUrl=queue)


class _Told(dict[str, Any]):
    def __init__(self, sqs: Any, queue: str) -> None:
        super().__init__()
        self._sqs, self._queue = sqs, queue

    def has(self, event_id: str) -> bool:
        for message in self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", []):
            event = json.loads(message["Body"])
            assert (event["source"], event["detail-type"]) == ("veil", event["detail"]["type"])
            self[event["detail"]["id"]] = event["detail"]
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return event_id in self

    def of(self, kind: str) -> list[Any]:
        """What was told of this kind so far."""
        self.has("")
        return [detail["data"] for detail in self.values() if detail["type"] == kind]


@pytest.fixture
def server(events_server: Wire) -> Iterator[Wire]:
    """The team's server, which fails at first; what other tests left to be posted may come to it, too."""
    events_server.answer(Reply(503))
    yield events_server
    events_server.answer(Reply(204))


def posts(server: Wire, event_id: str) -> list[Asked]:
    return [asked for asked in server.asked if asked.headers.get("webhook-id") == event_id]


def test_a_generation_and_an_erasure_are_told(
    running: RunningCloud, alice: VeilClient, ready: str, on_bus: _Told, server: Wire
) -> None:
    user = subject(alice)
    done = alice.wait_for_generation(alice.generate(ready, "classic")["id"])
    event_id = f"generation-finished-{done['id']}"
    until(lambda: on_bus.has(event_id), SECONDS)
    counts = {"status": "completed", "stored": 4, "refunded": 0}
    assert on_bus[event_id]["data"] == {"generation_id": done["id"], "user_id": user, **counts}
    until(lambda: bool(posts(server, event_id)), SECONDS)
    server.answer(Reply(204))
    until(lambda: len(posts(server, event_id)) == 2, SECONDS)
    secret = running.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]
    for asked in posts(server, event_id):
        envelope = Webhook(secret).verify(asked.body, asked.headers)
        assert {"id": event_id, **envelope} == on_bus[event_id]
    alice.wait_for_erasure(alice.leave())
    until(lambda: on_bus.of("account.erased") == [{"user_id": user}], SECONDS)
