"""An upload: a place for one photo, and the result of its check."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_WIDTH, MAX_HEIGHT = 8192, 6144  # what phones call 50 megapixels; of another shape, as many pixels
MAX_PIXELS = MAX_WIDTH * MAX_HEIGHT
# A JPEG is decoded at a fraction of its size; a progressive one takes 3 bytes a pixel, where others take up to 16.
MAX_JPEG_PIXELS = 3 * MAX_PIXELS
MIN_SIDE_PIXELS = 256
MIN_FACE_PIXELS = 64  # of its width, in the photo as it is kept
KEPT_SIDE_PIXELS = 1024  # the most of a side that is kept
UPLOAD_URL_SECONDS = 300
MISSING_SECONDS = UPLOAD_URL_SECONDS + 600  # after that long, a photo whose check has not begun was never sent
UPLOAD_LIFE_SECONDS = 24 * 3600  # the bucket keeps the checked photo a day longer than this
CHECK_TRIES = 10  # of one photo; at the last one there is a verdict, if the photo may be at fault
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic")
OTHER_NAMES = {"image/jpg": "image/jpeg", "image/heif": "image/heic"}  # as clients say it


class UploadStatus(StrEnum):
    PENDING = "pending"
    CHECKING = "checking"
    READY = "ready"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a photo was rejected."""

    NOT_AN_IMAGE = "not_an_image"
    TYPE_MISMATCH = "type_mismatch"
    IMAGE_TOO_LARGE = "image_too_large"
    IMAGE_TOO_SMALL = "image_too_small"
    UNREADABLE_IMAGE = "unreadable_image"
    NO_FACE = "no_face"
    MULTIPLE_FACES = "multiple_faces"
    FACE_TOO_SMALL = "face_too_small"


@dataclass(frozen=True, slots=True)
class Upload:
    """``width`` and ``height`` are those of the checked photo, in pixels; times are epoch seconds."""

    user: str
    id: str
    content_type: str
    size: int
    created_at: float
    status: UploadStatus = UploadStatus.PENDING
    reason: Reason | None = None
    width: int | None = None
    height: int | None = None

    @property
    def expires_at(self) -> float:
        return self.created_at + UPLOAD_LIFE_SECONDS

    def is_gone(self, now: float) -> bool:
        """A day old, or a place to which no photo came while its URL was good."""
        missing = self.status is UploadStatus.PENDING and now >= self.created_at + MISSING_SECONDS
        return missing or now >= self.expires_at


def content_type_of(declared: str) -> str:
    """The one of `CONTENT_TYPES` that is meant, or what was declared, in lower case."""
    return OTHER_NAMES.get(declared.lower(), declared.lower())


def user_folder(user: str) -> str:
    """A user's folder in the bucket: the unpadded base64url of their id, which may hold any character."""
    return urlsafe_b64encode(user.encode()).rstrip(b"=").decode()


def user_of(folder: str) -> str | None:
    """The user whose folder this is; None for a name that we never give."""
    try:
        return urlsafe_b64decode(folder + "=" * (-len(folder) % 4)).decode()
    except ValueError:  # no base64, or not of UTF-8
        return None


def incoming_key(user: str, upload_id: str) -> str:
    """Where the client puts the raw photo; it is gone once the check has ended."""
    return f"incoming/{user_folder(user)}/{upload_id}"


def input_key(user: str, upload_id: str) -> str:
    """Where the checked photo is kept: an upright, re-encoded JPEG."""
    return f"inputs/{user_folder(user)}/{upload_id}.jpg"


def parse_incoming_key(key: str) -> tuple[str, str] | None:
    """The user and upload id of an incoming key; None for a key that is none of ours."""
    match key.split("/"):
        case ["incoming", folder, upload_id]:
            user = user_of(folder)
            return None if user is None else (user, upload_id)
    return None
