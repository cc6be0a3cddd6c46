"""What telling others needs of the world; as `veil.domain.ports`, of which these are apart by their readers."""

from typing import Protocol

from veil.domain.events import Event


class Outbox(Protocol):
    """Events that are owed, each put by the write that ends what it tells of, and on the work list until it is told."""

    def get(self, event_id: str) -> Event | None:
        """None for one that has been told."""

    def told(self, event_id: str) -> None:
        """Delete it; one that is gone is no error."""


class EventBus(Protocol):
    """Where anybody's rules find events."""

    def put(self, event: Event) -> None:
        """At least once. Raises `veil.domain.ports.StorageUnavailable`: it may be there all the same."""


class Deliveries(Protocol):
    """The queue of events that are to be posted to the team's server."""

    def send(self, event: Event) -> None:
        """At least once, in no order; raises `veil.domain.ports.StorageUnavailable`."""


class NotDelivered(Exception):
    """The server did not say that it has the event; it may have it all the same. The message names no URL."""


class ReceiverGone(Exception):
    """The server wants this event no more (410)."""


class Receiver(Protocol):
    """The team's server."""

    def post(self, event: Event) -> None:
        """Post it, signed. Raises `NotDelivered`, `ReceiverGone`, and `veil.domain.ports.StorageUnavailable` where the
        signing secret can't be read.
        """
