"""The stage's event bus, and the queue of what is posted to the team's server."""

import json

from veil.adapters.aws.client import aws_errors, client
from veil.domain.event_ports import Deliveries, EventBus
from veil.domain.events import Event
from veil.domain.ports import InvariantBroken, StorageUnavailable

SOURCE = "veil"
DELIVERY = "delivery"  # the kind of such a message: no work item has it
# Of one entry, in an answer of 200; every other code says that the entry itself is wrong.
MAY_PASS = frozenset({"InternalException", "InternalFailure", "ServiceUnavailable", "ThrottlingException"})


class EventBridgeBus(EventBus):
    def __init__(self, name: str) -> None:
        self._name = name

    def put(self, event: Event) -> None:
        """Raises `InvariantBroken` for an event that EventBridge will never take."""
        entry = {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": event.type,
            "Detail": json.dumps(event.detail),
            "Time": event.at,
        }
        with aws_errors():
            answer = client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            code = answer["Entries"][0].get("ErrorCode", "no code")
            if code in MAY_PASS:
                raise StorageUnavailable(code)
            raise InvariantBroken(f"EventBridge does not take {event.id}: {code}")


class SqsDeliveries(Deliveries):
    def __init__(self, queue_url: str) -> None:
        self._url = queue_url

    def send(self, event: Event) -> None:
        body = {"kind": DELIVERY, "event": event.detail}
        with aws_errors():
            client("sqs").send_message(QueueUrl=self._url, MessageBody=json.dumps(body))
