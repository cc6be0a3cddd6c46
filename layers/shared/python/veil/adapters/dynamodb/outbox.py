"""Events that are to be told, each an item of its own until it is."""

from collections.abc import Mapping
from typing import Any

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.encoding import number
from veil.adapters.dynamodb.table import Table
from veil.domain.event_ports import Outbox
from veil.domain.events import Event, EventType


class DynamoOutbox(Outbox):
    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, event_id: str) -> Event | None:
        item = self._table.at(*items.event_key(event_id))
        return event_from_item(item) if item else None

    def told(self, event_id: str) -> None:
        """An event never comes back once it is gone: what puts it happens once."""
        self._table.delete_at(*items.event_key(event_id))


def event_to_item(event: Event, now: float) -> dict[str, Any]:
    """It is on the work list as long as it stands, at once due; ``owed_at`` is since when, for the audit."""
    pk, sk = items.event_key(event.id)
    told = {"type": event.type, "at": number(event.at), "data": dict(event.data), "owed_at": number(now)}
    return {"pk": pk, "sk": sk, **told, **items.work_attributes(event.id, now)}


def event_from_item(item: Mapping[str, Any]) -> Event:
    """Raises `KeyError` or `ValueError` for an item that is none."""
    data = {name: of if isinstance(of, str) else int(of) for name, of in item["data"].items()}
    return Event(item["pk"].removeprefix("EVENT#"), EventType(item["type"]), float(item["at"]), data)
