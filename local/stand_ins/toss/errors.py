"""Toss's refusals: codes, their HTTP status, and a message for each.

Source: https://docs.tosspayments.com/reference/error-codes (codes and statuses; the messages are ours)
"""

_CARD = "카드 정보를 확인해주세요."
_LATER = "지금은 결제할 수 없습니다. 잠시 후 다시 시도해주세요."
_LIMIT = "결제 한도를 초과했습니다."
_SYSTEM = "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요."
_REFUND = "취소할 수 없는 결제입니다."
_REQUEST = "잘못된 요청입니다."
_BILLING = "빌링키를 확인해주세요."

_MESSAGES: dict[int, dict[str, str]] = {
    400: {
        **{
            "ALREADY_PROCESSED_PAYMENT": "이미 처리된 결제입니다.",
            "DUPLICATED_ORDER_ID": "이미 승인된 주문번호입니다.",
            "ALREADY_CANCELED_PAYMENT": "이미 취소된 결제입니다.",
            "NOT_MATCHES_REFUNDABLE_AMOUNT": "취소 가능 금액이 일치하지 않습니다.",
            "PROVIDER_ERROR": "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.",
            "CARD_PROCESSING_ERROR": "카드사에서 오류가 발생했습니다.",
            "INVALID_API_KEY": "잘못된 시크릿키 연동 정보입니다.",
            "NOT_MATCHES_CUSTOMER_KEY": "빌링 인증 고객키와 결제 요청 고객키가 일치하지 않습니다.",
            "BELOW_MINIMUM_AMOUNT": "신용카드는 100원, 계좌는 200원 이상부터 결제할 수 있습니다.",
            "INVALID_IDEMPOTENCY_KEY": "멱등키는 300자 이하여야 합니다.",
            "INVALID_DATE": "날짜 형식이 올바르지 않습니다.",
            "INVALID_TEST_CODE": "존재하지 않는 테스트 코드입니다.",
            "NOT_SUPPORTED_METHOD": "지원되지 않는 결제 수단입니다.",
            "UNAPPROVED_ORDER_ID": "아직 승인되지 않은 주문번호입니다.",
            "ALREADY_REMOVED_BILLING_KEY": "이미 삭제된 빌링키입니다.",
        },
        **dict.fromkeys(["ALREADY_REFUND_PAYMENT", "ALREADY_REFUNDING_PAYMENT", "REFUND_REJECTED"], _REFUND),
        **dict.fromkeys(["EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT", "FORBIDDEN_BANK_REFUND_REQUEST"], _REFUND),
        **dict.fromkeys(["INVALID_REFUND_ACCOUNT_INFO", "INVALID_REFUND_ACCOUNT_NUMBER", "INVALID_BANK"], _REFUND),
        **dict.fromkeys(
            ["EXCEED_MAX_AMOUNT", "EXCEED_MAX_PAYMENT_AMOUNT", "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT"], _LIMIT
        ),
        **dict.fromkeys(["EXCEED_MAX_DAILY_PAYMENT_COUNT", "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT"], _LIMIT),
        **dict.fromkeys(["EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT", "EXCEED_MAX_CARD_INSTALLMENT_PLAN"], _LIMIT),
        **dict.fromkeys(["NOT_AVAILABLE_PAYMENT", "RESTRICTED_TRANSFER_ACCOUNT", "MAINTAINED_METHOD"], _LATER),
        **dict.fromkeys(["INVALID_REJECT_CARD", "INVALID_STOPPED_CARD", "INVALID_CARD_LOST_OR_STOLEN"], _CARD),
        **dict.fromkeys(["INVALID_CARD_EXPIRATION", "INVALID_CARD_NUMBER", "NOT_SUPPORTED_CARD_TYPE"], _CARD),
        **dict.fromkeys(["NOT_REGISTERED_CARD_COMPANY", "INVALID_ACCOUNT_INFO_RE_REGISTER"], _CARD),
        **dict.fromkeys(["INVALID_CARD_PASSWORD", "INVALID_CARD_IDENTITY", "INVALID_BIRTH_DAY_FORMAT"], _CARD),
        **dict.fromkeys(["INVALID_CARD_INSTALLMENT_PLAN", "NOT_ALLOWED_POINT_USE"], _CARD),
        **dict.fromkeys(["INVALID_BILL_KEY_REQUEST", "BILLING_KEY_NOT_FOUND", "INVALID_BILLING_AUTH"], _BILLING),
        **dict.fromkeys(
            ["INVALID_REQUEST", "INVALID_REQUIRED_PARAM", "INVALID_ORDER_ID", "INVALID_PAYMENT_KEY"], _REQUEST
        ),
        **dict.fromkeys(["INVALID_CUSTOMER_KEY", "INVALID_AUTHORIZE_AUTH", "NOT_FOUND_TERMINAL_ID"], _REQUEST),
        **dict.fromkeys(["NOT_REGISTERED_BUSINESS", "INVALID_UNREGISTERED_SUBMALL", "INVALID_EMAIL"], _REQUEST),
        "API_VERSION_UPDATE_NEEDED": _REQUEST,
    },
    401: {"UNAUTHORIZED_KEY": "인증되지 않은 시크릿 키 혹은 클라이언트 키입니다."},
    403: {
        **{
            "FORBIDDEN_CONSECUTIVE_REQUEST": "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요.",
            "REJECT_CARD_PAYMENT": "한도초과 혹은 잔액부족으로 결제에 실패했습니다.",
            "REJECT_CARD_COMPANY": "결제 승인이 거절되었습니다.",
            "NOT_CANCELABLE_AMOUNT": "취소할 수 없는 금액입니다.",
            "FORBIDDEN_REQUEST": "허용되지 않은 요청입니다.",
            "INCORRECT_BASIC_AUTH_FORMAT": "시크릿 키 뒤에 ':'을 붙여 인코딩해주세요.",
        },
        **dict.fromkeys(["REJECT_ACCOUNT_PAYMENT", "EXCEED_MAX_ONE_DAY_AMOUNT", "EXCEED_MAX_AUTH_COUNT"], _LIMIT),
        **dict.fromkeys(["FDS_ERROR", "INVALID_PASSWORD", "REJECT_TOSSPAY_INVALID_ACCOUNT"], _CARD),
        "NOT_AVAILABLE_BANK": _LATER,
        **dict.fromkeys(["NOT_CANCELABLE_PAYMENT", "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER"], _REFUND),
        **dict.fromkeys(["EXCEED_MAX_REFUND_DUE", "EXCEED_CANCEL_LIMIT", "NOT_ALLOWED_PARTIAL_REFUND"], _REFUND),
        "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT": _REFUND,
    },
    404: {
        "NOT_FOUND_PAYMENT_SESSION": "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.",
        "NOT_FOUND_PAYMENT": "존재하지 않는 결제 정보입니다.",
        "NOT_FOUND": "존재하지 않는 정보입니다.",
        "NOT_FOUND_BILLING": "존재하지 않는 빌링 정보입니다.",
        "NOT_FOUND_HTTP_METHOD": "존재하지 않는 API입니다.",
        "NOT_FOUND_MERCHANT": "존재하지 않는 상점 정보입니다.",
    },
    409: {"IDEMPOTENT_REQUEST_PROCESSING": "이전 멱등 요청이 처리 중입니다."},
    500: {
        **dict.fromkeys(["FAILED_INTERNAL_SYSTEM_PROCESSING", "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"], _SYSTEM),
        **dict.fromkeys(["UNKNOWN_PAYMENT_ERROR", "UNKNOWN_ERROR", "COMMON_ERROR", "FAILED_DB_PROCESSING"], _SYSTEM),
        **dict.fromkeys(["FAILED_CARD_COMPANY_RESPONSE", "FAILED_METHOD_HANDLING", "FAILED_REFUND_PROCESS"], _SYSTEM),
        **dict.fromkeys(["FAILED_PARTIAL_REFUND", "FAILED_METHOD_HANDLING_CANCEL"], _SYSTEM),
        **dict.fromkeys(["FAILED_BILL_KEY_AUTH_CREATION", "FAILED_BILLING_AUTO_CANCEL"], _SYSTEM),
    },
}
STATUSES = {code: status for status, messages in _MESSAGES.items() for code in messages}

# No verdict of the card company: the payment goes on, and may be confirmed again.
TRANSIENT = frozenset({"PROVIDER_ERROR", "CARD_PROCESSING_ERROR", "FORBIDDEN_CONSECUTIVE_REQUEST", *_MESSAGES[500]})


class Refused(Exception):
    """A call or a customer's step that Toss refuses; ``status`` is 400 for a code that isn't in the table."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code, self.status = code, STATUSES.get(code, 400)
        self.message = message or _MESSAGES[self.status].get(code, _REQUEST)
        super().__init__(code)
