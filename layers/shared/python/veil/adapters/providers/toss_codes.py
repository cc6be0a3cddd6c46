"""What each error code of Toss Payments means to us. The code decides, never the HTTP status: ``PROVIDER_ERROR`` is a
400 that passes, ``REFUND_REJECTED`` a 400 that does not.

A code that stands in no list says nothing about the money: the payment is read before anything else.
Source: https://docs.tosspayments.com/reference/error-codes
"""

from collections.abc import Mapping

from veil.domain.declines import Decline

LIMIT, UNUSABLE, UNSUPPORTED = Decline.LIMIT_EXCEEDED, Decline.CARD_UNUSABLE, Decline.CARD_UNSUPPORTED
REFUSED, UNAVAILABLE = Decline.CARD_COMPANY_REFUSED, Decline.UNAVAILABLE

# Refused, and no money moved.
DECLINED: Mapping[str, Decline] = {
    **dict.fromkeys(
        (
            "REJECT_CARD_PAYMENT",
            "REJECT_ACCOUNT_PAYMENT",
            "EXCEED_MAX_ONE_DAY_AMOUNT",
            "EXCEED_MAX_AMOUNT",
            "EXCEED_MAX_PAYMENT_AMOUNT",
            "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
            "EXCEED_MAX_DAILY_PAYMENT_COUNT",
            "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
            "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
        ),
        LIMIT,
    ),
    **dict.fromkeys(
        ("NOT_AVAILABLE_PAYMENT", "RESTRICTED_TRANSFER_ACCOUNT", "MAINTAINED_METHOD", "NOT_AVAILABLE_BANK"), UNAVAILABLE
    ),
    **dict.fromkeys(
        (
            "REJECT_CARD_COMPANY",
            "FDS_ERROR",
            "INVALID_PASSWORD",
            "REJECT_TOSSPAY_INVALID_ACCOUNT",
            "EXCEED_MAX_AUTH_COUNT",
        ),
        REFUSED,
    ),
    **dict.fromkeys(
        (
            "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
            "INVALID_CARD_INSTALLMENT_PLAN",
            "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
            "NOT_SUPPORTED_INSTALLMENT_PLAN_MERCHANT",
            "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
            "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT",  # 50,000 KRW: all that we sell
            "NOT_ALLOWED_POINT_USE",
        ),
        UNSUPPORTED,
    ),
    **dict.fromkeys(
        (
            "INVALID_REJECT_CARD",
            "INVALID_STOPPED_CARD",
            "INVALID_CARD_LOST_OR_STOLEN",
            "INVALID_CARD_EXPIRATION",
            "INVALID_CARD_NUMBER",
            "INVALID_ACCOUNT_INFO_RE_REGISTER",
            "INVALID_CARD_PASSWORD",
            "INVALID_CARD_IDENTITY",
            "INVALID_BIRTH_DAY_FORMAT",
        ),
        UNUSABLE,
    ),
    **dict.fromkeys(("NOT_SUPPORTED_CARD_TYPE", "NOT_REGISTERED_CARD_COMPANY"), UNSUPPORTED),
    **dict.fromkeys(
        (
            "INVALID_BILL_KEY_REQUEST",
            "ALREADY_REMOVED_BILLING_KEY",
            "BILLING_KEY_NOT_FOUND",
            "INVALID_BILLING_AUTH",
            "NOT_FOUND_BILLING",
        ),
        UNUSABLE,
    ),
}
GONE = frozenset({"NOT_FOUND_PAYMENT_SESSION", "NOT_FOUND_PAYMENT", "NOT_FOUND", "UNAPPROVED_ORDER_ID"})
NOT_THERE = frozenset({"NOT_FOUND_PAYMENT", "NOT_FOUND"})
FOREIGN = frozenset({"FORBIDDEN_REQUEST"})
BALANCE_DIFFERS = frozenset({"NOT_MATCHES_REFUNDABLE_AMOUNT"})
CANCEL_REFUSED = frozenset(
    {
        "NOT_CANCELABLE_AMOUNT",
        "NOT_CANCELABLE_PAYMENT",
        "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
        "EXCEED_MAX_REFUND_DUE",
        "EXCEED_CANCEL_LIMIT",
        "NOT_ALLOWED_PARTIAL_REFUND",
        "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
        "REFUND_REJECTED",
        "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
        "FORBIDDEN_BANK_REFUND_REQUEST",
        "INVALID_REFUND_ACCOUNT_INFO",
        "INVALID_REFUND_ACCOUNT_NUMBER",
        "INVALID_BANK",
        "NOT_AVAILABLE_BANK",
    }
)
KEY_UNKNOWN = frozenset(
    {
        "ALREADY_REMOVED_BILLING_KEY",
        "BILLING_KEY_NOT_FOUND",
        "NOT_FOUND_BILLING",
        "INVALID_BILL_KEY_REQUEST",
        "INVALID_BILLING_AUTH",
    }
)
STILL_RUNNING = frozenset({"IDEMPOTENT_REQUEST_PROCESSING"})  # the first request with this key has not been answered
# Our keys, our contract or our request are wrong: a person has to look.
OURS = frozenset(
    {
        "INVALID_API_KEY",
        "UNAUTHORIZED_KEY",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_REQUEST",
        "INVALID_REQUIRED_PARAM",
        "INVALID_ORDER_ID",
        "INVALID_PAYMENT_KEY",
        "INVALID_CUSTOMER_KEY",
        "NOT_MATCHES_CUSTOMER_KEY",
        "BELOW_MINIMUM_AMOUNT",
        "INVALID_IDEMPOTENCY_KEY",
        "INVALID_AUTHORIZE_AUTH",
        "NOT_SUPPORTED_METHOD",
        "NOT_FOUND_TERMINAL_ID",
        "NOT_REGISTERED_BUSINESS",
        "INVALID_UNREGISTERED_SUBMALL",
        "INVALID_EMAIL",
        "INVALID_DATE",
        "API_VERSION_UPDATE_NEEDED",
        "INVALID_TEST_CODE",
        "NOT_FOUND_HTTP_METHOD",
        "NOT_FOUND_MERCHANT",
        "FORBIDDEN_REQUEST",  # but at a confirm, where it is the customer's
    }
)
KEY_REFUSED = frozenset({"INVALID_API_KEY", "UNAUTHORIZED_KEY", "INCORRECT_BASIC_AUTH_FORMAT"})
