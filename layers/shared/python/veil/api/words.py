"""The words of what stands within a body: why a photo was rejected, why an image failed, what is wrong with a field."""

from collections.abc import Mapping

from veil.domain.declines import Decline
from veil.domain.errors import InvalidField
from veil.domain.generation import ImageError
from veil.domain.language import Language, Words
from veil.domain.uploads import (
    KEPT_SIDE_PIXELS,
    MAX_HEIGHT,
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    MAX_WIDTH,
    MIN_FACE_PIXELS,
    MIN_SIDE_PIXELS,
    Reason,
)

_MEGAPIXELS, _JPEG_MEGAPIXELS = MAX_PIXELS // 10**6, MAX_JPEG_PIXELS // 10**6

REASONS: Mapping[Reason, Words] = {
    Reason.NOT_AN_IMAGE: Words(
        ko="사진 파일이 아니에요. JPEG, PNG, WebP, HEIC 사진을 올려 주세요.",
        en="This file is not a photo. Upload a JPEG, PNG, WebP or HEIC photo.",
    ),
    Reason.TYPE_MISMATCH: Words(
        ko="파일 형식이 요청한 형식과 달라요. 사진을 다시 올려 주세요.",
        en="The file is not of the type that was declared. Upload the photo again.",
    ),
    Reason.IMAGE_TOO_LARGE: Words(
        ko=f"사진의 해상도가 너무 높아요. {_MEGAPIXELS}메가픽셀({MAX_WIDTH}x{MAX_HEIGHT}), "
        f"JPEG는 {_JPEG_MEGAPIXELS}메가픽셀까지 올릴 수 있어요.",
        en=f"The photo has too many pixels. Upload one of at most {MAX_WIDTH} x {MAX_HEIGHT}, "
        f"or a JPEG of at most {_JPEG_MEGAPIXELS} megapixels.",
    ),
    Reason.IMAGE_TOO_SMALL: Words(
        ko=f"사진의 해상도가 너무 낮아요. 가로와 세로가 모두 {MIN_SIDE_PIXELS}픽셀 이상인 사진을 올려 주세요.",
        en=f"The photo has too few pixels. Upload one of at least {MIN_SIDE_PIXELS} pixels on each side.",
    ),
    Reason.UNREADABLE_IMAGE: Words(
        ko="사진을 읽을 수 없어요. 다른 사진을 올려 주세요.", en="The photo cannot be read. Upload another photo."
    ),
    Reason.NO_FACE: Words(
        ko="얼굴을 찾을 수 없어요. 얼굴이 잘 보이는 사진을 올려 주세요.",
        en="No face was found. Upload a photo that shows your face clearly.",
    ),
    Reason.MULTIPLE_FACES: Words(
        ko="얼굴이 둘 이상 보여요. 한 사람만 나온 사진을 올려 주세요.",
        en="There is more than one face. Upload a photo of one person.",
    ),
    Reason.FACE_TOO_SMALL: Words(
        ko=f"얼굴이 너무 작아요. 긴 변을 {KEPT_SIDE_PIXELS}픽셀로 줄였을 때 "
        f"얼굴 너비가 {MIN_FACE_PIXELS}픽셀 이상인 사진을 올려 주세요.",
        en=f"The face is too small. Upload a photo whose face is at least {MIN_FACE_PIXELS} pixels wide "
        f"once its longer side is shrunk to {KEPT_SIDE_PIXELS}.",
    ),
}

DECLINES: Mapping[Decline, Words] = {
    Decline.LIMIT_EXCEEDED: Words(
        ko="한도나 잔액이 부족해요. 다른 결제 수단을 사용하거나 나중에 다시 시도해 주세요.",
        en="The card's limit or balance is not enough. Use another way to pay, or try again later.",
    ),
    Decline.CARD_UNUSABLE: Words(
        ko="사용할 수 없는 카드예요. 다른 카드로 시도해 주세요.", en="This card cannot be used. Try another card."
    ),
    Decline.CARD_UNSUPPORTED: Words(
        ko="지원하지 않는 카드예요. 다른 카드로 시도해 주세요.", en="This card is not supported. Try another card."
    ),
    Decline.CARD_COMPANY_REFUSED: Words(
        ko="카드사에서 결제를 거절했어요. 카드사에 문의하거나 다른 카드로 시도해 주세요.",
        en="The card company refused the payment. Ask it why, or try another card.",
    ),
    Decline.UNAVAILABLE: Words(
        ko="지금은 이 결제 수단을 사용할 수 없어요. 나중에 다시 시도하거나 다른 결제 수단을 사용해 주세요.",
        en="This way to pay is not available right now. Try again later, or use another one.",
    ),
}

