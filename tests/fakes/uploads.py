"""Uploads."""

from dataclasses import replace

from tests.fakes.store import MemoryStore
from veil.domain.ports import Uploads
from veil.domain.uploads import Reason, Upload, UploadStatus


class MemoryUploads(Uploads):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def create(self, upload: Upload) -> None:
        self._store.uploads.setdefault((upload.user, upload.id), upload)

    def get(self, user: str, upload_id: str) -> Upload | None:
        return self._store.uploads.get((user, upload_id))

    def begin_check(self, upload: Upload) -> bool:
        return self._move(upload, UploadStatus.CHECKING)

    def ready(self, upload: Upload, width: int, height: int) -> bool:
        return self._move(upload, UploadStatus.READY, width=width, height=height)

    def reject(self, upload: Upload, reason: Reason) -> None:
        self._move(upload, UploadStatus.REJECTED, reason=reason)

    def _move(
        self,
        upload: Upload,
        status: UploadStatus,
        *,
        reason: Reason | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> bool:
        with self._store.lock:
            stands = self._store.uploads.get((upload.user, upload.id))
            if stands is None or stands.status not in (UploadStatus.PENDING, UploadStatus.CHECKING):
                return False
            moved = replace(stands, status=status, reason=reason, width=width, height=height)
            self._store.uploads[upload.user, upload.id] = moved
            return True
