"""Every code that Toss documents, and what it means to us: the table a second time, from the contract with Toss."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from tests.support.toss_wire import CALLS, over
from veil.domain.payments import (
    BalanceDiffers,
    CancelRefused,
    PaymentForeign,
    PaymentGone,
    PaymentRefused,
    PaymentUnsettled,
)

c, g, x, i, b, d = "confirm", "by_key", "cancel", "issue", "charge", "delete"
EVERY = (c, g, x, i, b, d)

SEEN = {
    (c,): "ALREADY_PROCESSED_PAYMENT",
    (b,): "DUPLICATED_ORDER_ID",
    (x,): "ALREADY_CANCELED_PAYMENT ALREADY_REFUND_PAYMENT ALREADY_REFUNDING_PAYMENT",
}
ASK = {
    (c, x, b): "PROVIDER_ERROR CARD_PROCESSING_ERROR",
    (c, g, x): "FORBIDDEN_CONSECUTIVE_REQUEST",
    (c, g, x, b): "FAILED_INTERNAL_SYSTEM_PROCESSING FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING UNKNOWN_PAYMENT_ERROR"
    " UNKNOWN_ERROR COMMON_ERROR FAILED_CARD_COMPANY_RESPONSE FAILED_METHOD_HANDLING FAILED_DB_PROCESSING",
    (x,): "FAILED_REFUND_PROCESS FAILED_PARTIAL_REFUND FAILED_METHOD_HANDLING_CANCEL NOT_FOUND_PAYMENT",
    (i, b): "FAILED_BILL_KEY_AUTH_CREATION FAILED_BILLING_AUTO_CANCEL",
    EVERY: "A_CODE_OF_TOMORROW",
}
GONE = {(c,): "NOT_FOUND_PAYMENT_SESSION NOT_FOUND_PAYMENT NOT_FOUND UNAPPROVED_ORDER_ID"}
NOT_THERE = {(g,): "NOT_FOUND_PAYMENT NOT_FOUND"}
DECLINED = {
    (c, b): "REJECT_CARD_PAYMENT REJECT_ACCOUNT_PAYMENT EXCEED_MAX_ONE_DAY_AMOUNT EXCEED_MAX_AMOUNT"
    " EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT EXCEED_MAX_DAILY_PAYMENT_COUNT"
    " EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT NOT_AVAILABLE_PAYMENT"
    " RESTRICTED_TRANSFER_ACCOUNT MAINTAINED_METHOD EXCEED_MAX_CARD_INSTALLMENT_PLAN INVALID_CARD_INSTALLMENT_PLAN"
    " NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT NOT_SUPPORTED_INSTALLMENT_PLAN_MERCHANT"
    " NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT"
    " NOT_ALLOWED_POINT_USE",
    (c,): "NOT_AVAILABLE_BANK",
    (c, i, b): "REJECT_CARD_COMPANY FDS_ERROR INVALID_PASSWORD REJECT_TOSSPAY_INVALID_ACCOUNT EXCEED_MAX_AUTH_COUNT",
}
OTHER_CARD = {
    (c, i, b): "INVALID_REJECT_CARD INVALID_STOPPED_CARD INVALID_CARD_LOST_OR_STOLEN INVALID_CARD_EXPIRATION"
    " INVALID_CARD_NUMBER NOT_SUPPORTED_CARD_TYPE NOT_REGISTERED_CARD_COMPANY INVALID_ACCOUNT_INFO_RE_REGISTER",
    (i,): "INVALID_CARD_PASSWORD INVALID_CARD_IDENTITY INVALID_BIRTH_DAY_FORMAT NOT_FOUND_BILLING",
    (b,): "INVALID_BILL_KEY_REQUEST ALREADY_REMOVED_BILLING_KEY BILLING_KEY_NOT_FOUND INVALID_BILLING_AUTH",
}
KEY_UNKNOWN = {
    (d,): "INVALID_BILL_KEY_REQUEST ALREADY_REMOVED_BILLING_KEY BILLING_KEY_NOT_FOUND INVALID_BILLING_AUTH"
    " NOT_FOUND_BILLING"
}
NOT_CANCELABLE = {
    (x,): "NOT_CANCELABLE_AMOUNT NOT_CANCELABLE_PAYMENT NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER EXCEED_MAX_REFUND_DUE"
    " EXCEED_CANCEL_LIMIT NOT_ALLOWED_PARTIAL_REFUND NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT REFUND_REJECTED"
    " EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT FORBIDDEN_BANK_REFUND_REQUEST INVALID_REFUND_ACCOUNT_INFO"
    " INVALID_REFUND_ACCOUNT_NUMBER INVALID_BANK NOT_AVAILABLE_BANK"
}
OURS = {
    EVERY: "INVALID_API_KEY INVALID_REQUEST INVALID_REQUIRED_PARAM INVALID_ORDER_ID INVALID_PAYMENT_KEY"
    " INVALID_CUSTOMER_KEY NOT_MATCHES_CUSTOMER_KEY BELOW_MINIMUM_AMOUNT INVALID_IDEMPOTENCY_KEY"
    " INVALID_AUTHORIZE_AUTH NOT_SUPPORTED_METHOD NOT_FOUND_TERMINAL_ID NOT_REGISTERED_BUSINESS"
    " INVALID_UNREGISTERED_SUBMALL INVALID_EMAIL INVALID_DATE API_VERSION_UPDATE_NEEDED INVALID_TEST_CODE"
    " UNAUTHORIZED_KEY INCORRECT_BASIC_AUTH_FORMAT NOT_FOUND_HTTP_METHOD NOT_FOUND_MERCHANT",
    (g, x, i, b, d): "FORBIDDEN_REQUEST",
}


def each(*tables: Mapping[Any, str]) -> pytest.MarkDecorator:
    """Every code of these tables at every call that it may answer."""

    def pairs() -> Iterator[tuple[str, str]]:
        for table in tables:
            for calls, codes in table.items():
                yield from ((call, code) for call in calls for code in codes.split())

    return pytest.mark.parametrize(("call", "code"), list(pairs()))


def ask(call: str, code: str, status: int = 400) -> object:
    """Call, once, and be answered with this code; the status must not matter."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, json={"code": code, "message": "…"})

    with httpx.Client(base_url="https://toss.test", transport=httpx.MockTransport(answer)) as client:
        try:
            return CALLS[call](over(client))
        finally:
            assert len(asked) == 1


