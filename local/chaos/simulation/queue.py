"""The queue between the bucket and the check: at least once, again after a while, and given up after ten times."""

from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from infra.sizes import MAX_RECEIVES, VISIBILITY_SECONDS
from local.chaos.simulation.functions import queue_event
from local.chaos.simulation.s3 import Answer
from local.chaos.simulation.wire import Sent, aws_json

if TYPE_CHECKING:
    from local.chaos.simulation.world import World

TWICE = 0.02  # share of messages that come twice


class Queue:
    """``given_up`` are the keys whose check failed ten times."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._postponed: dict[str, int] = {}
        self.given_up: set[str] = set()

    def landed(self, key: str) -> None:
        """Hear of an object."""
        if not key.startswith("incoming/"):
            return
        for _ in range(2 if self._world.random.random() < TWICE else 1):
            self._world.scheduler.after(self._world.random.uniform(0.05, 2), lambda: self._deliver(key, 1))

    def _deliver(self, key: str, receives: int) -> None:
        if receives > MAX_RECEIVES:
            self.given_up.add(key)
            self._world.score.ends["checks given up"] += 1
            return
        answer = self._world.invoke("inspect", queue_event(quote_plus(key), receives))
        done = isinstance(answer, dict) and not answer["batchItemFailures"]
        if not done:
            seconds = self._postponed.pop(key, VISIBILITY_SECONDS)
            self._world.scheduler.after(seconds, lambda: self._deliver(key, receives + 1))

    def change_visibility(self, sent: Sent) -> Answer:
        if sent.operation != "ChangeMessageVisibility":
            raise NotImplementedError(sent.operation)
        self._postponed[sent.json["ReceiptHandle"].replace("%2F", "/")] = sent.json["VisibilityTimeout"]
        return aws_json({})
