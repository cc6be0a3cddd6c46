"""Toss without the network, with a clock that stands still, and a shop that calls it."""

import base64
import json
from random import Random
from typing import Any
from urllib.parse import quote

from local.stand_ins.toss import Merchant, Reply, Switches, Toss

PAYMENTS = Merchant("veil_test", "test_ck_payments", "test_sk_payments")
BILLING = Merchant("veil_bill", "test_ck_billing", "test_sk_billing")
START = 1_795_605_271.25  # 2026-11-25T20:14:31.25+09:00
CUSTOMER, ORDER = "5b1c0c0e-3f1e-4a57-9a0e-2d4a8e0f9c11", "ord_01JD8QK2Z0"
GOOD_CARD = "5365101234561234"


def basic(text: str) -> dict[str, str]:
    """The header for ``secret key:``."""
    return {"authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


class Shop:
    """``now`` is the time, epoch seconds; ``hooks`` are the webhooks' bodies so far."""

    def __init__(self, seed: int = 1, **switches: Any) -> None:
        self.now, self.hooks = START, list[dict[str, Any]]()
        self.toss = Toss(
            clock=lambda: self.now,
            random=Random(seed),
            announce=self.hooks.append,
            accounts=(PAYMENTS, BILLING),
            switches=Switches(**switches),
        )

    @property
    def events(self) -> list[str]:
        """The statuses that webhooks told of, in order."""
        return [hook["data"].get("status", hook["eventType"]) for hook in self.hooks]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Call with the payments' key, or the billing's below ``/v1/billing``; ``_`` in a header's name is ``-``."""
        merchant = BILLING if path.startswith("/v1/billing") else PAYMENTS
        sent = {**basic(f"{merchant.secret_key}:"), "content-type": "application/json"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.toss.call(method, path, sent, content)

    def window(self, order_id: str = ORDER, amount: int = 9900) -> str:
        return self.toss.open_window(order_id, amount, "Veil credits x12", CUSTOMER, PAYMENTS.client_key)

    def authenticated(self, order_id: str = ORDER, amount: int = 9900) -> str:
        key = self.window(order_id, amount)
        self.toss.authenticate(key)
        return key

    def confirm(self, key: str, order_id: str = ORDER, amount: Any = 9900, **headers: str) -> Reply:
        body = {"paymentKey": key, "orderId": order_id, "amount": amount}
        return self.call("POST", "/v1/payments/confirm", body, **headers)

    def paid(self, order_id: str = ORDER, amount: int = 9900) -> str:
        key = self.authenticated(order_id, amount)
        assert self.confirm(key, order_id, amount).status == 200
        return key

    def read(self, key: str) -> Reply:
        return self.call("GET", f"/v1/payments/{key}")

    def cancel(self, key: str, **body: Any) -> Reply:
        return self.call("POST", f"/v1/payments/{key}/cancel", {"cancelReason": "unused credits", **body})

    def issue(self, auth_key: str, customer_key: str = CUSTOMER, **headers: str) -> Reply:
        body = {"authKey": auth_key, "customerKey": customer_key}
        return self.call("POST", "/v1/billing/authorizations/issue", body, **headers)

    def billing_key(self, card: str = GOOD_CARD) -> str:
        auth_key = self.toss.authorize_billing(CUSTOMER, BILLING.client_key, card)
        key: str = content(self.issue(auth_key))["billingKey"]
        return key

    def charge(self, billing_key: str, order_id: str = "sub_01JD-202612-1", **body: Any) -> Reply:
        whole = {"customerKey": CUSTOMER, "amount": 9900, "orderId": order_id, "orderName": "Veil premium", **body}
        return self.call("POST", f"/v1/billing/{quote(billing_key, safe='')}", whole)

    def delete(self, billing_key: str) -> Reply:
        return self.call("DELETE", f"/v1/billing/{billing_key}")


def content(reply: Reply) -> Any:
    return json.loads(reply.body)


def refusal(reply: Reply) -> tuple[int, str]:
    """Status and code."""
    return reply.status, content(reply).get("code", "")
