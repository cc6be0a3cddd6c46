"""Rekognition's refusals: the shapes of its model, and those that every AWS service of its protocol has."""

import json
from http import HTTPStatus
from uuid import uuid4

from starlette.responses import Response

MEDIA_TYPE = "application/x-amz-json-1.1"
_FAULTS = {"InternalServerError", "ThrottlingException"}  # ``fault`` in the model: 500; all others are 400
MESSAGES = {
    "AccessDeniedException": "You are not authorized to perform the action.",
    "ImageTooLargeException": "Image size is too large",
    "InternalServerError": "Internal server error",
    "InvalidImageFormatException": "Request has invalid image format",
    "InvalidParameterException": "Request has invalid parameters",
    "InvalidS3ObjectException": (
        "Unable to get object metadata from S3. Check object key, region and/or access permissions."
    ),
    "InvalidSignatureException": (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    ),
    "MissingAuthenticationTokenException": "Missing Authentication Token",
    "ProvisionedThroughputExceededException": "Provisioned rate exceeded",
    "ThrottlingException": "Rate exceeded",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
}


class RekognitionError(Exception):
    """A refusal; ``code`` is its ``__type``."""

    def __init__(self, code: str, message: str | None = None) -> None:
        super().__init__(MESSAGES.get(code, code) if message is None else message)
        self.code = code


def refusal(error: RekognitionError) -> Response:
    """It on the wire."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR if error.code in _FAULTS else HTTPStatus.BAD_REQUEST
    return answer({"__type": error.code, "Message": str(error)}, status)


def answer(body: object, status: int = HTTPStatus.OK) -> Response:
    """JSON as the service sends it."""
    headers = {"x-amzn-requestid": str(uuid4())}
    return Response(json.dumps(body), status, headers, media_type=MEDIA_TYPE)
