"""Replicate under the simulation's control: what becomes of each prediction, and of its webhook, is drawn.

Source of the formats: https://replicate.com/docs/reference/http and https://replicate.com/docs/topics/webhooks
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from random import Random

from PIL import Image
from standardwebhooks import Webhook

from local.simulated.s3 import Answer
from local.simulated.wire import Sent
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.weather import Weather

OUTPUT_HOST, OTHER_HOST = "replicate.delivery", "evil.example"
KEPT_SECONDS = 3600  # outputs are deleted after an hour
RETRY_SECONDS = (1, 2, 4, 8, 16, 30)  # of a terminal webhook; the last about a minute after the end
TOO_LARGE = 70_000  # bytes; the simulation's functions take 65,536
OUTCOMES = (
    *("failed", "flagged", "canceled", "aborted", "stuck", "slow", "no output", "output missing", "output too large"),
    *("output no image", "output on another host", "output cut short", "output redirected"),
)
DELIVERIES = ("lost", "delayed", "repeated", "late and repeated", "repeated at once")

type Post = Callable[[str, dict[str, str], bytes], int | None]  # path, headers, body → status, None for no answer


@dataclass
class Prediction:
    """``path`` is its webhook's; ``outcome`` what was drawn for it, "" for a portrait."""

    id: str
    path: str
    outcome: str
    created_at: float
    status: str = "starting"
    output: str | None = None
    error: str | None = None
    ended_at: float | None = None

    def document(self) -> dict[str, object]:
        created = datetime.fromtimestamp(self.created_at, UTC).isoformat().replace("+00:00", "Z")
        url = f"https://api.replicate.com/v1/predictions/{self.id}"
        return {
            "id": self.id,
            "model": "black-forest-labs/flux-1.1-pro",
            "version": "hidden",
            "input": {},
            "output": self.output,
            "logs": "",
            "error": self.error,
            "status": self.status,
            "created_at": created,
            "urls": {"get": url, "cancel": f"{url}/cancel"},
        }


class Replicate:
    """Its API, its outputs and its webhooks."""

    def __init__(self, scheduler: Scheduler, random: Random, weather: Weather, score: Score, secret: str) -> None:
        self._scheduler, self._random, self._weather, self._score = scheduler, random, weather, score
        self._secret = Webhook(secret)
        self._ids = count()
        self.predictions: dict[str, Prediction] = {}
        self._by_path: dict[str, Prediction] = {}
        self.post: Post = lambda *_: None
        self._portrait = _jpeg()

    def api(self, sent: Sent) -> Answer:
        """What its API answers: create, get, cancel."""
        if sent.method == "POST" and sent.operation.startswith("/v1/models/"):
            return self._create(sent)
        prediction = self.predictions.get(sent.operation.removeprefix("/v1/predictions/").removesuffix("/cancel"))
        if prediction is None:
            return _json(404, {"detail": "The requested resource could not be found."})
        if sent.operation.endswith("/cancel"):
            self._end(prediction, "canceled")
        return _json(200, prediction.document())

    def _create(self, sent: Sent) -> Answer:
        path = "/" + sent.json["webhook"].split("/", 3)[3]
        if path in self._by_path:
            self._score.violation(f"two predictions of one attempt: {self._by_path[path].id}")
        outcome = self._weather.draw("prediction", OUTCOMES)
        made = Prediction(f"p{next(self._ids):025d}", path, outcome, self._scheduler.now)
        self.predictions[made.id] = self._by_path[path] = made
        limit = float(sent.headers["cancel-after"].removesuffix("s"))
        seconds = self._random.uniform(2, 30)
        if outcome == "slow":
            seconds = self._random.uniform(60, 400)
        if outcome == "stuck" or seconds > limit:
            self._scheduler.after(limit, lambda: self._end(made, "canceled"))
        else:
            self._scheduler.after(seconds, lambda: self._finish(made))
        return _json(201, made.document())

    def _finish(self, prediction: Prediction) -> None:
        """End it by its outcome."""
        outcome = prediction.outcome
        if outcome in ("failed", "flagged"):
            prediction.error = "E005: The input or output was flagged as sensitive" if outcome == "flagged" else "E1001"
            self._end(prediction, "failed")
        elif outcome in ("canceled", "aborted"):
            self._end(prediction, outcome)
        else:
            host = OTHER_HOST if outcome == "output on another host" else OUTPUT_HOST
            if prediction.status == "starting" and outcome != "no output":
                prediction.output = f"https://{host}/{prediction.id}/out.jpg"
            self._end(prediction, "succeeded")

    def _end(self, prediction: Prediction, status: str) -> None:
        if prediction.status != "starting":
            return
        prediction.status, prediction.ended_at = status, self._scheduler.now
        delivery = self._weather.draw("webhook", DELIVERIES)
        if self._weather.deaf:
            self._score.injected["webhook lost, as all are"] += 1
            return
        if delivery == "lost" or status == "aborted":
            return
        late = self._random.uniform(60, 2400) if "late" in delivery or delivery == "delayed" else 0.0
        self._scheduler.after(late, lambda: self._deliver(prediction))
        if "repeated" in delivery:
            gap = 0.0 if delivery == "repeated at once" else self._random.uniform(0, 120)
            self._scheduler.after(late + gap, lambda: self._deliver(prediction))

    def _deliver(self, prediction: Prediction) -> None:
        """Send the webhook until it is accepted, as often as Replicate does."""
        body = json.dumps(prediction.document()).encode()
        for seconds in (0, *RETRY_SECONDS):
            self._scheduler.pause(seconds + self._random.uniform(0.001, 0.02))
            status = self.post(prediction.path, self.signed(f"msg_{prediction.id}", body), body)
            if status is not None and 200 <= status < 300:
                return

    def signed(self, message_id: str, body: bytes, *, at: float | None = None) -> dict[str, str]:
        """The headers of a webhook that was signed ``at`` this moment."""
        moment = datetime.fromtimestamp(int(self._scheduler.now if at is None else at), UTC)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self._secret.sign(message_id, moment, body.decode()),
        }

    def output(self, sent: Sent) -> Answer:
        """What stands at an output's URL; never asked for on another host, unless something is wrong."""
        prediction = self.predictions[sent.operation.split("/")[1]]
        if sent.service != OUTPUT_HOST:
            self._score.violation(f"fetched from {sent.service}")
        expired = self._scheduler.now > (prediction.ended_at or 0) + KEPT_SECONDS
        if prediction.outcome == "output missing" or expired:
            return Answer(404, {}, b"")
        if prediction.outcome == "output redirected":
            return Answer(302, {"location": f"https://{OTHER_HOST}/{prediction.id}/out.jpg"}, b"")
        portrait = self.portrait(prediction.id)
        odd = {
            "output too large": portrait[:-2] + b"\0" * TOO_LARGE + b"\xff\xd9",
            "output no image": b"<html>gone</html>",
            "output cut short": portrait[: len(portrait) // 2],
        }
        return Answer(200, {"content-type": "image/jpeg"}, odd.get(prediction.outcome, portrait))

    def portrait(self, prediction_id: str) -> bytes:
        """A JPEG that no other prediction makes: its id stands in a comment."""
        comment = prediction_id.encode()
        return self._portrait[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + self._portrait[2:]


def _json(status: int, document: object) -> Answer:
    return Answer(status, {"content-type": "application/json"}, json.dumps(document).encode())


def _jpeg() -> bytes:
    data = BytesIO()
    Image.linear_gradient("L").resize((24, 32)).save(data, "JPEG")
    return data.getvalue()
