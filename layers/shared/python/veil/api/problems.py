"""Every failure's status and words (RFC 9457), for programs by ``code`` and for people in Korean and English."""

from dataclasses import dataclass
from http import HTTPStatus

from veil.domain.uploads import Reason


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    ko: str
    en: str

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


PROBLEMS: dict[str, Problem] = {
    "invalid_request": Problem(422, "요청 내용이 올바르지 않습니다.", "The request is not valid."),
    "invalid_cursor": Problem(422, "목록의 위치 값이 올바르지 않습니다.", "The cursor is not valid."),
    "idempotency_key_reused": Problem(
        422,
        "이 멱등성 키는 이미 다른 요청에 사용되었습니다.",
        "This idempotency key has been used for another request.",
    ),
    "upload_rejected": Problem(422, "사용할 수 없는 사진입니다.", "This photo cannot be used."),
    "file_too_large": Problem(413, "사진은 10MB 이하여야 합니다.", "The photo may have 10 MiB at most."),
    "unsupported_type": Problem(
        415, "JPEG, PNG, WebP, HEIC 사진만 올릴 수 있습니다.", "Only JPEG, PNG, WebP and HEIC photos are accepted."
    ),
    "rate_limited": Problem(
        429, "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.", "Too many requests. Please try again later."
    ),
    "insufficient_credits": Problem(402, "크레딧이 부족합니다.", "There are not enough credits."),
    "upload_not_found": Problem(404, "사진을 찾을 수 없습니다.", "There is no such upload."),
    "upload_not_ready": Problem(
        409, "사진을 아직 확인하고 있습니다.", "The photo is still being checked; try again in a moment."
    ),
    "provider_unavailable": Problem(
        503,
        "지금은 사진을 만들 수 없습니다. 크레딧은 돌려드렸습니다.",
        "Portraits cannot be made now. The credits have been given back.",
    ),
    "generation_not_found": Problem(404, "요청한 결과를 찾을 수 없습니다.", "There is no such generation."),
    "image_not_stored": Problem(409, "아직 완성되지 않은 사진입니다.", "That image is not stored."),
    "still_processing": Problem(
        409, "아직 만들고 있어 삭제할 수 없습니다.", "It is still processing and cannot be deleted yet."
    ),
    "unauthenticated": Problem(401, "로그인이 필요합니다.", "The access token names no user."),
    "invalid_signature": Problem(401, "서명이 올바르지 않습니다.", "The signature is not valid."),
    "token_not_found": Problem(404, "알 수 없는 토큰입니다.", "The token is not ours."),
    "not_found": Problem(404, "존재하지 않는 주소입니다.", "There is nothing at this path."),
    "method_not_allowed": Problem(405, "허용되지 않는 메서드입니다.", "This path does not know this method."),
    "temporarily_unavailable": Problem(
        503, "잠시 후 다시 시도해 주세요.", "The service is not available for the moment. Please try again."
    ),
    "internal_error": Problem(500, "예상하지 못한 오류가 발생했습니다.", "Something unexpected went wrong."),
}

REASONS: dict[Reason, tuple[str, str]] = {
    Reason.NOT_AN_IMAGE: ("이미지 파일이 아닙니다.", "This is not an image."),
    Reason.TYPE_MISMATCH: ("파일 형식이 다릅니다.", "The file is not of the type that was declared."),
    Reason.IMAGE_TOO_LARGE: ("사진의 해상도가 너무 높습니다.", "The photo has too many pixels."),
    Reason.IMAGE_TOO_SMALL: ("사진의 해상도가 너무 낮습니다.", "The photo has too few pixels."),
    Reason.UNREADABLE_IMAGE: ("사진을 읽을 수 없습니다.", "The photo cannot be read."),
    Reason.NO_FACE: ("얼굴을 찾을 수 없습니다.", "No face was found."),
    Reason.MULTIPLE_FACES: ("한 사람만 나온 사진을 올려 주세요.", "There is more than one face."),
    Reason.FACE_TOO_SMALL: ("얼굴이 너무 작습니다.", "The face is too small."),
}

IMAGE_ERRORS: dict[str, tuple[str, str]] = {
    "content_flagged": ("안전 기준에 맞지 않아 만들지 못했습니다.", "It was flagged as sensitive."),
    "provider_failed": ("사진을 만들지 못했습니다.", "The image could not be made."),
    "timed_out": ("시간 안에 만들지 못했습니다.", "It was not made in time."),
    "bad_output": ("완성된 사진을 받지 못했습니다.", "What was made could not be used."),
    "start_failed": ("사진 만들기를 시작하지 못했습니다.", "It could not be started."),
}


def speaks_english(accept_language: str) -> bool:
    """Whether English is preferred to Korean (RFC 9110's q-values; Korean unless said otherwise)."""
    weights = {"ko": 0.0, "en": 0.0}
    for part in accept_language.lower().split(","):
        tag, _, q = part.strip().partition(";q=")
        language = tag.split("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _weight(q))
    return weights["en"] > weights["ko"]


def _weight(q: str) -> float:
    try:
        return float(q) if q else 1.0
    except ValueError:
        return 0.0
