"""Why a customer was not charged. Apart from the rest of payments, since every function can tell of it."""

from enum import StrEnum


class Decline(StrEnum):
    """Why a card was not charged, for the person who holds it."""

    LIMIT_EXCEEDED = "limit_exceeded"
    CARD_UNUSABLE = "card_unusable"
    CARD_UNSUPPORTED = "card_unsupported"
    CARD_COMPANY_REFUSED = "card_company_refused"
    UNAVAILABLE = "unavailable"

    @property
    def needs_other_card(self) -> bool:
        """With this card it will never be otherwise."""
        return self in (Decline.CARD_UNUSABLE, Decline.CARD_UNSUPPORTED)
