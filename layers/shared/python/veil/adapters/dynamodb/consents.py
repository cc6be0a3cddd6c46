"""Consents: each decision a record of its own, and one item with the last of each kind."""

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Expression, Table, Update
from veil.domain.consents import Consent, Consents
from veil.domain.errors import AccountErased
from veil.domain.ports import ConsentBook


class DynamoConsents(ConsentBook):
    def __init__(self, table: Table) -> None:
        self._table = table

    def of(self, user: str) -> Consents:
        return items.consents_from_item(self._table.get(user, items.CONSENTS))

    def decide(self, user: str, consent: Consent, before: Consent | None) -> bool:
        """Invariants: no record ever changes; the last decision is one that has its record. Of two decisions on what
        both saw, one loses this condition, looks again, and comes after the other. Nobody who has left decides.
        """
        decision = items.consent_to_map(consent)
        record = {"pk": items.partition(user), "sk": items.consent_sort(consent), **decision}
        last = Update()
        last.set(decision, consent.kind)
        if before is None:
            last.require_absent(consent.kind)
        else:
            last.require_equal(before.id, consent.kind, "id")
        e = Expression()
        stays = f"attribute_not_exists({e.path('erased_at')}) OR {e.path('expires_at')} <= {e.value(int(consent.at))}"
        failed = self._table.transact(
            [
                self._table.put_new(record),
                self._table.updated(user, items.CONSENTS, last),
                self._table.checked(items.partition(user), items.CREDITS, e, stays),
            ]
        )
        if 2 in failed:
            raise AccountErased
        return not failed