@pytest.mark.parametrize("status", [400, 500])
@each(SEEN, ASK)
def test_nothing_is_known_and_the_key_is_bound(call: str, code: str, status: int) -> None:
    with pytest.raises(PaymentUnsettled, match=code) as error:
        ask(call, code, status)
    assert (error.value.answered, error.value.ours) == (True, False)


@each(OURS)
def test_our_keys_or_our_request_are_wrong(call: str, code: str) -> None:
    with pytest.raises(PaymentUnsettled, match=code) as error:
        ask(call, code)
    assert (error.value.answered, error.value.ours) == (True, True)


@pytest.mark.parametrize(("code", "status"), [("IDEMPOTENT_REQUEST_PROCESSING", 409), ("", 429), ("BUSY", 429)])
@pytest.mark.parametrize("call", list(CALLS))
def test_the_same_key_is_good_again(call: str, code: str, status: int) -> None:
    with pytest.raises(PaymentUnsettled) as error:
        ask(call, code, status)
    assert (error.value.answered, error.value.ours) == (False, False)


@pytest.mark.parametrize("status", [400, 403, 500])
@each(DECLINED, OTHER_CARD)
def test_a_card_is_declined(call: str, code: str, status: int) -> None:
    with pytest.raises(PaymentRefused) as refused:
        ask(call, code, status)
    assert refused.value.provider_code == code
    if any(code in codes.split() for codes in OTHER_CARD.values()):
        assert refused.value.decline.needs_other_card


@each({(b,): "REJECT_CARD_PAYMENT EXCEED_MAX_ONE_DAY_AMOUNT NOT_AVAILABLE_PAYMENT REJECT_CARD_COMPANY FDS_ERROR"})
def test_a_card_that_may_work_on_another_day(call: str, code: str) -> None:
    with pytest.raises(PaymentRefused) as refused:
        ask(call, code, 403)
    assert not refused.value.decline.needs_other_card


@each(GONE)
def test_there_is_nothing_left_to_confirm(call: str, code: str) -> None:
    with pytest.raises(PaymentGone):
        ask(call, code, 404)


@pytest.mark.parametrize("call", ["by_key", "by_order"])
@pytest.mark.parametrize("code", ["NOT_FOUND_PAYMENT", "NOT_FOUND"])
def test_there_is_no_payment(call: str, code: str) -> None:
    assert ask(call, code, 404) is None


def test_a_payment_of_another_order() -> None:
    with pytest.raises(PaymentForeign):
        ask(c, "FORBIDDEN_REQUEST", 403)


@each(NOT_CANCELABLE)
def test_the_money_can_not_go_back(call: str, code: str) -> None:
    with pytest.raises(CancelRefused):
        ask(call, code, 403)


def test_another_balance_than_the_expected_one() -> None:
    with pytest.raises(BalanceDiffers):
        ask(x, "NOT_MATCHES_REFUNDABLE_AMOUNT")


@each(KEY_UNKNOWN)
def test_a_key_that_is_not_known_needs_no_deleting(call: str, code: str) -> None:
    assert ask(call, code) is None
