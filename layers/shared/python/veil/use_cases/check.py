"""The check of a photo that has landed: is it an image, can it be used, is there exactly one face?"""

from dataclasses import dataclass
from hashlib import sha256

from veil.domain.generation import StoredOutput
from veil.domain.photos import FaceServiceDown, FaceServiceRefused, Photo, Rejected, require_one_face
from veil.domain.ports import FaceDetector, PhotoReader, PhotoStore, Telemetry, Uploads
from veil.domain.uploads import Upload, UploadStatus, input_key, parse_incoming_key


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
    min_face_pixels: int

    def __call__(self, key: str) -> None:
        """Raises `FaceServiceRefused` and `FaceServiceDown`: the upload is pending again, to be checked later."""
        owner = parse_incoming_key(key)
        upload = self.uploads.get(*owner) if owner else None
        if upload and self.uploads.begin_check(upload):
            data = self.photos.read(key)
            if data is None:  # a repeated message, while the first one finished
                return
            self._check(upload, data)
        self.photos.delete([key])

    def _check(self, upload: Upload, data: bytes) -> None:
        try:
            photo = self.reader.read(data, upload.content_type)
            require_one_face(self.faces.detect(photo), self.min_face_pixels)
        except Rejected as rejection:
            self.uploads.reject(upload, rejection.reason)
            self.telemetry.log("photo rejected", user=upload.user, upload_id=upload.id, reason=rejection.reason)
            return
        except (FaceServiceRefused, FaceServiceDown) as error:
            if isinstance(error, FaceServiceRefused):
                self.telemetry.count("FaceServiceRefused")
            self.uploads.defer(upload)
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
