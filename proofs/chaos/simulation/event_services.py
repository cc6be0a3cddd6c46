"""The bus that events are put on, the queue of those that are posted, and the team's server, which gets them."""

import json
from collections.abc import Callable
from functools import partial
from hashlib import md5
from random import Random
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from infra.times import DELIVERY_RECEIVES, NOTIFY_VISIBILITY_SECONDS
from local.simulated.environment import DELIVERY_QUEUE_URL, EVENT_BUS, EVENTS_SECRET
from local.simulated.expressions import Unsupported
from local.simulated.functions import message_event
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_json
from proofs.chaos.simulation.event_watch import EventWatch
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.services import TWICE


class Bus:
    """PutEvents, of one entry."""

    def __init__(self, watch: EventWatch, score: Score) -> None:
        self._watch, self._score = watch, score

    def __call__(self, sent: Sent) -> Answer:
        if sent.operation != "PutEvents":
            raise Unsupported(sent.operation)
        (entry,) = sent.json["Entries"]
        detail = json.loads(entry["Detail"])
        if (entry["EventBusName"], entry["Source"], entry["DetailType"]) != (EVENT_BUS, "veil", detail["type"]):
            self._score.violation(f"an event is put wrongly: {entry}")
        self._watch.put(detail)
        return aws_json({"FailedEntryCount": 0, "Entries": [{"EventId": detail["id"]}]})


class Deliveries:
    """Lets `notify` post each event: at least once, again when that says, and so often at the most. ``invoke`` calls
    the function; ``given_up`` are the ids of the events that wait in the redrive queue.
    """

    def __init__(
        self, scheduler: Scheduler, random: Random, score: Score, invoke: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self._scheduler, self._random, self._score, self._invoke = scheduler, random, score, invoke
        self._postponed: dict[str, int] = {}
        self._sent = 0
        self.given_up: set[str] = set()

    def send(self, sent: Sent) -> Answer:
        """SendMessage."""
        body = sent.json["MessageBody"]
        for _ in range(2 if self._random.random() < TWICE else 1):
            self._sent += 1
            first = partial(self._deliver, f"delivery {self._sent}", body, 1)
            self._scheduler.after(self._random.uniform(0.02, 2), first)
        digest = md5(body.encode(), usedforsecurity=False).hexdigest()
        return aws_json({"MessageId": f"message {digest}", "MD5OfMessageBody": digest})

    def change_visibility(self, sent: Sent) -> Answer:
        self._postponed[sent.json["ReceiptHandle"]] = sent.json["VisibilityTimeout"]
        return aws_json({})

    def _deliver(self, handle: str, body: str, receives: int) -> None:
        if receives > DELIVERY_RECEIVES:
            self.given_up.add(json.loads(body)["event"]["id"])
            self._score.ends["events given up"] += 1
            return
        event = message_event(body, receives, DELIVERY_QUEUE_URL)
        event["Records"][0]["receiptHandle"] = handle
        answer = self._invoke("notify", event)
        if not (isinstance(answer, dict) and not answer["batchItemFailures"]):
            seconds = self._postponed.pop(handle, NOTIFY_VISIBILITY_SECONDS)
            self._scheduler.after(seconds, lambda: self._deliver(handle, body, receives + 1))


class Receiver:
    """A server that verifies what it gets as any receiver does."""

    def __init__(self, watch: EventWatch, score: Score) -> None:
        self._watch, self._score = watch, score
        self._webhook = Webhook(EVENTS_SECRET)

    def __call__(self, sent: Sent) -> Answer:
        headers = {name.lower(): value for name, value in sent.headers.items()}
        try:
            envelope = self._webhook.verify(sent.body, headers)
        except WebhookVerificationError as error:
            self._score.violation(f"an event has no valid signature: {error}")
            return Answer(401, {})
        self._watch.posted({"id": headers["webhook-id"], **envelope})
        return Answer(204, {})
