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


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewUpload(Request):
    content_type: Annotated[str, StringConstraints(max_length=255)]
    size: Annotated[int, Field(ge=1)]
    sha256: Sha256 | None = None


class NewGeneration(Request):
    upload_id: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    style: StyleId


class Selection(Request):
    image: int


class Health(BaseModel):
    status: Literal["ok"]
    version: str


class StyleBody(BaseModel):
    id: str
    name: dict[str, str]
    description: dict[str, str]


class Styles(BaseModel):
    styles: list[StyleBody]


class UploadPlace(BaseModel):
    """Where to put one photo: the headers are to be sent as they are."""

    upload_id: str
    status: UploadStatus
    method: Literal["PUT"]
    url: str
    headers: dict[str, str]
    expires_at: Time


class ReasonBody(BaseModel):
    code: Reason
    detail: str


class UploadBody(BaseModel):
    upload_id: str
    status: UploadStatus
    reason: ReasonBody | None
    width: int | None
    height: int | None
    created_at: Time


class ImageErrorBody(BaseModel):
    code: ImageError
    detail: str


class ImageBody(BaseModel):
    index: int
    status: ImageStatus
    url: str | None
    url_expires_at: Time | None
    width: int | None
    height: int | None
    error: ImageErrorBody | None


class GenerationCredits(BaseModel):
    reserved: int
    captured: int
    refunded: int


class GenerationBody(BaseModel):
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


class GenerationList(BaseModel):
    items: list[GenerationBody]
    next_cursor: str | None


class BalanceBody(BaseModel):
    available: int
    held: int


class EntryBody(BaseModel):
    id: str
    kind: EntryKind
    amount: int
    reference: str
    created_at: Time


class EntryList(BaseModel):
    items: list[EntryBody]
    next_cursor: str | None
