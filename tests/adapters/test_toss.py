"""Toss Payments on the wire: what is sent, and what any answer can be taken for."""

import traceback
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.fakes.secrets import FakeSecret
from tests.support.toss_wire import (
    AUTH,
    BILLING,
    CALLS,
    CUSTOMER,
    ISSUED,
    ORDER,
    PAYMENT,
    RAW,
    REFUND,
    SECRET,
    at,
    basic,
    cancel,
    over,
)
from tests.support.wire import Asked, Reply, Wire, closed_port
from veil.adapters.providers import toss as toss_module
from veil.adapters.providers.toss import Toss
from veil.domain.payments import BillingKey, Cancel, Payment, PaymentStatus, PaymentUnsettled

APPROVED = 1_795_605_304.0  # 2026-11-25T20:15:04+09:00
QUOTED = "tgen_%2F20261125%3Fx%237%3D"
POSTS = ["confirm", "cancel", "charge"]
PAYMENTS = ["confirm", "by_key", "by_order", "cancel", "charge"]


def sent(wire: Wire) -> Asked:
    (asked,) = wire.asked
    return asked


def test_a_payment_is_confirmed_with_our_price(wire: Wire, toss: Toss) -> None:
    wire.answer(Reply(200, RAW))
    receipt = "https://dashboard.test/receipt/1"
    wanted = Payment(PAYMENT.key, "01", PaymentStatus.DONE, "veil_test", "KRW", 9_900, 9_900, APPROVED, (), receipt)
    assert toss.confirm(ORDER) == wanted
    asked = sent(wire)
    assert (asked.method, asked.path) == ("POST", "/v1/payments/confirm")
    assert asked.json == {"paymentKey": ORDER.payment_key, "orderId": "01", "amount": 9_900}
    assert asked.headers["idempotency-key"] == ORDER.idempotency_key
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize(("call", "path"), [("by_key", QUOTED), ("by_order", "orders/01")])
def test_a_payment_is_read(wire: Wire, toss: Toss, call: str, path: str) -> None:
    """Its key is opaque: nothing in it may lead to another path."""
    wire.answer(Reply(200, RAW))
    found = CALLS[call](toss)
    assert isinstance(found, Payment)
    assert found.key == PAYMENT.key
    asked = sent(wire)
    assert (asked.method, asked.path, asked.body) == ("GET", f"/v1/payments/{path}", b"")
    assert "idempotency-key" not in asked.headers


@pytest.mark.parametrize("key", ["..", ".", "../../v1/billing", "a/../b", "%2e%2e", "a b", "é"])
def test_no_key_leads_to_another_path(wire: Wire, toss: Toss, key: str) -> None:
    wire.answer(Reply(404, {"code": "NOT_FOUND_PAYMENT"}))
    assert toss.by_key(key) is None
    for asked in wire.asked:
        assert asked.path.startswith("/v1/payments/")
        assert asked.path.count("/") == 3
        assert asked.path.rpartition("/")[2] not in ("", ".", "..")


def test_a_part_of_the_money_goes_back(wire: Wire, toss: Toss) -> None:
    wire.answer(Reply(200, {**RAW, "status": "PARTIAL_CANCELED", "balanceAmount": 6_600, "cancels": [cancel()]}))
    answer = toss.cancel(PAYMENT, REFUND)
    assert (answer.status, answer.balance) == (PaymentStatus.PARTIAL_CANCELED, 6_600)
    assert answer.cancels == (Cancel("txn_77aa02", 3_300, f"unused credits {REFUND.mark}"),)
    asked = sent(wire)
    assert (asked.method, asked.path) == ("POST", f"/v1/payments/{QUOTED}/cancel")
    assert asked.json == {
        "cancelReason": f"unused credits [{REFUND.id}]",
        "cancelAmount": 3_300,
        "refundableAmount": 9_900,
    }
    assert asked.headers["idempotency-key"] == REFUND.idempotency_key