IMAGE_ERRORS: Mapping[ImageError, Words] = {
    ImageError.CONTENT_FLAGGED: Words(
        ko="안전 기준에 맞지 않아 만들지 못했어요. 크레딧은 돌려드렸으니 다른 사진이나 스타일로 다시 시도해 주세요.",
        en="The safety filter refused it. Your credit has been given back: try another photo or style.",
    ),
    ImageError.PROVIDER_FAILED: Words(
        ko="웨딩 사진을 만들지 못했어요. 크레딧은 돌려드렸으니 다시 시도해 주세요.",
        en="The image could not be made. Your credit has been given back: try again.",
    ),
    ImageError.TIMED_OUT: Words(
        ko="웨딩 사진을 제시간에 만들지 못했어요. 크레딧은 돌려드렸으니 다시 시도해 주세요.",
        en="The image was not made in time. Your credit has been given back: try again.",
    ),
    ImageError.BAD_OUTPUT: Words(
        ko="완성된 웨딩 사진에 문제가 있어요. 크레딧은 돌려드렸으니 다시 시도해 주세요.",
        en="The finished image could not be used. Your credit has been given back: try again.",
    ),
    ImageError.START_FAILED: Words(
        ko="웨딩 사진 만들기를 시작하지 못했어요. 크레딧은 돌려드렸으니 잠시 뒤에 다시 시도해 주세요.",
        en="The image could not be started. Your credit has been given back: try again later.",
    ),
    ImageError.UNLIKE: Words(
        ko="완성된 웨딩 사진의 얼굴이 올린 사진과 닮지 않았어요. "
        "크레딧은 돌려드렸으니 다시 시도하거나 얼굴이 더 잘 보이는 사진을 올려 주세요.",
        en="The finished image did not look like the person in the photo. Your credit has been given back: try again, "
        "or upload a photo that shows the face more clearly.",
    ),
}

_WHOLE_NUMBER: Words = Words(ko="정수를 넣어 주세요.", en="Use a whole number.")
_TEXT: Words = Words(ko="문자열을 넣어 주세요.", en="Use a string.")
_OBJECT: Words = Words(ko="JSON 객체를 보내 주세요.", en="Send a JSON object.")
_ONE_OF: Words = Words(ko="다음 값 중 하나를 넣어 주세요: {expected}", en="Use one of these: {expected}.")
_CHECK: Words = Words(ko="올바르지 않은 값이에요. 값을 확인해 주세요.", en="This value is not valid. Check it.")

# By `InvalidField.kind`; the names in braces are its limits.
FIELD_ERRORS: Mapping[str, Words] = {
    "missing": Words(ko="꼭 필요한 항목이에요. 값을 넣어 주세요.", en="This field is required. Add it."),
    "extra_forbidden": Words(ko="모르는 항목이에요. 빼고 다시 보내 주세요.", en="This field is unknown. Leave it out."),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_pattern_mismatch": Words(
        ko="형식이 맞지 않아요. {pattern} 형식으로 보내 주세요.", en="The format is wrong. It has to match {pattern}."
    ),
    "string_too_short": Words(ko="{min_length}자 이상 넣어 주세요.", en="Use {min_length} or more characters."),
    "string_too_long": Words(ko="{max_length}자 이하로 넣어 주세요.", en="Use {max_length} or fewer characters."),
    "greater_than_equal": Words(ko="{ge} 이상의 값을 넣어 주세요.", en="Use {ge} or more."),
    "less_than_equal": Words(ko="{le} 이하의 값을 넣어 주세요.", en="Use {le} or less."),
    "out_of_range": Words(ko="{least} 이상 {most} 이하의 값을 넣어 주세요.", en="Use a value from {least} to {most}."),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "bool_type": Words(ko="true 또는 false를 넣어 주세요.", en="Use true or false."),
    "model_attributes_type": _OBJECT,
    "json_invalid": Words(
        ko="올바른 JSON이 아니에요. JSON 객체를 보내 주세요.", en="This is not JSON. Send a JSON object."
    ),
}


def field_message(error: InvalidField, language: Language) -> str:
    """What is wrong with a field; of a kind that has no words of its own, only that it is wrong."""
    return FIELD_ERRORS.get(error.kind, _CHECK).text(language).format_map(error.limits)
