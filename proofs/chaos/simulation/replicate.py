"""Replicate in the simulation: the outcome of each prediction and the fate of its webhook are drawn.

Source of the formats: https://replicate.com/docs/reference/http and https://replicate.com/docs/topics/webhooks
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlsplit

from PIL import Image

from local.photos.make import encode
from local.simulated.s3 import Answer
from local.simulated.wire import Sent
from local.stand_ins import models
from local.stand_ins.predictions import Prediction
from local.stand_ins.webhooks import sign
from proofs.chaos.simulation.rekognition import SHOWN
from proofs.chaos.simulation.scheduler import Scheduler
from proofs.chaos.simulation.score import Score
from proofs.chaos.simulation.services import TOKENS, json_answer
from proofs.chaos.simulation.weather import Weather
from veil.domain.ports import AttemptRef

API, OUTPUT_HOST, OTHER_HOST = "https://api.replicate.com", "replicate.delivery", "evil.example"
KEPT_SECONDS = 3600  # outputs are deleted after an hour
RETRY_SECONDS = (1, 2, 4, 8, 16, 30)  # of a terminal webhook; the last about a minute after the end
TOO_LARGE = 70_000  # bytes; the simulation's functions accept 65,536
OUTCOMES = (
    *("failed", "flagged", "canceled", "aborted", "stuck", "slow", "no output", "output missing", "output too large"),
    *("output no image", "output on another host", "output cut short", "output redirected"),
)
SHAPES: dict[str, dict[str, Any]] = {  # what may change in an answer without a word of warning
    "a null among the URLs": {"urls": {"stream": None}},
    "an error that is an object": {"error": {"code": "E1001"}},
    "half a character in the logs": {"logs": "\ud83d"},
    "members of other types": {"input": None, "created_at": 0, "metrics": [1], "version": 7, "model": None},
}
DELIVERIES = ("lost", "delayed", "repeated", "late and repeated", "repeated at once")

type Post = Callable[[str, dict[str, str], bytes], int | None]  # path, headers, body → status, None for no answer


@dataclass
class SimulatedPrediction(Prediction):
    """``drawn`` is the outcome that was drawn for it, "" for an image; ``ref`` the attempt that it is."""

    drawn: str = ""
    ref: AttemptRef = field(kw_only=True)

    @property
    def path(self) -> str:
        """Its webhook's."""
        return urlsplit(self.webhook or "").path


@cache
def ref_of(path: str) -> AttemptRef:
    """The attempt at an image that a webhook's path names."""
    return TOKENS.unseal(path.rpartition("/")[2])


def signed(secret: str, message_id: str, body: bytes, at: float) -> dict[str, str]:
    """The headers of a webhook that was signed ``at`` this moment."""
    signature = sign(secret, message_id, int(at), body)
    return {"webhook-id": message_id, "webhook-timestamp": str(int(at)), "webhook-signature": signature}