def test_a_card_is_registered(wire: Wire, toss: Toss) -> None:
    wire.answer(Reply(200, ISSUED))
    assert toss.issue(AUTH, CUSTOMER, "issue:1") == BillingKey(BILLING, "53651012****123*")
    asked = sent(wire)
    assert (asked.method, asked.path) == ("POST", "/v1/billing/authorizations/issue")
    assert asked.json == {"authKey": AUTH, "customerKey": CUSTOMER}
    assert asked.headers["idempotency-key"] == "issue:1"


@pytest.mark.parametrize("card", [None, {}, {"number": None}, {"number": "1", "new": 1}])
def test_a_card_without_a_number_is_registered_all_the_same(wire: Wire, toss: Toss, card: Any) -> None:
    """Its key is never told again, so nothing beside it may lose it."""
    wire.answer(Reply(200, {**ISSUED, "card": card}))
    assert toss.issue(AUTH, CUSTOMER, "issue:1").key == BILLING


@pytest.mark.parametrize("answer", [{**ISSUED, "billingKey": ""}, {**ISSUED, "billingKey": None}, {}, [ISSUED], RAW])
def test_a_billing_key_that_is_none(wire: Wire, toss: Toss, answer: Any) -> None:
    wire.answer(Reply(200, answer))
    with pytest.raises(PaymentUnsettled):
        toss.issue(AUTH, CUSTOMER, "issue:1")


def test_a_billing_key_of_another_customer_is_not_taken(wire: Wire, toss: Toss) -> None:
    wire.answer(Reply(200, {**ISSUED, "customerKey": "another"}))
    with pytest.raises(PaymentUnsettled) as error:
        toss.issue(AUTH, CUSTOMER, "issue:1")
    assert (error.value.answered, error.value.ours) == (True, True)


def test_a_card_is_charged(wire: Wire, toss: Toss) -> None:
    wire.answer(Reply(200, {**RAW, "type": "BILLING"}))
    assert toss.charge(ORDER, BILLING, CUSTOMER, "Veil").amount == 9_900
    asked = sent(wire)
    assert (asked.method, asked.path) == ("POST", "/v1/billing/bk_Zm9v%2FYmFy%2BeA%3D%3D")
    assert asked.json == {"customerKey": CUSTOMER, "amount": 9_900, "orderId": "01", "orderName": "Veil"}
    assert asked.headers["idempotency-key"] == ORDER.idempotency_key


def test_a_key_is_deleted(wire: Wire, toss: Toss) -> None:
    wire.answer(Reply(200, b""))
    toss.delete_key(BILLING)
    asked = sent(wire)
    assert (asked.method, asked.path) == ("DELETE", "/v1/billing/bk_Zm9v%2FYmFy%2BeA%3D%3D")
    assert "idempotency-key" not in asked.headers


@pytest.mark.parametrize("call", list(CALLS))
def test_every_request_is_signed_with_the_secret_key(wire: Wire, toss: Toss, call: str) -> None:
    wire.answer(Reply(400, {"code": "UNKNOWN"}))
    with pytest.raises(PaymentUnsettled):
        CALLS[call](toss)
    assert sent(wire).headers["authorization"] == basic(SECRET)
    assert "accept-language" not in sent(wire).headers  # English words would come back


