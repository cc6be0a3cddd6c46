"""What a user has agreed to: show it, change it."""

from dataclasses import dataclass

from veil.domain.consents import VERSIONS, Consent, ConsentKind, Consents
from veil.domain.errors import InvalidField, InvalidRequest
from veil.domain.ports import Clock, ConsentBook, NewId, StorageUnavailable

TRIES = 5


@dataclass(frozen=True)
class ChangeConsents:
    book: ConsentBook
    clock: Clock
    new_id: NewId

    def all(self, user: str) -> Consents:
        """The last decision of each kind."""
        return self.book.of(user)

    def decide(self, user: str, kind: ConsentKind, version: str, *, granted: bool) -> Consent:
        """Record a decision; one that says what the last one said is not written again.

        An older version may be decided on, too: that is what the person was shown. It does not count as agreed to
        (`Consent.in_force`). Raises `InvalidRequest` for a version that there is none of.
        """
        if version not in VERSIONS[kind]:
            raise InvalidRequest(InvalidField("version", "literal_error", {"expected": ", ".join(VERSIONS[kind])}))
        for _ in range(TRIES):
            before = self.book.of(user).get(kind)
            if before and before.says(version, granted=granted):
                return before
            now = self.clock()
            consent = Consent(kind, self.new_id(now), version, granted, now)
            if self.book.decide(user, consent, before):
                return consent
        raise StorageUnavailable("the consents change too fast")
