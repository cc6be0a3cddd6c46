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
from veil.domain.ids import PATTERN
from veil.domain.styles import STYLES
from veil.domain.uploads import CONTENT_TYPES, MAX_UPLOAD_BYTES, Reason, UploadStatus

# `WithJsonSchema` is for the document alone: it says of an answer what the rules already see to, and of a request
# what has an error of its own (404, 413, 415) rather than a field's 422.
ID = WithJsonSchema({"type": "string", "pattern": f"^{PATTERN.pattern}$"})
Id = Annotated[str, ID]
Count = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 0})]
Pixels = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1})]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
Words = Annotated[
    dict[str, str],
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"ko": {"type": "string"}, "en": {"type": "string"}},
            "required": ["ko", "en"],
            "additionalProperties": False,
        }
    ),
]
Time = Annotated[
    float,
    PlainSerializer(lambda at: datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
ContentType = Annotated[str, WithJsonSchema({"type": "string", "enum": list(CONTENT_TYPES)})]
Size = Annotated[int, Field(ge=1, json_schema_extra={"maximum": MAX_UPLOAD_BYTES})]  # bytes
Sha256 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]


def _known_style(style: str) -> str:
    if style not in STYLES:
        raise ValueError(f"one of {', '.join(STYLES)}")
    return style


StyleName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(STYLES)})]
StyleId = Annotated[StyleName, AfterValidator(_known_style)]


class Body(BaseModel):
    model_config = ConfigDict(defer_build=True)  # a function builds the bodies that it uses, when it does


class Request(Body):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewUpload(Request):
    content_type: ContentType
    size: Size
    sha256: Sha256 | None = None


class NewGeneration(Request):
    upload_id: Annotated[str, StringConstraints(min_length=1, max_length=255), ID]
    style: StyleId


class Selection(Request):
    image: Annotated[
        int, Field(json_schema_extra={"minimum": 0, "maximum": 7})
    ]  # of the most images that the setting allows


class Health(Body):
    status: Literal["ok"]
    version: str


class StyleBody(Body):
    id: StyleName
    name: Words
    description: Words


class Styles(Body):
    styles: list[StyleBody]


class UploadPlace(Body):
    """Where to put one photo: the headers are to be sent as they are."""

    upload_id: Id
    status: UploadStatus
    method: Literal["PUT"]
    url: Url
    headers: dict[str, str]
    expires_at: Time


class ReasonBody(Body):
    code: Reason
    detail: str


class UploadBody(Body):
    upload_id: Id
    status: UploadStatus
    reason: ReasonBody | None
    width: Pixels | None
    height: Pixels | None
    created_at: Time


class ImageErrorBody(Body):
    code: ImageError
    detail: str


class ImageBody(Body):
    index: Count
    status: ImageStatus
    url: Url | None
    url_expires_at: Time | None
    width: Pixels | None
    height: Pixels | None
    error: ImageErrorBody | None


class GenerationCredits(Body):
    reserved: Count
    captured: Count
    refunded: Count


class GenerationBody(Body):
    id: Id
    style: StyleName
    model: str
    upload_id: Id
    status: GenerationStatus
    created_at: Time
    finished_at: Time | None
    images: list[ImageBody]
    credits: GenerationCredits
    selected: Count | None


class GenerationList(Body):
    items: list[GenerationBody]
    next_cursor: str | None


class BalanceBody(Body):
    available: Count
    held: Count


class EntryBody(Body):
    id: Id
    kind: EntryKind
    amount: int
    reference: str
    created_at: Time


class EntryList(Body):
    items: list[EntryBody]
    next_cursor: str | None