@pytest.mark.parametrize("code", ["INVALID_API_KEY", "UNAUTHORIZED_KEY", "INCORRECT_BASIC_AUTH_FORMAT"])
def test_a_rotated_secret_is_tried_once(wire: Wire, toss: Toss, toss_secret: FakeSecret, code: str) -> None:
    """Toss refused and so did nothing."""
    toss_secret.put("test_sk_newer")
    wire.answer(Reply(401, {"code": code}), Reply(200, RAW))
    assert toss.confirm(ORDER).status is PaymentStatus.DONE
    assert [asked.headers["authorization"] for asked in wire.asked] == [basic(SECRET), basic("test_sk_newer")]
    assert wire.asked[0].body == wire.asked[1].body


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"status": "SOMETHING_NEW"}, {"status": PaymentStatus.OTHER}),
        ({"status": None}, {"status": PaymentStatus.OTHER}),
        ({"status": ["DONE"]}, {"status": PaymentStatus.OTHER}),
        ({"cancels": []}, {"cancels": ()}),
        ({"cancels": [cancel(cancelStatus="IN_PROGRESS")]}, {"cancels": ()}),
        ({"cancels": [cancel(cancelReason=None, cancelStatus=None)]}, {"cancels": (Cancel("txn_77aa02", 3_300, ""),)}),
        ({"approvedAt": None}, {"approved_at": None}),
        ({"approvedAt": "2026-11-25T20:15:04"}, {"approved_at": APPROVED}),  # without a zone it is Korea's
        ({"approvedAt": "2026-11-25T11:15:04.25Z"}, {"approved_at": APPROVED + 0.25}),
        ({"approvedAt": "0001-01-01T00:00:00"}, {"approved_at": -62_135_629_200.0}),
        ({"receipt": None}, {"receipt_url": None}),
        ({"receipt": {"url": None, "x": 1}}, {"receipt_url": None}),
        ({"x_new_field": {"deep": [1]}, "card": "gone", "method": 7}, {}),
        ({"orderId": "another"}, {"order_id": "another"}),  # whoever asked has to compare
    ],
)
def test_what_is_new_or_missing_is_borne(
    wire: Wire, toss: Toss, changes: dict[str, Any], wanted: dict[str, Any]
) -> None:
    wire.answer(Reply(200, RAW), Reply(200, {**RAW, **changes}))
    plain, found = toss.by_key("k"), toss.by_key("k")
    assert plain is not None
    assert found == replace(plain, **wanted)


GARBAGE: list[Any] = [
    b"",
    b"null",
    b"[]",
    b"7",
    b'"DONE"',
    b"{}",
    b'{"status": "DO',
    b"\xff\xfe\x00",
    b"<html>200 OK</html>",
    b"[" * 100_000,
    b'{"totalAmount": ' + b"9" * 5_000 + b"}",
    b" " * 300_000 + b"{}",
    {"code": "REJECT_CARD_PAYMENT", "message": "no"},  # with a 200
    {**RAW, "paymentKey": ""},
    {**RAW, "paymentKey": None},
    {**RAW, "orderId": 1},
    {**RAW, "mId": None},
    {**RAW, "totalAmount": "much"},
    {**RAW, "totalAmount": 9_900.5},
    {**RAW, "totalAmount": None},
    {**RAW, "balanceAmount": {}},
    {**RAW, "approvedAt": "yesterday"},
    {**RAW, "cancels": "none"},
    {**RAW, "cancels": [None]},
    {**RAW, "cancels": [cancel(transactionKey="")]},
    {**RAW, "cancels": [cancel(cancelAmount=-1)]},
    {**RAW, "x": "y" * 300_000},
]


@pytest.mark.parametrize("body", GARBAGE, ids=lambda body: str(body)[:40])
@pytest.mark.parametrize("call", ["confirm", "by_key"])
def test_a_200_that_can_not_be_read_says_nothing(wire: Wire, toss: Toss, call: str, body: Any) -> None:
    """The money may have moved: the same idempotency key is good again, and the payment is read."""
    wire.answer(Reply(200, body))
    with pytest.raises(PaymentUnsettled) as error:
        CALLS[call](toss)
    assert (error.value.answered, error.value.ours) == (False, False)
    assert len(wire.asked) == 1


ERRORS: list[Any] = [b"", b"<html>502 Bad Gateway</html>", b"[]", b'{"code": 7}', b'{"code": null}', b"[" * 100_000]


