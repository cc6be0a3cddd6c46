"""Toss's API as a function from a request to an answer.

Source: https://docs.tosspayments.com/reference
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from local.stand_ins.toss.api_billing import BillingApi
from local.stand_ins.toss.api_payments import PaymentsApi
from local.stand_ins.toss.bodies import CancelRequest, Charge, Confirm, Issue
from local.stand_ins.toss.books import Books
from local.stand_ins.toss.calls import IDEMPOTENCY_KEY, Call
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.idempotency import Idempotency, Slot
from local.stand_ins.toss.paths import Operation
from local.stand_ins.toss.settings import Merchant, Reply
from local.stand_ins.toss.words import word

TRACE = "x-tosspayments-trace-id"


class Api:
    """The calls of two merchants; headers' names are taken in any case."""

    def __init__(
        self, books: Books, payments: PaymentsApi, billing: BillingApi, merchants: tuple[Merchant, Merchant]
    ) -> None:
        self._books, self._payments, self._billing, self._merchants = books, payments, billing, merchants
        self._idempotency = Idempotency(books.now)
        self._operations: dict[Operation, Callable[[Call], Any]] = {
            "confirm": lambda call: payments.confirm(call.merchant, call.read(Confirm)),
            "get": lambda call: payments.by_key(call.merchant, call.name),
            "get_by_order": lambda call: payments.by_order(call.merchant, call.name),
            "cancel": lambda call: payments.cancel(call.merchant, call.name, call.read(CancelRequest)),
            "issue": lambda call: billing.issue(call.read(Issue)),
            "charge": lambda call: billing.charge(call.name, call.read(Charge)),
            "delete": lambda call: billing.delete(call.name),
            "transactions": lambda call: payments.transactions(call.merchant, call.query),
        }

    def call(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one call. ``path`` is as sent: percent-encoded, with its query."""
        self._books.expire()
        sent = {name.lower(): value for name, value in headers.items()}
        own = {TRACE: word(self._books.random, 32).lower()}
        if IDEMPOTENCY_KEY in sent:
            own[IDEMPOTENCY_KEY] = sent[IDEMPOTENCY_KEY]
        try:
            call = Call.understood(method, path, sent, body, self._merchants)
            slot = self._slot(call)
            kept = self._idempotency.find(slot) if slot else None
        except Refused as refusal:
            return _refusal(refusal, own)
        if kept:
            return Reply(kept.status, {**kept.headers, TRACE: f"{kept.headers[TRACE]},{own[TRACE]}"}, kept.body)
        reply = self._answer(call, own)
        if slot and reply.status != 409 and (reply.status < 500 or self._books.switches.binds_5xx):
            self._idempotency.keep(slot, reply)
        return reply

    @contextmanager
    def processing(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Iterator[None]:
        """While the block runs, this call is under way: 409 for its Idempotency-Key, [S008] for its payment."""
        sent = {name.lower(): value for name, value in headers.items()}
        with ExitStack() as stack:
            with suppress(Refused):  # a call that is wrong hears it when it is made
                call = Call.understood(method, path, sent, body, self._merchants)
                slot = self._slot(call)
                if slot:
                    stack.enter_context(self._idempotency.running(slot))
                if call.operation == "confirm":
                    stack.enter_context(self._payments.confirming(call.read(Confirm).payment_key))
            yield

    def _slot(self, call: Call) -> Slot | None:
        return call.slot if call.operation != "issue" or self._books.switches.issue_is_idempotent else None

    def _answer(self, call: Call, headers: Mapping[str, str]) -> Reply:
        try:
            call.check_test_code()
            if call.operation in {"issue", "charge", "delete"}:
                self._billing.check(call.merchant)
            return _reply(200, headers, self._operations[call.operation](call))
        except Refused as refusal:
            return _refusal(refusal, headers)


def _reply(status: int, headers: Mapping[str, str], answer: Any) -> Reply:
    body = b"" if answer is None else json.dumps(answer, ensure_ascii=False).encode()
    return Reply(status, {"content-type": "application/json;charset=UTF-8", **headers}, body)


def _refusal(refusal: Refused, headers: Mapping[str, str]) -> Reply:
    return _reply(refusal.status, headers, {"code": refusal.code, "message": refusal.message})
