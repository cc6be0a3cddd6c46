"""Every failure that the client is told of, each with its stable code; `veil.api.problems` says how it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from veil.domain.consents import ConsentKind, latest
from veil.domain.declines import Decline
from veil.domain.uploads import Reason


class DomainError(Exception):
    """An expected failure. ``code`` is stable and for programs; an error's own attributes are told beside it."""

    code: ClassVar[str]
    retry_after: int | None = None  # seconds, where only the error knows them

    def __init__(self) -> None:
        super().__init__(self.code)


@dataclass(frozen=True, slots=True)
class InvalidField:
    """What is wrong with one field of a request: ``kind`` is pydantic's type of error, ``limits`` its context."""

    name: str
    kind: str
    limits: Mapping[str, object] = field(default_factory=dict)


class InvalidRequest(DomainError):
    code = "invalid_request"

    def __init__(self, *errors: InvalidField) -> None:
        super().__init__()
        self.errors = errors


class InvalidCursor(DomainError):
    code = "invalid_cursor"


class FileTooLarge(DomainError):
    code = "file_too_large"


class UnsupportedType(DomainError):
    code = "unsupported_type"


class ConsentRequired(DomainError):
    """The user has not agreed to ``version``, the newest one, of what this needs."""

    code = "consent_required"

    def __init__(self, kind: ConsentKind) -> None:
        super().__init__()
        self.kind = kind
        self.version = latest(kind)


class RateLimited(DomainError):
    code = "rate_limited"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class InsufficientCredits(DomainError):
    code = "insufficient_credits"

    def __init__(self, *, required: int, available: int) -> None:
        super().__init__()
        self.required = required
        self.available = available


class UploadNotFound(DomainError):
    code = "upload_not_found"


class UploadNotReady(DomainError):
    code = "upload_not_ready"


class UploadRejected(DomainError):
    """The upload did not pass its check, for this ``reason``."""

    code = "upload_rejected"

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self.reason = reason


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"


class ProviderUnavailable(DomainError):
    code = "provider_unavailable"


class GenerationNotFound(DomainError):
    code = "generation_not_found"


class ImageNotStored(DomainError):
    code = "image_not_stored"


class StillProcessing(DomainError):
    code = "still_processing"


class Unauthenticated(DomainError):
    """The access token names no user."""

    code = "unauthenticated"


class SignInAgain(DomainError):
    """The sign-in that the token is of is too long ago for this."""

    code = "sign_in_again"


class AccountErased(DomainError):
    """The user has left: nothing of theirs is here, and nothing new is taken."""

    code = "account_erased"


class ReceiptNotFound(DomainError):
    code = "receipt_not_found"


class InvalidSignature(DomainError):
    code = "invalid_signature"


class TokenNotFound(DomainError):
    code = "token_not_found"


class OrderNotFound(DomainError):
    code = "order_not_found"


class CreditsOwed(DomainError):
    """Money went back for credits that were spent; nothing is sold until they are made good."""

    code = "credits_owed"

    def __init__(self, *, owed: int) -> None:
        super().__init__()
        self.owed = owed


class OrderConflict(DomainError):
    """The payment is not this order's, or of another amount."""

    code = "order_conflict"


class OrderExpired(DomainError):
    code = "order_expired"


class PaymentDeclined(DomainError):
    """The customer was not charged."""

    code = "payment_declined"

    def __init__(self, decline: Decline) -> None:
        super().__init__()
        self.decline = decline


class NothingRefundable(DomainError):
    code = "nothing_refundable"

    def __init__(self, *, refundable: int) -> None:
        super().__init__()
        self.refundable = refundable


class SubscriptionNotFound(DomainError):
    code = "subscription_not_found"


class SubscriptionConflict(DomainError):
    """Another card is just being registered, the card is another user's, or the price is not the one to agree to."""

    code = "subscription_conflict"


class PaymentsUnavailable(DomainError):
    """This stage sells nothing, or no plan."""

    code = "payments_unavailable"
