"""How the stand-in of Rekognition misbehaves, one call at a time."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Literal[
    "AccessDeniedException",
    "ImageTooLargeException",
    "InternalServerError",
    "InvalidImageFormatException",
    "InvalidParameterException",
    "InvalidS3ObjectException",
    "InvalidSignatureException",
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "UnrecognizedClientException",
]


class RekognitionFault(BaseModel):
    """What happens to a CompareFaces call, whatever its pictures show.

    ``lost`` is a call that was carried out and whose answer is lost; ``similarity`` is then every face's.
    """

    model_config = ConfigDict(extra="forbid")

    code: Code | None = None
    hang: Annotated[float, Field(ge=0)] = 0
    lost: bool = False
    no_face: bool = Field(False, description="None is found in the target: InvalidParameterException, as the service.")
    similarity: Annotated[float, Field(ge=0, le=100)] | None = None


def short(value: object) -> object:
    """A fault in short: ``"lost"``, ``"no_face"`` or an error's name."""
    if not isinstance(value, str):
        return value
    return {value: True} if value in {"lost", "no_face"} else {"code": value}
