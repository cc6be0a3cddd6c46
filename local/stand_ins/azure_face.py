"""Azure AI Face's detect call (GA v1.2 and the earlier paths), with a real detector behind it; no face's attributes.

Source: https://learn.microsoft.com/rest/api/face/face-detection-operations/detect
"""

import asyncio
import io
import secrets
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from local.stand_ins import faces
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.faces import Face
from local.stand_ins.faults import AzureFault, take

_VERSIONS = {"v1.0", "v1.1-preview.1", "v1.2-preview.1", "v1.2"}
_MIN_BYTES, _MAX_BYTES = 1024, 6 * 1024 * 1024
_DETECTION = {"detection_01", "detection_02", "detection_03"}
_RECOGNITION = {"recognition_01", "recognition_02", "recognition_03", "recognition_04"}
_MESSAGES = {
    400: ("BadArgument", "Request body is invalid."),
    401: (
        "401",
        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
        "active subscription and use a correct regional API endpoint for your resource.",
    ),
    403: ("403", "Out of call volume quota. Quota will be replenished in 24:00:00."),
    408: ("OperationTimeOut", "Request Timeout."),
    409: ("ConcurrentOperationConflict", "There is a conflicting operation on the same resource."),
    429: ("429", "Requests have exceeded rate limit of your current Face F0 pricing tier. Please retry later."),
    500: ("InternalServerError", "Internal server error."),
    502: ("BadGateway", "Bad gateway."),
    503: ("ServiceUnavailable", "The service is unavailable."),
    504: ("GatewayTimeout", "Gateway timeout."),
}


class DetectError(Exception):
    """A refusal, as the service words it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class AzureFace:
    """The one route that Veil calls."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._key, self._control = config.azure_key, control
        self.routes = [Route("/face/{version}/detect", self._detect, methods=["POST"])]

    async def _detect(self, request: Request) -> Response:
        self._control.counters["azure.detect"] += 1
        fault = take(self._control.faults.azure) or AzureFault()
        await asyncio.sleep(fault.hang)
        if fault.html:
            return HTMLResponse("<html><body><h1>Bad Gateway</h1></body></html>", fault.status or 502)
        if fault.status:
            return _injected(fault)
        try:
            _authorize(request, self._key)
            _check_query(request)
            image = _decode(await request.body(), request.headers.get("content-type", ""))
        except DetectError as error:
            return _refusal(error.status, error.code, str(error))
        found = [face for face in await asyncio.to_thread(faces.detect, image) if face.width >= _least_face(image)]
        if fault.count is not None:
            found = _pretended(image, fault.count)
        return JSONResponse([_described(face) for face in found[:100]])


def _authorize(request: Request, key: str) -> None:
    if request.path_params["version"] not in _VERSIONS:
        raise DetectError(404, "404", "Resource not found")
    given = request.headers.get("ocp-apim-subscription-key", "")
    if not secrets.compare_digest(given.encode(), key.encode()):
        raise DetectError(401, *_MESSAGES[401])


def _check_query(request: Request) -> None:
    query = request.query_params
    if query.get("detectionModel", "detection_01") not in _DETECTION:
        raise DetectError(400, "BadArgument", "'detectionModel' is invalid.")
    if query.get("recognitionModel", "recognition_01") not in _RECOGNITION:
        raise DetectError(400, "BadArgument", "'recognitionModel' is invalid.")
    if query.get("returnFaceId", "true").lower() != "false":  # the service's own default is true
        message = (
            "Feature is not supported, missing approval for one or more of the following features: Identification."
        )
        raise DetectError(403, "UnsupportedFeature", message)
    if query.get("returnFaceAttributes"):
        raise DetectError(400, "BadArgument", "'returnFaceAttributes' is invalid.")


def _decode(body: bytes, content_type: str) -> Image.Image:
    """Decode what the service accepts; it turns the image upright itself."""
    if content_type.startswith("application/json"):
        raise DetectError(400, "InvalidURL", "Image URL is not accessible.")
    if content_type != "application/octet-stream":
        raise DetectError(415, "UnsupportedMediaType", "Unsupported media type error.")
    if not _MIN_BYTES <= len(body) <= _MAX_BYTES:
        raise DetectError(400, "InvalidImageSize", f"Image size is too {'small' if len(body) < _MIN_BYTES else 'big'}.")
    try:
        image = Image.open(io.BytesIO(body), formats=["JPEG", "PNG", "GIF", "BMP"])
        return ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise DetectError(400, "InvalidImage", "Decoding error, image format unsupported.") from error


def _least_face(image: Image.Image) -> float:
    """Width in pixels below which the service sees no face: 36, and more in proportion above 1920 × 1080."""
    return 36 * max(1, max(image.size) / 1920, min(image.size) / 1080)


def _pretended(image: Image.Image, count: int) -> list[Face]:
    """``count`` faces side by side, for tests that need a number."""
    side = image.width // (count + 1)
    return [Face(99, index * side, 0, side, min(side, image.height)) for index in range(count)]


def _described(face: Face) -> dict[str, Any]:
    return {"faceRectangle": {"top": face.top, "left": face.left, "width": face.width, "height": face.height}}


def _injected(fault: AzureFault) -> Response:
    code, message = _MESSAGES[fault.status or 500]
    answer = _refusal(fault.status or 500, code, message)
    if fault.retry_after is not None:
        answer.headers["retry-after"] = str(fault.retry_after)
    return answer


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers={"x-ms-error-code": code})
