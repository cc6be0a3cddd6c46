"""Every failure that the app can be told of, each with its stable code; `veil.api.problems` gives it words."""

from collections.abc import Mapping
from typing import ClassVar

from veil.domain.uploads import Reason


class DomainError(Exception):
    """An expected failure. ``code`` is stable and for programs; ``members`` stand beside the problem's own."""

    code: ClassVar[str]

    def __init__(self, members: Mapping[str, object] | None = None, *, retry_after: int | None = None) -> None:
        super().__init__(self.code)
        self.members = dict(members or {})
        self.retry_after = retry_after  # seconds


class InvalidRequest(DomainError):
    """The request's ``fields`` are wrong: name → message."""

    code = "invalid_request"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__({"errors": [{"field": field, "message": message} for field, message in fields.items()]})


class InvalidCursor(DomainError):
    code = "invalid_cursor"


class FileTooLarge(DomainError):
    code = "file_too_large"


class UnsupportedType(DomainError):
    code = "unsupported_type"


class RateLimited(DomainError):
    code = "rate_limited"


class InsufficientCredits(DomainError):
    code = "insufficient_credits"

    def __init__(self, *, required: int, available: int) -> None:
        super().__init__({"required": required, "available": available})


class UploadNotFound(DomainError):
    code = "upload_not_found"


class UploadNotReady(DomainError):
    code = "upload_not_ready"


class UploadRejected(DomainError):
    """The upload did not pass its check; ``reason`` is the check's code."""

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


class InvalidSignature(DomainError):
    code = "invalid_signature"


class TokenNotFound(DomainError):
    code = "token_not_found"
