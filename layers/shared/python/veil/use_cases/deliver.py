"""Post one event to the team's server."""

from dataclasses import dataclass

from veil.domain.event_ports import NotDelivered, Receiver, ReceiverGone
from veil.domain.events import Event
from veil.domain.ports import StorageUnavailable, Telemetry


@dataclass(frozen=True)
class Deliver:
    receiver: Receiver
    telemetry: Telemetry

    def __call__(self, event: Event) -> bool:
        """False where it has to be posted again, later: a lost answer, too, since it may not have arrived."""
        try:
            self.receiver.post(event)
        except ReceiverGone:
            self.telemetry.count("EventsUndelivered")
            self.telemetry.log("event not wanted: the server answers 410", **event.log_ids)
            return True
        except (NotDelivered, StorageUnavailable) as error:
            self.telemetry.count("EventsUndelivered")
            self.telemetry.log("event not delivered now", **event.log_ids, why=str(error))
            return False
        self.telemetry.count("EventsDelivered")
        self.telemetry.log("event delivered", **event.log_ids)
        return True
