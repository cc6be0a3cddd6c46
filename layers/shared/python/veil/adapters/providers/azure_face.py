"""Azure AI Face: is there a face, how many, how large? No face id is asked for, and nothing is kept there."""

import re
from typing import Any

from azure.ai.vision.face import FaceClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)

from veil.adapters.credentials import Credentialed
from veil.domain.photos import Face, FaceServiceDown, FaceServiceRefused, Photo, Rejected
from veil.domain.ports import FaceDetector
from veil.domain.uploads import Reason

API_VERSION = "v1.2"  # GA; the client's default is a preview
PATH = re.compile(r"(/face(/v[^/]*)?)?/*$")  # what the portal and older pages show behind the endpoint
OPTIONS = {"detection_model": "detection_03", "recognition_model": "recognition_04", "return_face_id": False}


class AzureFaceDetector(FaceDetector):
    def __init__(self, client: Credentialed[FaceClient]) -> None:
        self._client = client

    def detect(self, photo: Photo) -> list[Face]:
        try:
            found = self._client.call(lambda client: _detect(client, photo), refused=_key_is_refused)
            return [Face(face.face_rectangle.width, face.face_rectangle.height) for face in found]
        except HttpResponseError as error:
            raise _translate(error) from error
        except (AzureError, AttributeError, TypeError, ValueError) as error:  # a page, or what is no list of faces
            raise FaceServiceDown(type(error).__name__) from error


def _detect(client: FaceClient, photo: Photo) -> list[Any]:
    """Asked once more on a connection of its own when the one at hand was lost: it may have gone stale while the
    function was frozen, and asking changes nothing.
    """
    try:
        return _require_list(client.detect(photo.jpeg, **OPTIONS))
    except ServiceResponseTimeoutError:
        raise
    except ServiceResponseError:
        return _require_list(client.detect(photo.jpeg, **OPTIONS))


def _require_list[T](found: list[T]) -> list[T]:
    """An object would pass for a list without faces, and reject a good photo."""
    if not isinstance(found, list):
        raise TypeError(type(found).__name__)
    return found


def _key_is_refused(error: Exception) -> bool:
    return isinstance(error, HttpResponseError) and error.status_code in (401, 403)


def _translate(error: HttpResponseError) -> Exception:
    """What is wrong with the photo is named; a wrong argument, key or address is ours; anything else passes."""
    code = str(error.error.code) if error.error else ""
    if error.status_code == 400 and code.startswith("InvalidImage"):
        return Rejected(Reason.UNREADABLE_IMAGE)
    if error.status_code in (401, 403, 404) or (error.status_code == 400 and code == "BadArgument"):
        return FaceServiceRefused(f"status {error.status_code}")
    return FaceServiceDown(f"status {error.status_code}")


def face_client(url: str, key: str) -> FaceClient:
    """No retries of its own: it would sleep however long the service says. The queue tries again.

    ``url`` is the resource's endpoint, with or without the path that the client adds.
    """
    return FaceClient(
        PATH.sub("", url),
        AzureKeyCredential(key),
        api_version=API_VERSION,
        retry_total=0,
        connection_timeout=3,
        read_timeout=8,
    )