@pytest.mark.parametrize("status", [201, 204, 301, 400, 404, 500, 502, 503, 504])
@pytest.mark.parametrize("call", list(CALLS))
def test_an_error_that_is_not_in_tosss_words_says_nothing(wire: Wire, toss: Toss, call: str, status: int) -> None:
    for body in [b""] if status == 204 else ERRORS:
        wire.answer(Reply(status, body, {"content-type": "text/html"}))
        with pytest.raises(PaymentUnsettled) as error:
            CALLS[call](toss)
        assert (error.value.answered, error.value.ours) == (False, False)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("call", ["confirm", "by_key", "delete"])
def test_nobody_is_followed(wire: Wire, toss: Toss, call: str, status: int) -> None:
    wire.answer(Reply(status, b"", {"location": f"{wire.url}/elsewhere"}))
    with pytest.raises(PaymentUnsettled):
        CALLS[call](toss)
    assert len(wire.asked) == 1


@pytest.mark.parametrize("call", list(CALLS))
def test_a_connection_that_is_dropped_is_not_tried_again(wire: Wire, toss: Toss, call: str) -> None:
    wire.answer(Reply(reset=True))
    with pytest.raises(PaymentUnsettled) as error:
        CALLS[call](toss)
    assert not error.value.answered
    assert len(wire.asked) == 1


@pytest.mark.parametrize("call", ["charge", "by_key"])
def test_an_answer_that_does_not_come(wire: Wire, toss: Toss, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CHARGE_SECONDS", "READ_SECONDS"):
        monkeypatch.setattr(toss_module, name, 0.2)
    wire.answer(Reply(hang=True))
    with pytest.raises(PaymentUnsettled, match="ReadTimeout") as error:
        CALLS[call](toss)
    assert not error.value.answered


@pytest.mark.parametrize(
    ("call", "read"),
    [("confirm", 20), ("by_key", 6), ("by_order", 6), ("cancel", 20), ("issue", 20), ("charge", 65), ("delete", 20)],
)
def test_each_call_waits_as_long_as_it_may(call: str, read: float) -> None:
    waits: list[dict[str, float]] = []

    def silent(request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"])
        raise httpx.ReadTimeout("silence", request=request)

    client = httpx.Client(base_url="https://toss.test", transport=httpx.MockTransport(silent))
    with client, pytest.raises(PaymentUnsettled):
        CALLS[call](over(client))
    assert [(one["connect"], one["read"]) for one in waits] == [(2, read)]


def test_nothing_is_taken_from_the_environment(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    wire.answer(Reply(200, RAW))
    adapter, clients = at(wire.url, FakeSecret(SECRET))
    assert adapter.confirm(ORDER).status is PaymentStatus.DONE
    for client in clients:
        client.close()


@pytest.fixture
def nobody() -> Iterator[Toss]:
    """The adapter, whose Toss is not there."""
    adapter, clients = at(f"http://127.0.0.1:{closed_port()}", FakeSecret(SECRET))
    yield adapter
    for client in clients:
        client.close()


@pytest.mark.parametrize("call", list(CALLS))
def test_no_secret_stands_in_an_error(wire: Wire, toss: Toss, nobody: Toss, call: str) -> None:
    """Neither in its text nor in those that led to it: they are logged."""
    for adapter, reply in (
        (nobody, Reply()),
        (toss, Reply(reset=True)),
        (toss, Reply(200, b"\xff")),
        (toss, Reply(400, {"code": "INVALID_REQUEST", "message": BILLING})),
        (toss, Reply(500, b"<html>")),
    ):
        wire.answer(reply)
        if call == "delete" and reply.status == 200 and not reply.reset and adapter is toss:
            continue  # its answer is not read
        with pytest.raises(PaymentUnsettled) as error:
            CALLS[call](adapter)
        told = "".join(traceback.format_exception(error.value))
        for secret in (SECRET, basic(SECRET), BILLING, "bk_Zm9v", AUTH, PAYMENT.key, "tgen_"):
            assert secret not in told
