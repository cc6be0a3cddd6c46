"""The private bucket, and what reads a photo and finds faces in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from veil.domain.generation import StoredOutput
from veil.domain.photos import Face, Photo
from veil.domain.ports import Clock, FaceDetector, PhotoReader, PhotoStore, PresignedPut


@dataclass(frozen=True, slots=True)
class StoredObject:
    """``output`` is what `MemoryPhotos.write_once` was told that the bytes are."""

    data: bytes
    content_type: str
    output: StoredOutput | None = None


class MemoryPhotos(PhotoStore):
    def __init__(self, clock: Clock) -> None:
        self.objects: dict[str, StoredObject] = {}
        self._clock = clock
        self._lock = Lock()

    def presign_put(self, key: str, content_type: str, size: int, sha256: str | None, seconds: int) -> PresignedPut:
        headers = {"Content-Type": content_type}
        if sha256:
            headers["x-amz-checksum-sha256"] = sha256
        signed = f"length={size}&expires={self._clock() + seconds:.0f}"
        return PresignedPut(f"https://bucket.test/{key}?{signed}", headers)

    def presign_get(self, key: str, seconds: int) -> tuple[str, float]:
        expires_at = self._clock() + seconds
        return f"https://bucket.test/{key}?expires={expires_at:.0f}", expires_at

    def read(self, key: str) -> bytes | None:
        found = self.objects.get(key)
        return found.data if found else None

    def land(self, key: str, data: bytes, content_type: str) -> None:
        """Put what a person sends."""
        self.objects[key] = StoredObject(data, content_type)

    def write_once(self, key: str, data: bytes, output: StoredOutput) -> StoredOutput:
        with self._lock:
            stands = self.objects.setdefault(key, StoredObject(data, output.content_type, output))
        if stands.output is None:
            raise ValueError(f"{key} was not written once")
        return stands.output

    def delete(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("S3 takes no empty list")
        for key in keys:
            self.objects.pop(key, None)


class FakeReader(PhotoReader):
    """Answers ``photo``, or raises ``error``."""

    def __init__(self) -> None:
        self.photo = Photo(b"a plain jpeg", 768, 1024)
        self.error: Exception | None = None
        self.read_bytes: list[bytes] = []

    def read(self, data: bytes, content_type: str) -> Photo:
        self.read_bytes.append(data)
        if self.error:
            raise self.error
        return self.photo


class FakeFaces(FaceDetector):
    """Finds ``faces``, or raises ``error``."""

    def __init__(self) -> None:
        self.faces = [Face(300, 400)]
        self.error: Exception | None = None

    def detect(self, photo: Photo) -> list[Face]:
        if self.error:
            raise self.error
        return list(self.faces)
