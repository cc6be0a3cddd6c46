"""Ask for a place to put a photo, and ask for the result of its check."""

from collections.abc import Sequence
from dataclasses import dataclass

from veil.domain.consents import ConsentKind, missing
from veil.domain.errors import ConsentRequired, FileTooLarge, UnsupportedType, UploadNotFound
from veil.domain.ids import is_id
from veil.domain.ports import Clock, ConsentBook, NewId, PhotoStore, PresignedPut, RateLimiter, Uploads
from veil.domain.uploads import (
    CONTENT_TYPES,
    MAX_UPLOAD_BYTES,
    UPLOAD_URL_SECONDS,
    Upload,
    content_type_of,
    incoming_key,
)


@dataclass(frozen=True)
class CreateUpload:
    """``required`` are the consents without which nothing may be uploaded."""

    uploads: Uploads
    photos: PhotoStore
    consents: ConsentBook
    required: Sequence[ConsentKind]
    limiter: RateLimiter
    clock: Clock
    new_id: NewId

    def __call__(self, user: str, content_type: str, size: int, sha256: str | None) -> tuple[Upload, PresignedPut]:
        """Raises `UnsupportedType`, `FileTooLarge`, `ConsentRequired` and `RateLimited`."""
        content_type = content_type_of(content_type)
        if content_type not in CONTENT_TYPES:
            raise UnsupportedType
        if size > MAX_UPLOAD_BYTES:
            raise FileTooLarge
        if self.required and (kind := missing(self.consents.of(user), self.required)):
            raise ConsentRequired(kind)
        now = self.clock()
        self.limiter.check(user, now)
        upload = Upload(user, self.new_id(now), content_type, size, now)
        self.uploads.create(upload)
        put = self.photos.presign_put(incoming_key(user, upload.id), content_type, size, sha256, UPLOAD_URL_SECONDS)
        return upload, put


@dataclass(frozen=True)
class GetUpload:
    uploads: Uploads
    clock: Clock

    def __call__(self, user: str, upload_id: str) -> Upload:
        """Raises `UploadNotFound`."""
        upload = self.uploads.get(user, upload_id) if is_id(upload_id) else None
        if upload is None or upload.is_gone(self.clock()):
            raise UploadNotFound
        return upload
