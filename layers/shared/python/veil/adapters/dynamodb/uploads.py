"""Uploads: each change of status is conditional on the status before it."""

from veil.adapters.dynamodb import items
from veil.adapters.dynamodb.table import Table, Update
from veil.domain.ports import Uploads
from veil.domain.uploads import Reason, Upload, UploadStatus


class DynamoUploads(Uploads):
    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, upload: Upload) -> None:
        self._table.put_once(items.upload_to_item(upload))

    def get(self, user: str, upload_id: str) -> Upload | None:
        item = self._table.get(user, items.upload_sort(upload_id))
        return items.upload_from_item(item) if item else None

    def begin_check(self, upload: Upload) -> bool:
        return self._move(upload, UploadStatus.CHECKING)

    def ready(self, upload: Upload, width: int, height: int) -> bool:
        return self._move(upload, UploadStatus.READY, width=width, height=height)

    def reject(self, upload: Upload, reason: Reason) -> None:
        self._move(upload, UploadStatus.REJECTED, reason=reason)

    def _move(self, upload: Upload, status: UploadStatus, **attributes: object) -> bool:
        """Invariant: a settled upload stays as it is, whichever of two checks of it ends last."""
        update = Update()
        for name, value in {"status": status, **attributes}.items():
            update.set(value, name)
        update.require_one_of([UploadStatus.PENDING, UploadStatus.CHECKING], "status")
        return self._table.update(upload.user, items.upload_sort(upload.id), update) is not None
