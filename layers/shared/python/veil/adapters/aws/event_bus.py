"""The stage's event bus."""

import json

from veil.adapters.aws.client import aws_errors, client
from veil.domain.event_ports import EventBus
from veil.domain.events import Event
from veil.domain.ports import InvariantBroken, StorageUnavailable

SOURCE = "veil"
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
