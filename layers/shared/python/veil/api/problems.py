"""Every problem (RFC 9457) that an answer may be: its status, its words, its members. Answers and the OpenAPI
document are made from this table.

In Korean a 사진 goes in and a 웨딩 사진 comes out; in English a photo and an image.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from veil.domain import errors
from veil.domain.language import Language, Words
from veil.domain.uploads import MAX_UPLOAD_BYTES

MAX_UPLOAD_MB = MAX_UPLOAD_BYTES // 2**20


@dataclass(frozen=True, slots=True)
class Problem:
    """``members`` stand in the body beside every problem's own: attributes of the error, fields of `bodies.Problem`.
    ``retry_after`` is in seconds, and there for each problem that carries the header; an error may know better.
    """

    status: int
    detail: Words
    members: tuple[str, ...] = ()
    retry_after: int | None = None

    def words(self, language: Language, members: Mapping[str, object]) -> str:
        """The detail, with those of its members that it names."""
        return self.detail.text(language).format_map(members)

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


def problem_type(code: str) -> str:
    """The URI of a problem's type."""
    return f"urn:veil:problem:{code}"


PROBLEMS: Mapping[str, Problem] = {
    errors.InvalidRequest.code: Problem(
        422,
        Words(
            ko="요청 내용이 올바르지 않아요. 내용을 확인하고 다시 시도해 주세요.",
            en="The request is not valid. Check it and try again.",
        ),
        members=("errors",),
    ),
    errors.InvalidCursor.code: Problem(
        422,
        Words(
            ko="목록을 이어서 불러올 수 없어요. 처음부터 다시 불러와 주세요.",
            en="The list cannot be continued from here. Load it from the start.",
        ),
    ),
    errors.IdempotencyKeyReused.code: Problem(
        422,
        Words(
            ko="이미 다른 요청에 사용한 멱등성 키예요. 새 키로 다시 시도해 주세요.",
            en="This idempotency key was used for another request. Try again with a new key.",
        ),
    ),
    errors.UploadRejected.code: Problem(
        422,
        Words(
            ko="이 사진은 사용할 수 없어요. 다른 사진을 올려 주세요.",
            en="This photo cannot be used. Upload another photo.",
        ),
        members=("reason",),
    ),
    errors.FileTooLarge.code: Problem(
        413,
        Words(
            ko=f"사진 파일이 너무 커요. {MAX_UPLOAD_MB}MB 이하의 사진을 올려 주세요.",
            en=f"The photo's file is too large. Upload one of at most {MAX_UPLOAD_MB} MB.",
        ),
    ),
    errors.UnsupportedType.code: Problem(
        415,
        Words(
            ko="지원하지 않는 파일 형식이에요. JPEG, PNG, WebP, HEIC 사진을 올려 주세요.",
            en="This file type is not supported. Upload a JPEG, PNG, WebP or HEIC photo.",
        ),
    ),
    errors.ConsentRequired.code: Problem(
        403,
        Words(
            ko="동의가 필요해요. 안내를 읽고 동의한 뒤 다시 시도해 주세요.",
            en="This needs your consent. Read what it is about, agree, and try again.",
        ),
        members=("kind", "version"),
    ),
    errors.RateLimited.code: Problem(
        429,
        Words(
            ko="요청이 너무 많아요. 잠시 뒤에 다시 시도해 주세요.", en="There were too many requests. Try again later."
        ),
        retry_after=1,
    ),
    errors.InsufficientCredits.code: Problem(
        402,
        Words(
            ko="크레딧이 {required}개 필요한데 {available}개 있어요. 크레딧을 충전한 뒤 다시 시도해 주세요.",
            en="This takes {required} credits, and you have {available}. Add credits and try again.",
        ),
        members=("required", "available"),
    ),
    errors.UploadNotFound.code: Problem(
        404,
        Words(ko="사진을 찾을 수 없어요. 사진을 다시 올려 주세요.", en="The photo was not found. Upload it again."),
    ),
    errors.UploadNotReady.code: Problem(
        409,
        Words(
            ko="사진을 아직 확인하고 있어요. 잠시 뒤에 다시 시도해 주세요.",
            en="The photo is still being checked. Try again in a moment.",
        ),
        retry_after=1,
    ),
    errors.ProviderUnavailable.code: Problem(
        503,
        Words(
            ko="지금은 웨딩 사진을 만들 수 없어요. 크레딧은 돌려드렸으니 잠시 뒤에 다시 시도해 주세요.",
            en="Images cannot be made right now. Your credits have been given back: try again later.",
        ),
    ),
    errors.GenerationNotFound.code: Problem(
        404,
        Words(
            ko="웨딩 사진을 찾을 수 없어요. 목록을 다시 불러와 주세요.",
            en="The images were not found. Load the list again.",
        ),
    ),
    errors.ImageNotStored.code: Problem(
        409,
        Words(
            ko="완성되지 않은 웨딩 사진이에요. 완성된 웨딩 사진 중에서 골라 주세요.",
            en="This image is not finished. Choose one that is.",
        ),
    ),
    errors.StillProcessing.code: Problem(
        409,
        Words(
            ko="웨딩 사진을 만들고 있어 아직 삭제할 수 없어요. 완성된 뒤에 다시 시도해 주세요.",
            en="The images are still being made and cannot be deleted yet. Try again once they are finished.",
        ),
        retry_after=2,
    ),
    errors.OrderNotFound.code: Problem(
        404,
        Words(
            ko="주문을 찾을 수 없어요. 주문 목록을 다시 불러와 주세요.",
            en="The order was not found. Load the list again.",
        ),
    ),
    errors.CreditsOwed.code: Problem(
        409,
        Words(
            ko="이미 사용한 크레딧 {owed}개의 결제가 취소되어 지금은 충전할 수 없어요. 고객센터에 문의해 주세요.",
            en="The payment of {owed} credits that you have spent was cancelled, so nothing can be bought now. "
            "Please contact us.",
        ),
        members=("owed",),
    ),
    errors.OrderConflict.code: Problem(
        409,
        Words(
            ko="결제 정보가 주문과 달라요. 주문을 다시 불러와 확인해 주세요.",
            en="The payment does not match the order. Load the order again and check it.",
        ),
    ),
    errors.OrderExpired.code: Problem(
        410,
        Words(
            ko="결제 시간이 지났어요. 결제되지 않았으니 처음부터 다시 시도해 주세요.",
            en="The time to pay is over. You were not charged: start again.",
        ),
    ),
    errors.PaymentDeclined.code: Problem(
        402,
        Words(
            ko="결제가 거절되었어요. 이유를 확인하고 다시 주문해 주세요.",
            en="The payment was declined. See the reason, and order again.",
        ),
        members=("decline",),
    ),
    errors.NothingRefundable.code: Problem(
        409,
        Words(
            ko="환불할 수 있는 크레딧은 {refundable}개예요. 사용한 크레딧은 환불할 수 없어요.",
            en="{refundable} credits of this order can be refunded. Credits that were spent cannot.",
        ),
        members=("refundable",),
    ),
    errors.SubscriptionNotFound.code: Problem(
        404, Words(ko="구독 중이 아니에요. 구독을 먼저 시작해 주세요.", en="There is no subscription. Start one first.")
    ),
    errors.SubscriptionConflict.code: Problem(
        409,
        Words(
            ko="지금은 처리할 수 없는 구독 요청이에요. 구독 정보를 다시 불러와 주세요.",
            en="The subscription does not allow this now. Load it again.",
        ),
    ),
    errors.PaymentsUnavailable.code: Problem(
        503,
        Words(
            ko="지금은 결제할 수 없어요. 나중에 다시 시도해 주세요.",
            en="Nothing can be bought right now. Try again later.",
        ),
    ),
    errors.Unauthenticated.code: Problem(
        401,
        Words(ko="로그인이 필요해요. 다시 로그인해 주세요.", en="You are not signed in. Sign in again."),
    ),
    errors.SignInAgain.code: Problem(
        401,
        Words(
            ko="안전을 위해 다시 로그인한 뒤 5분 안에 시도해 주세요.",
            en="To be safe, sign in again, and try within five minutes.",
        ),
    ),
    errors.AccountErased.code: Problem(
        410,
        Words(
            ko="탈퇴한 계정이에요. 사진과 기록은 삭제했거나 지금 삭제하고 있어요.",
            en="This account was deleted. Its photos and records are gone, or going now.",
        ),
    ),
    errors.ReceiptNotFound.code: Problem(
        404,
        Words(ko="접수 번호를 찾을 수 없어요. 번호를 확인해 주세요.", en="There is no such receipt. Check its number."),
    ),
    errors.InvalidSignature.code: Problem(
        401,
        Words(
            ko="서명이 올바르지 않아요. 서명 키와 서명한 시각을 확인해 주세요.",
            en="The signature is not valid. Check the signing key and the time of signing.",
        ),
    ),
    errors.TokenNotFound.code: Problem(
        404,
        Words(
            ko="알 수 없는 토큰이에요. 웹훅 주소를 확인해 주세요.", en="The token is unknown. Check the webhook's URL."
        ),
    ),
    "not_found": Problem(
        404,
        Words(ko="없는 주소예요. 주소를 확인해 주세요.", en="There is nothing at this path. Check the path."),
    ),
    "method_not_allowed": Problem(
        405,
        Words(
            ko="이 주소에서 쓸 수 없는 메서드예요. Allow 헤더에 있는 메서드를 사용해 주세요.",
            en="This path does not allow this method. Use one that the Allow header names.",
        ),
    ),
    "temporarily_unavailable": Problem(
        503,
        Words(
            ko="지금은 서비스를 이용할 수 없어요. 잠시 뒤에 다시 시도해 주세요.",
            en="The service is not available right now. Try again in a moment.",
        ),
        retry_after=1,
    ),
    "internal_error": Problem(
        500,
        Words(
            ko="예상하지 못한 오류가 생겼어요. 잠시 뒤에 다시 시도해 주세요.",
            en="Something unexpected went wrong. Try again later.",
        ),
    ),
}
