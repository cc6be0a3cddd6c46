"""The check of a photo that has landed: is it an image, can it be used, is there exactly one face?"""

from dataclasses import dataclass
from hashlib import sha256

from veil.domain.generation import StoredOutput
from veil.domain.photos import FaceServiceRefused, Photo, ReaderFailed, Rejected, require_one_face
from veil.domain.ports import FaceDetector, PhotoReader, PhotoStore, Telemetry, Uploads
from veil.domain.uploads import Reason, Upload, UploadStatus, input_key, parse_incoming_key


@dataclass(frozen=True)
class CheckPhoto:
    """Runs at least once for each object that lands; doing it again changes nothing. Of a photo that was put twice,
    with two checks at once, what was stored first stays, and its size is told.

    The raw photo is deleted last: a crash before leaves it, and the message comes again.
    """

    uploads: Uploads
    photos: PhotoStore
    reader: PhotoReader
    faces: FaceDetector
    telemetry: Telemetry

    def __call__(self, key: str, *, last_try: bool = False) -> None:
        """Raises `FaceServiceRefused`, `FaceServiceDown` and, but at the ``last_try``, `ReaderFailed`: the upload is
        still being checked, and its message comes again.
        """
        owner = parse_incoming_key(key)
        upload = self.uploads.get(*owner) if owner else None
        if upload and self.uploads.begin_check(upload):
            data = self.photos.read(key)
            if data is None:  # a repeated message, while the first one finished
                return
            self._check(upload, data, last_try)
        self.photos.delete([key])

    def _read(self, upload: Upload, data: bytes, last_try: bool) -> Photo:
        try:
            return self.reader.read(data, upload.content_type)
        except ReaderFailed as error:
            if last_try:
                raise Rejected(Reason.UNREADABLE_IMAGE, defect=str(error)) from error
            raise

    def _check(self, upload: Upload, data: bytes, last_try: bool) -> None:
        try:
            photo = self._read(upload, data, last_try)
            require_one_face(self.faces.detect(photo))
        except Rejected as rejection:
            self.uploads.reject(upload, rejection.reason)
            ids = {"user": upload.user, "upload_id": upload.id}
            self.telemetry.log("photo rejected", **ids, reason=rejection.reason, defect=rejection.defect)
            if rejection.defect:
                self.telemetry.count("PhotoDefects")
            return
        except FaceServiceRefused:
            self.telemetry.count("FaceServiceRefused")
            raise
        key = input_key(upload.user, upload.id)
        stands = self.photos.write_once(key, photo.jpeg, _describe(photo))
        if not self.uploads.ready(upload, stands.width, stands.height):  # another check of it ended first
            now = self.uploads.get(upload.user, upload.id)
            if now is None or now.status is UploadStatus.REJECTED:
                self.photos.delete([key])
            return
        self.telemetry.log(
            "photo ready", user=upload.user, upload_id=upload.id, width=stands.width, height=stands.height
        )


def _describe(photo: Photo) -> StoredOutput:
    return StoredOutput(len(photo.jpeg), sha256(photo.jpeg).hexdigest(), photo.width, photo.height, "image/jpeg")
