"""The queue of the poll: at least once, after the delay that was asked for, sometimes late or never."""

from collections.abc import Callable
from hashlib import md5
from random import Random
from typing import Any

from infra.times import POLL_RECEIVES, POLL_VISIBILITY_SECONDS
from local.simulated.environment import POLL_QUEUE_URL
from local.simulated.functions import message_event
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_json
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.services import TWICE
from proofs.chaos.simulation.weather import Weather


class PollQueue:
    """``serve`` answers whether a function came to its end. SQS loses no message, but whoever is to send one may."""

    def __init__(
        self,
        scheduler: Scheduler,
        random: Random,
        weather: Weather,
        score: Score,
        serve: Callable[[str, dict[str, Any]], bool],
    ) -> None:
        self._scheduler, self._random, self._weather, self._score = scheduler, random, weather, score
        self._serve = serve

    def send(self, sent: Sent) -> Answer:
        """SendMessageBatch."""
        entries = sent.json["Entries"]
        for entry in entries:
            self._send(entry["MessageBody"], entry["DelaySeconds"])
        return aws_json({"Successful": [_taken(entry) for entry in entries], "Failed": []})

    def _send(self, body: str, delay: int) -> None:
        fate = self._weather.draw("poll message", ["late", "lost"])
        for _ in range(0 if fate == "lost" else 2 if self._random.random() < TWICE else 1):
            late = self._random.uniform(60, 1200) if fate == "late" else self._random.uniform(0.02, 2)
            self._scheduler.after(delay + late, lambda: self._deliver(body, 1))

    def _deliver(self, body: str, receives: int) -> None:
        if receives > POLL_RECEIVES:
            self._score.ends["messages to the poll given up"] += 1
        elif not self._serve("poll", message_event(body, receives, POLL_QUEUE_URL)):
            self._scheduler.after(POLL_VISIBILITY_SECONDS, lambda: self._deliver(body, receives + 1))


def _taken(entry: dict[str, Any]) -> dict[str, str]:
    digest = md5(entry["MessageBody"].encode(), usedforsecurity=False).hexdigest()
    return {"Id": entry["Id"], "MessageId": f"message {digest}", "MD5OfMessageBody": digest}
