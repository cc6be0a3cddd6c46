"""The bodies of requests and answers. Their names are those of the OpenAPI document and of generated clients."""

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
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticKnownError

from veil.domain.consents import ConsentKind
from veil.domain.credits import EntryKind
from veil.domain.declines import Decline
from veil.domain.generation import GenerationStatus, ImageError, ImageStatus
from veil.domain.ids import PATTERN
from veil.domain.language import Language, Words
from veil.domain.likeness import LikenessStatus
from veil.domain.styles import STYLES, Role
from veil.domain.uploads import CONTENT_TYPES, MAX_UPLOAD_BYTES, OTHER_NAMES, Reason, UploadStatus

# `WithJsonSchema` is for the OpenAPI document alone: constraints that are enforced elsewhere, or that have an error of
# their own (404, 413, 415) rather than a field's 422.
ID = WithJsonSchema({"type": "string", "pattern": f"^{PATTERN.pattern}$"})
Id = Annotated[str, ID]
Count = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 0})]
Pixels = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1})]
Percent = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 100})]
Url = Annotated[str, WithJsonSchema({"type": "string", "format": "uri"})]
type LocalizedText = Annotated[
    Words,
    WithJsonSchema(
        {
            "type": "object",
            "description": "One text in every language.",
            "properties": {language: {"type": "string"} for language in Language},
            "required": list(Language),
        }
    ),
]
Time = Annotated[
    float,
    PlainSerializer(lambda at: datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
Date = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]  # in Seoul
ReceiptId = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$"})]
ErasureStatus = Literal["erasing", "done"]
type ContentType = Annotated[str, WithJsonSchema({"type": "string", "enum": [*CONTENT_TYPES, *OTHER_NAMES]})]
Size = Annotated[int, Field(ge=1, json_schema_extra={"maximum": MAX_UPLOAD_BYTES})]  # bytes
Sha256 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]


def _known_style(style: str) -> str:
    if style not in STYLES:
        raise PydanticKnownError("literal_error", {"expected": ", ".join(STYLES)})
    return style


StyleId = Annotated[str, WithJsonSchema({"type": "string", "description": "The id of a style of `GET /styles`."})]
KnownStyleId = Annotated[StyleId, AfterValidator(_known_style)]


class Body(BaseModel):
    model_config = ConfigDict(defer_build=True)  # a function builds each body when it first uses it


class Request(Body):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewUpload(Request):
    content_type: ContentType
    size: Size
    sha256: Sha256 | None = None


class NewGeneration(Request):
    upload_id: Annotated[str, StringConstraints(min_length=1, max_length=255), ID]
    style: KnownStyleId
    role: Literal["bride", "groom"] | None = None


class Selection(Request):
    # 7 is the last of the most images that the setting allows
    image: Annotated[int, Field(json_schema_extra={"minimum": 0, "maximum": 7})]


class ConsentDecision(Request):
    version: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    granted: bool


class Health(Body):
    status: Literal["ok"]
    version: str


class Style(Body):
    id: StyleId
    name: LocalizedText
    description: LocalizedText
    samples: list[Url]


class StyleList(Body):
    credits: Count
    styles: list[Style]


class PresignedUpload(Body):
    """Where to send one photo: use `method`, `url` and `headers` exactly as they are."""

    upload_id: Id
    status: UploadStatus
    method: Literal["PUT"]
    url: Url
    headers: dict[str, str]
    expires_at: Time


class Rejection(Body):
    """Why a photo was rejected: `code` for programs, `detail` for the person."""

    code: Reason
    detail: str


class PaymentDecline(Body):
    """Why a card was not charged: `code` for programs, `detail` for the person."""

    code: Decline
    detail: str


class Upload(Body):
    """A photo and its check. `width` and `height` are in pixels, once it is ready; `reason` is there once rejected."""

    upload_id: Id
    status: UploadStatus
    reason: Rejection | None
    width: Pixels | None
    height: Pixels | None
    created_at: Time


class ImageFailure(Body):
    """Why an image was refunded: `code` for programs, `detail` for the person."""

    code: ImageError
    detail: str


class Likeness(Body):
    """How alike the image's face and the photo's are."""

    score: Percent | None
    status: LikenessStatus


class GeneratedImage(Body):
    """One image. `url` is signed, and there only while the image is stored."""

    index: Count
    status: ImageStatus
    url: Url | None
    url_expires_at: Time | None
    width: Pixels | None
    height: Pixels | None
    likeness: Likeness | None
    error: ImageFailure | None


class GenerationCredits(Body):
    """What a generation reserved, and what became of it so far."""

    reserved: Count
    captured: Count
    refunded: Count


class Generation(Body):
    """`selected` is the index of the image that the user chose."""

    id: Id
    style: StyleId
    role: Role | None
    model: str
    upload_id: Id
    status: GenerationStatus
    created_at: Time
    finished_at: Time | None
    ai_generated: bool
    images: list[GeneratedImage]
    credits: GenerationCredits
    selected: Count | None


class GenerationList(Body):
    """One page, newest first. `next_cursor` asks for the next page, and is null on the last."""

    items: list[Generation]
    next_cursor: str | None


class Balance(Body):
    """`available` credits can be spent; `held` credits are reserved for images that are not finished; `owed` credits
    were spent, and their money went back since: they are taken from what comes in next.
    """

    available: Count
    held: Count
    owed: Count


class CreditEntry(Body):
    """One change of the available credits. `reference` is what it is for: a generation's id, or a grant's name."""

    id: Id
    kind: EntryKind
    amount: int
    reference: str
    created_at: Time


class CreditEntryList(Body):
    """One page, newest first. `next_cursor` asks for the next page, and is null on the last."""

    items: list[CreditEntry]
    next_cursor: str | None


class Consent(Body):
    """The last decision about one kind. It counts as agreed to while it is `granted` and its `version` is the
    `latest_version`.
    """

    kind: ConsentKind
    required: bool
    latest_version: str
    version: str | None
    granted: bool
    decided_at: Time | None


class ConsentList(Body):
    """Every kind, whether it was decided on or not."""

    consents: list[Consent]


class Leaving(Request):
    confirm: Literal["delete my account"]


class Erasure(Body):
    """An account that is being deleted. Keep `receipt`: nothing else leads to what became of it."""

    receipt: ReceiptId
    status: ErasureStatus


class Erased(Body):
    """How much there was."""

    objects: Count
    items: Count


class KeptRecord(Body):
    """What is kept, without a name, although its account is gone: `what` and `why` are for the person."""

    what: str
    until: Date
    why: str


class ErasureReceipt(Body):
    """What became of an account that was deleted. It knows nobody."""

    status: ErasureStatus
    requested_at: Time
    done_at: Time | None
    erased: Erased
    kept: list[KeptRecord]
    backups_gone_by: Date | None


class FieldError(Body):
    """What is wrong with one field of the request."""

    field: str
    message: str


class Problem(Body):
    """An error (RFC 9457). `code` is stable and for programs; `detail` is for the person."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] | SkipJsonSchema[None] = None
    required: Count | SkipJsonSchema[None] = None
    available: Count | SkipJsonSchema[None] = None
    reason: Rejection | SkipJsonSchema[None] = None
    decline: PaymentDecline | SkipJsonSchema[None] = None
    kind: ConsentKind | SkipJsonSchema[None] = None
    version: str | SkipJsonSchema[None] = None
    owed: Count | SkipJsonSchema[None] = None
    refundable: Count | SkipJsonSchema[None] = None
