"""Azure AI Face: is there a face, how many, how large? No face id is asked for, and nothing is kept there."""

from typing import Any

from azure.ai.vision.face import FaceClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import AzureError, HttpResponseError

from veil.adapters.credentials import Credentialed
from veil.domain.photos import Face, FaceServiceDown, FaceServiceRefused, Photo, Rejected
from veil.domain.ports import FaceDetector
from veil.domain.uploads import Reason

API_VERSION = "v1.2"  # GA; the client's default is a preview
OPTIONS = {"detection_model": "detection_03", "recognition_model": "recognition_04", "return_face_id": False}


class AzureFaceDetector(FaceDetector):
    def __init__(self, client: Credentialed[FaceClient]) -> None:
        self._client = client

    def detect(self, photo: Photo) -> list[Face]:
        def ask(client: FaceClient) -> list[Any]:
            return _require_list(client.detect(photo.jpeg, **OPTIONS))

        try:
            found = self._client.call(ask, refused=_key_is_refused)
            return [Face(face.face_rectangle.width, face.face_rectangle.height) for face in found]
        except HttpResponseError as error:
            raise _translate(error) from error
        except (AzureError, AttributeError, TypeError, ValueError) as error:  # a page, or what is no list of faces
            raise FaceServiceDown(type(error).__name__) from error


def _require_list[T](found: list[T]) -> list[T]:
    """An object would pass for a list without faces, and reject a good photo."""
    if not isinstance(found, list):
        raise TypeError(type(found).__name__)
    return found


def _key_is_refused(error: Exception) -> bool:
    return isinstance(error, HttpResponseError) and error.status_code in (401, 403)


def _translate(error: HttpResponseError) -> Exception:
    """400 is the photo's fault, 401, 403 and 404 are ours, and anything else passes."""
    if error.status_code == 400 and (error.error is None or str(error.error.code).startswith("InvalidImage")):
        return Rejected(Reason.UNREADABLE_IMAGE)
    if error.status_code in (400, 401, 403, 404):
        return FaceServiceRefused(f"status {error.status_code}")
    return FaceServiceDown(f"status {error.status_code}")


def face_client(url: str, key: str) -> FaceClient:
    """No retries of its own: it would sleep however long the service says. The queue tries again."""
    return FaceClient(
        url, AzureKeyCredential(key), api_version=API_VERSION, retry_total=0, connection_timeout=3, read_timeout=8
    )