class Replicate:
    """Its API, its outputs and its webhooks."""

    def __init__(self, scheduler: Scheduler, random: Random, weather: Weather, score: Score, secret: str) -> None:
        self._scheduler, self._random, self._weather, self._score = scheduler, random, weather, score
        self.secret = secret
        self._ids = count()
        self.predictions: dict[str, SimulatedPrediction] = {}
        self.by_ref: dict[AttemptRef, SimulatedPrediction] = {}
        self.shown: dict[str, str] = {}  # what each output shows, by the prediction's id
        self.post: Post = lambda *_: None
        self._image = encode(Image.linear_gradient("L").resize((24, 32)), "JPEG")

    def api(self, sent: Sent) -> Answer:
        """What its API answers: create, get, cancel."""
        if sent.method == "POST" and sent.operation.startswith("/v1/models/"):
            return self._create(sent)
        prediction = self.predictions.get(sent.operation.removeprefix("/v1/predictions/").removesuffix("/cancel"))
        if prediction is None:
            return json_answer(404, {"detail": "The requested resource could not be found."})
        if sent.operation.endswith("/cancel"):
            self._end(prediction, "canceled")
        return json_answer(200, self._shaped(prediction))

    def _create(self, sent: Sent) -> Answer:
        model = sent.operation.removeprefix("/v1/models/").removesuffix("/predictions")
        if wrong := models.invalid_fields(model, sent.json):
            self._score.violation(f"{model} would refuse its input: {wrong}")
        limit = float(sent.headers["cancel-after"].removesuffix("s"))
        prediction = SimulatedPrediction(
            *(model, sent.json["input"], sent.json["webhook"], frozenset({"completed"}), limit),
            id=f"p{next(self._ids):025d}",
            drawn=self._weather.draw("prediction", OUTCOMES),
            ref=ref_of(urlsplit(sent.json["webhook"]).path),
        )
        self.shown[prediction.id] = self._weather.draw("likeness", SHOWN)
        if prediction.ref in self.by_ref:
            self._score.violation(f"two predictions of one attempt: {prediction.id}")
        self.by_ref[prediction.ref] = self.predictions[prediction.id] = prediction
        seconds = self._random.uniform(60, 400) if prediction.drawn == "slow" else self._random.uniform(2, 30)
        if prediction.drawn == "stuck" or seconds > limit:
            self._scheduler.after(limit, lambda: self._end(prediction, "canceled"))
        else:
            self._scheduler.after(seconds, lambda: self._finish(prediction))
        return json_answer(201, self._shaped(prediction))

    def _shaped(self, prediction: SimulatedPrediction) -> dict[str, Any]:
        return prediction.body(API) | SHAPES.get(self._weather.draw("shape", list(SHAPES)), {})

    def _finish(self, prediction: SimulatedPrediction) -> None:
        """End it with the outcome that was drawn."""
        drawn = prediction.drawn
        if drawn in ("failed", "flagged"):
            error = "E005: The input or output was flagged as sensitive" if drawn == "flagged" else "E1001"
            self._end(prediction, "failed", error=error)
        elif drawn in ("canceled", "aborted"):
            self._end(prediction, drawn)
        else:
            host = OTHER_HOST if drawn == "output on another host" else OUTPUT_HOST
            url = f"https://{host}/{prediction.id}/out.jpg"
            output = None if drawn == "no output" else models.output_of(prediction.model, url)
            self._end(prediction, "succeeded", output=output)

    def _end(
        self,
        prediction: SimulatedPrediction,
        status: str,
        *,
        output: str | list[str] | None = None,
        error: str | None = None,
    ) -> None:
        if prediction.terminal:
            return
        prediction.finish(status, output=output, error=error)
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

    def _deliver(self, prediction: SimulatedPrediction) -> None:
        """Send the webhook until it is accepted, as often as Replicate does."""
        body = json.dumps(self._shaped(prediction)).encode()
        for seconds in (0, *RETRY_SECONDS):
            self._scheduler.pause(seconds + self._random.uniform(0.001, 0.02))
            headers = signed(self.secret, f"msg_{prediction.id}", body, self._scheduler.now)
            status = self.post(prediction.path, headers, body)
            if status is not None and 200 <= status < 300:
                return

    def output(self, sent: Sent) -> Answer:
        """The answer at an output's URL; one on another host must never be asked for."""
        prediction = self.predictions[sent.operation.split("/")[1]]
        if sent.service != OUTPUT_HOST:
            self._score.violation(f"fetched from {sent.service}")
        ended = prediction.completed_at.timestamp() if prediction.completed_at else 0.0
        if prediction.drawn == "output missing" or self._scheduler.now > ended + KEPT_SECONDS:
            return Answer(404, {})
        if prediction.drawn == "output redirected":
            return Answer(302, {"location": f"https://{OTHER_HOST}/{prediction.id}/out.jpg"})
        image = self.image(prediction.id)
        odd = {
            "output too large": image[:-2] + b"\0" * TOO_LARGE + b"\xff\xd9",
            "output no image": b"<html>gone</html>",
            "output cut short": image[: len(image) // 2],
        }
        return Answer(200, {"content-type": "image/jpeg"}, odd.get(prediction.drawn, image))

    def image(self, prediction_id: str) -> bytes:
        """A JPEG that no other prediction makes: its id stands in its colour profile, which is kept."""
        profile = b"ICC_PROFILE\0\1\1" + prediction_id.encode()
        return self._image[:2] + b"\xff\xe2" + (len(profile) + 2).to_bytes(2) + profile + self._image[2:]
