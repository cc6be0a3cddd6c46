"""Toss's webhooks: each goes its own way, so they overtake each other; some are lost, and some are not Toss's."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from local.simulated.environment import SECRETS
from proofs.chaos.simulation.money_watch import MoneyWatch
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.weather import Weather

RETRY_MINUTES = (1, 4, 16, 64, 256, 1024, 4096)
PATIENCE_SECONDS = 10
DELIVERIES = ("lost", "delayed", "repeated", "late and repeated", "repeated at once", "late by days")
SECRET = SECRETS["toss-webhook-key"]
FORGED = 0.05  # to one real one

type Event = dict[str, Any]
type Post = Callable[[str, bytes], int | None]  # the path's secret, body → status, None for no answer


class TossWebhooks:
    """``post`` sends one to the functions."""

    def __init__(self, scheduler: Scheduler, random: Random, weather: Weather, score: Score, watch: MoneyWatch) -> None:
        self._scheduler, self._random, self._weather, self._score = scheduler, random, weather, score
        self.watch = watch
        self.post: Post = lambda *_: None

    def announce(self, event: Event) -> None:
        """Something has changed at Toss."""
        delivery = self._weather.draw("toss webhook", DELIVERIES)
        if self._weather.deaf:
            self._score.injected["toss webhook lost, as all are"] += 1
            return
        if delivery == "lost":
            return
        body = json.dumps(event, ensure_ascii=False).encode()
        late = self._random.uniform(0.02, 1)
        if delivery == "late by days":
            late = self._random.uniform(1, 4) * 24 * 3600
        elif "late" in delivery or delivery == "delayed":
            late = self._random.uniform(10, 3600)
        self._scheduler.after(late, lambda: self._deliver(body))
        if "repeated" in delivery:
            gap = 0.0 if delivery == "repeated at once" else self._random.uniform(0, 120)
            self._scheduler.after(late + gap, lambda: self._deliver(body))
        if self._weather.rates and self._random.random() < FORGED:
            self._scheduler.after(self._random.uniform(0, 60), lambda: self._forge(event))

    def _deliver(self, body: bytes) -> None:
        """Send it until the answer is 200, in time."""
        for minutes in (0, *RETRY_MINUTES):
            self._scheduler.pause(60 * minutes + self._random.uniform(0.001, 0.02))
            began = self._scheduler.now
            status = self.post(SECRET, body)
            if status == 200 and self._scheduler.now - began <= PATIENCE_SECONDS:
                return
        self._score.ends["webhooks of Toss given up"] += 1

    def _forge(self, event: Event) -> None:
        """Send a stranger's: none may be let in. Then send a lie along the right path: none may be believed."""
        self._score.injected["toss webhook forged: along another path"] += 1
        wrong = self._random.choice((SECRET[:-1], SECRET + "x", SECRET.upper(), "x"))
        if self.post(wrong, json.dumps(event).encode()) in range(200, 300):
            self._score.violation("a webhook of Toss along another path was let in")
        lie = self._random.choice(list(LIES))
        self._score.injected[f"toss webhook forged: {lie}"] += 1
        self.post(SECRET, LIES[lie](self, event))

    def of_another_order(self, event: Event) -> bytes:
        return _with(event, orderId=self._random.choice(list(self.watch.orders) or [""]))

    def of_an_unpaid_order(self, event: Event) -> bytes:
        """That it was paid."""
        unpaid = [one.id for one in self.watch.orders.values() if not one.granted]
        order_id = self._random.choice(unpaid or [""])
        return _with(event, orderId=order_id, status="DONE", approvedAt=event["createdAt"])

    def of_a_cancel(self, event: Event) -> bytes:
        """That all of it went back."""
        cancel = {"transactionKey": "txn_a_lie", "cancelAmount": event["data"].get("totalAmount", 1)}
        return _with(event, status="CANCELED", balanceAmount=0, cancels=[cancel])


def _with(event: Event, **data: object) -> bytes:
    return json.dumps({**event, "data": {**event["data"], **data}}).encode()


LIES: dict[str, Callable[[TossWebhooks, Event], bytes]] = {
    "of another order": TossWebhooks.of_another_order,
    "paid, of an order that is not": TossWebhooks.of_an_unpaid_order,
    "all of it went back": TossWebhooks.of_a_cancel,
    "no orderId": lambda _, event: _with(event, orderId=None),
    "no JSON": lambda *_: b"{",
}
