"""A person who buys: the window of Toss, two tabs, reloads, second thoughts, and refunds."""

from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

from local.stand_ins.toss import Refused
from operations.visit import CREDITS, Ask, Json
from proofs.chaos.simulation.gifts import give

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld

type Send = Callable[[Ask], Any]  # the final answer, whatever its status

PACKS = ("pack_small", "pack_medium", "pack_large")
OPEN = frozenset({"created", "confirming", "refunding"})
POLL_SECONDS, POLLS = (5, 300), 40
LEAVES = ("closes the window", "is declined in the window", "leaves the window open", "never comes back")
PAYS = ("pays too late", "pays less in the window", "says another amount", "has a card that is declined")
REPEATS = ("pays in two tabs", "reloads", "sends another's payment key")
WHIMS = (*LEAVES, *PAYS, *REPEATS)
SECOND_THOUGHTS = ("asks for all of it twice at once", "asks for a part", "asks for a part twice at once")


class Buyer:
    """``send`` asks the API; ``order_ids`` are the orders that they know to be paid."""

    def __init__(self, world: "SimulatedWorld", name: str, send: Send) -> None:
        self._world, self._name, self._send = world, name, send
        self._toss, self._random = world.toss.core, world.random
        self._orders = self._gifts = 0
        self.order_ids: list[str] = []

    def buy(self, product: str) -> Json | None:
        """Place an order and pay for it: the order once it is paid, None where it was not."""
        self._orders += 1
        headers = {"idempotency-key": f"order {self._orders}"}
        answer = self._send(Ask("POST", "/orders", {"product": product}, headers))
        if answer.status_code not in (200, 201):
            self._not_sold(answer)
            return None
        order = answer.json()
        try:
            paid = self._pay(order, self._world.weather.draw("buyer", WHIMS))
        except Refused:  # by the window: it has timed out
            paid = None
        if paid:
            self.order_ids.append(order["id"])
        return paid

    def refund(self, order_id: str, credits_: int | None = None) -> str | None:
        """Ask for an order's money, wait for it; its status then."""
        whim = self._world.weather.draw("buyer", SECOND_THOUGHTS)
        body = {"credits": credits_ or 1} if "part" in whim or credits_ else {}
        ask = Ask("POST", f"/orders/{order_id}/refund", body)
        if "twice" in whim:
            self._world.scheduler.after(self._random.uniform(0, 1), lambda: self._send(ask))
        self._send(ask)
        order = self._wait_for(order_id)
        return order["status"] if order else None

    def _not_sold(self, answer: Any) -> None:
        """They wait; who owes credits is given some by our people, for the sake of peace."""
        if answer.json().get("code") != "credits_owed":
            self._world.scheduler.pause(float(answer.headers.get("retry-after", "30")))
            return
        self._gifts += 1
        give(self._world, self._name, answer.json()["owed"] + 4, f"gift {self._gifts}")
        for _ in range(POLLS):
            self._world.scheduler.pause(3600)
            credits_ = self._send(CREDITS)
            if credits_.is_success and not credits_.json()["owed"]:
                return

    def _pay(self, order: Json, whim: str) -> Json | None:
        amount = order["amount"]
        key = self._window(order, 100 if whim == "pays less in the window" else amount)
        self._world.scheduler.pause(self._random.uniform(5, 120))
        if whim == "closes the window":
            self._toss.close(key)
        elif whim == "is declined in the window":
            self._toss.fail(key)
        elif whim != "leaves the window open":
            decline = "REJECT_CARD_PAYMENT" if whim == "has a card that is declined" else None
            self._toss.authenticate(key, decline=decline)
        if whim in LEAVES:
            return None
        if whim == "pays too late":
            self._world.scheduler.pause(self._random.uniform(500, 4000))
        if whim in REPEATS:
            self._repeat(order, key, whim)
        return self._confirm(order, key, amount + (whim == "says another amount"))

    def _window(self, order: Json, amount: int) -> str:
        return self._toss.open_window(
            order["id"], amount, order["order_name"], order["customer_key"], order["client_key"]
        )

    def _repeat(self, order: Json, key: str, whim: str) -> None:
        """In another tab, at about the same time."""
        if whim == "pays in two tabs":
            key = self._window(order, order["amount"])
            self._toss.authenticate(key)
        if whim == "sends another's payment key":
            known = self._toss.state()["payments"]
            key = self._random.choice(known)["paymentKey"]
        seconds = self._random.choice((0.0, self._random.uniform(0, 0.2), self._random.uniform(0, 60)))
        self._world.scheduler.after(seconds, lambda: self._confirm(order, key, order["amount"]))

    def _confirm(self, order: Json, key: str, amount: int) -> Json | None:
        body = {"payment_key": key, "amount": amount}
        answer = self._send(Ask("POST", f"/orders/{order['id']}/confirm", body))
        self._world.score.ends[f"confirms answered {answer.status_code}"] += 1
        found = self._wait_for(order["id"]) if answer.status_code in (202, 504) else None
        found = answer.json() if answer.status_code == 200 else found
        return found if found and found["status"] == "paid" else None

    def _wait_for(self, order_id: str, until: Container[str] = OPEN) -> Json | None:
        """Look at it until nothing is under way; None where that was too long."""
        for _ in range(POLLS):
            self._world.scheduler.pause(self._random.uniform(*POLL_SECONDS))
            answer = self._send(Ask("GET", f"/orders/{order_id}"))
            if answer.status_code == 410:  # they have left
                return None
            if answer.status_code == 200 and answer.json()["status"] not in until:
                found: Json = answer.json()
                return found
        return None
