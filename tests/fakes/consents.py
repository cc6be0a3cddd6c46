"""Consents: every decision, and the last of each kind."""

from dataclasses import replace

from tests.fakes.store import MemoryStore, milliseconds
from veil.domain.consents import Consent, Consents
from veil.domain.ports import ConsentBook


class MemoryConsents(ConsentBook):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def of(self, user: str) -> Consents:
        with self._store.lock:
            return dict(self._store.consents[user])

    def decide(self, user: str, consent: Consent, before: Consent | None) -> bool:
        with self._store.lock:
            self._store.require_stays(user)
            stands = self._store.consents[user].get(consent.kind)
            if (stands and stands.id) != (before and before.id):
                return False
            kept = replace(consent, at=milliseconds(consent.at))
            self._store.consents[user][consent.kind] = kept
            self._store.decisions.append((user, kept))
            return True
