"""The smaller services: Upstash's counter, Azure's faces, the edge, the secrets, and the queue of photos to check."""

import json
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree

from infra.times import MAX_RECEIVES, VISIBILITY_SECONDS
from local.simulated.dynamodb import AwsError
from local.simulated.environment import SECRETS
from local.simulated.expressions import Unsupported
from local.simulated.fixed_secret import FixedSecret
from local.simulated.functions import queue_event
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_error, aws_json
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from veil.adapters.providers.upstash import GIVE_BACK
from veil.adapters.tokens import SealedTokens

NO_FACE, TWO_FACES = 0.02, 0.02  # shares of the photos
TWICE = 0.02  # share of messages that come twice


def json_answer(status: int, document: object, **headers: str) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, {"content-type": "application/json", **headers}, json.dumps(document).encode())


class Upstash:
    """The scripts that are run: one gives a hit back; any other counts one, and begins to expire with the first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counters: dict[str, tuple[int, float]] = {}

    def __call__(self, sent: Sent) -> Answer:
        command, script, _keys, key, window = sent.json
        if command != "EVAL":
            raise Unsupported(command)
        now = self._clock()
        hits, ends_at = self._counters.get(key, (0, 0.0))
        if ends_at <= now:
            hits, ends_at = 0, now + int(window)
        hits = max(0, hits - 1) if script == GIVE_BACK else hits + 1
        self._counters[key] = hits, ends_at
        return json_answer(200, {"result": [hits, round(ends_at - now)]})


class Azure:
    """Finds a face in most photos, sometimes none or two."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def __call__(self, _: Sent) -> Answer:
        drawn = self._random.random()
        count = 0 if drawn < NO_FACE else 2 if drawn < NO_FACE + TWO_FACES else 1
        places = ({"top": 20, "left": 20 + 90 * each, "width": 80, "height": 80} for each in range(count))
        return json_answer(200, [{"faceRectangle": place} for place in places])


class Edge:
    """CloudFront, as far as it is told to forget: ``forgotten`` are the paths, by the reason of each."""

    def __init__(self) -> None:
        self.forgotten: dict[str, str] = {}

    def __call__(self, sent: Sent) -> Answer:
        if sent.operation != "CreateInvalidation":
            raise Unsupported(sent.operation)
        asked = ElementTree.fromstring(sent.body)  # noqa: S314 - our own adapter's
        text = {each.tag.rpartition("}")[2]: each.text or "" for each in asked.iter()}
        self.forgotten.setdefault(text["CallerReference"], text["Path"])
        return Answer(201, {"content-type": "text/xml"}, b"<Invalidation><Id>I1</Id></Invalidation>")


class Queue:
    """Tells the check of each photo: at least once, again after a while, and ten times at most. ``invoke`` calls a
    function with an event; ``given_up`` are the keys whose check failed each time.
    """

    def __init__(
        self, scheduler: Scheduler, random: Random, score: Score, invoke: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self._scheduler, self._random, self._score, self._invoke = scheduler, random, score, invoke
        self._postponed: dict[str, int] = {}
        self.given_up: set[str] = set()

    def landed(self, key: str) -> None:
        """An object was put."""
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


def secret_value(sent: Sent) -> Answer:
    """Secrets Manager's GetSecretValue; there was no rotation, so there is no previous value."""
    name, stage = sent.json["SecretId"], sent.json.get("VersionStage", "AWSCURRENT")
    if stage != "AWSCURRENT":
        return aws_error(AwsError("ResourceNotFoundException"))
    version = {"VersionId": f"{name}-1", "CreatedDate": 1.7e9, "VersionStages": [stage]}
    return aws_json({"Name": name, "SecretString": SECRETS[name], **version})


TOKENS = SealedTokens(FixedSecret(SECRETS["webhook-token-key"]))  # seals and opens the functions' webhook tokens
