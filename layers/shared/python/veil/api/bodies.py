"""The bodies of requests and answers, as API.md promises them."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from veil.domain.credits import EntryKind
from veil.domain.generation import GenerationStatus, ImageError, ImageStatus
from veil.domain.styles import STYLES
from veil.domain.uploads import Reason, UploadStatus

Time = Annotated[
    float, PlainSerializer(lambda at: datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str)
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]


def _known_style(style: str) -> str:
    if style not in STYLES:
        raise ValueError(f"one of {', '.join(STYLES)}")
    return style


StyleId = Annotated[str, AfterValidator(_known_style), WithJsonSchema({"type": "string", "enum": list(STYLES)})]


class Body(BaseModel):
    model_config = ConfigDict(defer_build=True)  # a function builds the bodies that it uses, when it does


class Request(Body):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewUpload(Request):
    content_type: str
    size: Annotated[int, Field(ge=1)]
    sha256: Sha256 | None = None


class NewGeneration(Request):
    upload_id: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    style: StyleId


class Selection(Request):
    image: int


class Health(Body):
    status: Literal["ok"]
    version: str


class StyleBody(Body):
    id: str
    name: dict[str, str]
    description: dict[str, str]


class Styles(Body):
    styles: list[StyleBody]


class UploadPlace(Body):
    """Where to put one photo: the headers are to be sent as they are."""

    upload_id: str
    status: UploadStatus
    method: Literal["PUT"]
    url: str
    headers: dict[str, str]
    expires_at: Time


class ReasonBody(Body):
    code: Reason
    detail: str


class UploadBody(Body):
    upload_id: str
    status: UploadStatus
    reason: ReasonBody | None
    width: int | None
    height: int | None
    created_at: Time


class ImageErrorBody(Body):
    code: ImageError
    detail: str


class ImageBody(Body):
    index: int
    status: ImageStatus
    url: str | None
    url_expires_at: Time | None
    width: int | None
    height: int | None
    error: ImageErrorBody | None


class GenerationCredits(Body):
    reserved: int
    captured: int
    refunded: int


class GenerationBody(Body):
    id: str
    style: str
    model: str
    upload_id: str
    status: GenerationStatus
    created_at: Time
    finished_at: Time | None
    images: list[ImageBody]
    credits: GenerationCredits
    selected: int | None


class GenerationList(Body):
    items: list[GenerationBody]
    next_cursor: str | None


class BalanceBody(Body):
    available: int
    held: int


class EntryBody(Body):
    id: str
    kind: EntryKind
    amount: int
    reference: str
    created_at: Time


class EntryList(Body):
    items: list[EntryBody]
    next_cursor: str | None
