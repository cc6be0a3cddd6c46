"""Toss Payments in the simulation: the core of its stand-in, with refusals of its own, and answers that are not true.

Source of the formats: https://docs.tosspayments.com/reference
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from local.simulated.environment import SECRETS
from local.simulated.s3 import Answer
from local.simulated.wire import Sent
from local.stand_ins.toss import Merchant, Reply, Switches, Toss
from local.stand_ins.toss.calls import TEST_CODE
from local.stand_ins.toss.errors import TRANSIENT
from local.stand_ins.toss.paths import Operation, operation_of
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.services import json_answer
from proofs.chaos.simulation.toss_webhooks import TossWebhooks
from proofs.chaos.simulation.weather import Weather
from veil.adapters.providers.toss_codes import CANCEL_REFUSED

PAYMENTS = Merchant("veilpay", "test_ck_payments", SECRETS["toss-payments-key"])
BILLING = Merchant("veilbill", "test_ck_billing", SECRETS["toss-billing-key"])
KINDS: dict[Operation, str] = {"get": "toss read", "get_by_order": "toss read"}  # of the others: toss, and the name
APPROVALS = ("confirm", "charge")
LATER = sorted(TRANSIENT)  # Toss asks to try again; of an approval, the money may have moved all the same
OUTCOMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(APPROVALS, (*LATER, *(f"{code}, and it is done" for code in LATER))),
    "cancel": (*LATER, *sorted(CANCEL_REFUSED)),
    "issue": tuple(LATER),
}
LIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another amount": lambda body: {**body, "totalAmount": body["totalAmount"] + 100},
    "another merchant": lambda body: {**body, "mId": "somebody"},
    "another order": lambda body: {**body, "orderId": "01JD8QK2Z0000000000000000A"},
}
STALE, STALE_SECONDS = "an older state", 1800.0  # for so long after a change, a read may not show it
_NOTHING = json_answer(404, {"code": "NOT_FOUND_PAYMENT", "message": "no such payment"})


def kind_of(sent: Sent) -> str:
    """The kind of faults that a call can meet."""
    operation, _ = operation_of(sent.method, urlsplit(sent.url).path)
    return KINDS.get(operation, f"toss {operation}")


class SimulatedToss:
    """``lied`` has the orders of which something was said that is not so; ``keys`` each customer's billing keys;
    ``untold`` the customers to whom it gave a key, and when it is asked again, says that there is none;
    ``cancelled_at`` is when by transaction key; ``approved`` is told of each payment that was charged.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        random: Random,
        weather: Weather,
        score: Score,
        webhooks: TossWebhooks,
    ) -> None:
        self._scheduler, self._weather, self._webhooks = scheduler, weather, webhooks
        switches = drawn_switches(random, score) if weather.rates else Switches()
        accounts = (PAYMENTS, BILLING)
        self.core = Toss(
            clock=lambda: scheduler.now, random=random, announce=self._changed, accounts=accounts, switches=switches
        )
        self.lied: set[str] = set()
        self.keys: dict[str, list[str]] = {}
        self.untold: set[str] = set()
        self.cancelled_at: dict[str, float] = {}
        self.approved: Callable[[str, int], None] = lambda *_: None
        self._shown: dict[str, Answer] = {}
        self._changes: dict[str, float] = {}

    def api(self, sent: Sent) -> Answer:
        """What it answers to a call."""
        parts = urlsplit(sent.url)
        operation, name = operation_of(sent.method, parts.path)
        if operation in ("confirm", "charge", "cancel"):
            self._webhooks.watch.called(operation, sent.json)
        headers = self._own_refusal(operation, sent.headers)
        reply = self.core.call(sent.method, parts.path, headers, sent.body)
        if reply.status == 200 and operation in APPROVALS:
            body = json.loads(reply.body)
            self._changes[body["orderId"]] = self._scheduler.now
            self.approved(body["paymentKey"], body["totalAmount"])
        if reply.status == 200 and operation == "issue":
            body = json.loads(reply.body)
            self.keys.setdefault(body["customerKey"], []).append(body["billingKey"])
        if reply.status == 404 and operation == "issue":
            self.untold.add(str(sent.json["customerKey"]))
        return self._told(operation, name, reply)

    def live_keys(self) -> set[str]:
        """The billing keys that can be deleted."""
        ends = {key["end"] for key in self.core.state()["billingKeys"] if not key["removed"]}
        return {key for keys in self.keys.values() for key in keys if key[-6:] in ends}

    def _changed(self, event: dict[str, Any]) -> None:
        data = event["data"]
        if order_id := data.get("orderId"):
            self._changes[order_id] = self._scheduler.now
        for cancel in data.get("cancels") or ():
            self.cancelled_at.setdefault(cancel["transactionKey"], self._scheduler.now)
        self._webhooks.announce(event)

    def _own_refusal(self, operation: Operation, headers: dict[str, str]) -> dict[str, str]:
        """The headers, with an error ordered that Toss answers by itself and binds to the idempotency key."""
        drawn = self._weather.draw("toss answers", OUTCOMES[operation]) if operation in OUTCOMES else ""
        code, _, done = drawn.partition(",")
        if drawn and operation in APPROVALS:
            self.core.decline_next(code, charged=bool(done))
        elif drawn:
            return {**headers, TEST_CODE: code}
        return headers

    def _told(self, operation: Operation, name: str, reply: Reply) -> Answer:
        """The answer, or one that is not true, or is no longer."""
        answer = Answer(reply.status, reply.headers, reply.body)
        reads = operation in KINDS
        if not reads and not (operation in APPROVALS and reply.status == 200):
            return answer
        before, self._shown[name] = self._shown.get(name, _NOTHING), answer
        body = json.loads(reply.body)
        order_id = body.get("orderId", "")
        fresh = self._scheduler.now - self._changes.get(order_id, 0.0) < STALE_SECONDS
        stale = [STALE] if reads and fresh and not (before is _NOTHING and body["cancels"]) else []
        possible = [*(LIES if reply.status == 200 else ()), *stale]
        lie = self._weather.draw("toss lies", possible) if possible else ""
        if lie == STALE:
            self._shown[name] = before
            return before
        if not lie:
            return answer
        self.lied.add(order_id)
        return Answer(200, reply.headers, json.dumps(LIES[lie](body)).encode())


def drawn_switches(random: Random, score: Score) -> Switches:
    """Toss in one of its possible readings: each point that its documentation leaves open, either way."""
    chosen: dict[str, Any] = {"amount_mismatch": random.choice(("INVALID_REQUEST", "FORBIDDEN_REQUEST"))}
    for name, field in Switches.model_fields.items():
        if field.annotation is bool:
            chosen[name] = random.random() < 0.5
        elif get_origin(field.annotation) is Literal:
            chosen[name] = random.choice(get_args(field.annotation))
    for name, value in chosen.items():
        score.injected[f"toss is read as {name} {value}"] += 1
    return Switches(**chosen)
