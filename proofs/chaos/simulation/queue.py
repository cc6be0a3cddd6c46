"""The queue between the bucket and the check: at least once, again after a while, and given up after ten times."""

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote_plus

from infra.times import MAX_RECEIVES, VISIBILITY_SECONDS
from local.simulated.expressions import Unsupported
from local.simulated.functions import queue_event
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_json
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score

TWICE = 0.02  # share of messages that come twice


class Queue:
    """``invoke`` calls a function with an event; ``given_up`` are the keys whose check failed ten times."""

    def __init__(
        self, scheduler: Scheduler, random: Random, score: Score, invoke: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self._scheduler, self._random, self._score, self._invoke = scheduler, random, score, invoke
        self._postponed: dict[str, int] = {}
        self.given_up: set[str] = set()

    def landed(self, key: str) -> None:
        """Hear of an object."""
        if not key.startswith("incoming/"):
            return
        for _ in range(2 if self._random.random() < TWICE else 1):
            self._scheduler.after(self._random.uniform(0.05, 2), lambda: self._deliver(key, 1))

    def _deliver(self, key: str, receives: int) -> None:
        if receives > MAX_RECEIVES:
            self.given_up.add(key)
            self._score.ends["checks given up"] += 1
            return
        answer = self._invoke("check", queue_event(quote_plus(key), receives))
        done = isinstance(answer, dict) and not answer["batchItemFailures"]
        if not done:
            seconds = self._postponed.pop(key, VISIBILITY_SECONDS)
            self._scheduler.after(seconds, lambda: self._deliver(key, receives + 1))

    def change_visibility(self, sent: Sent) -> Answer:
        if sent.operation != "ChangeMessageVisibility":
            raise Unsupported(sent.operation)
        self._postponed[sent.json["ReceiptHandle"].replace("%2F", "/")] = sent.json["VisibilityTimeout"]
        return aws_json({})
