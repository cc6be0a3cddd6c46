"""Comfy API v2 in the simulation, with a ComfyUI behind it that forgets all when it starts again.

Each job is one of `Replicate`'s predictions, too, by whose record everything that must hold of any prediction is
checked. Source of the formats: openapi-v2.yaml of https://github.com/Comfy-Org/docs
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from functools import partial
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any

from local.simulated.environment import SECRETS
from local.simulated.expressions import Unsupported
from local.simulated.s3 import Answer
from local.simulated.wire import Sent
from proofs.chaos.simulation.rekognition import SHOWN
from proofs.chaos.simulation.replicate import TOO_LARGE, SimulatedPrediction
from proofs.chaos.simulation.services import json_answer
from veil.domain.image_models import attempt_key
from veil.domain.ports import AttemptRef

if TYPE_CHECKING:
    from proofs.chaos.simulation.world import SimulatedWorld

HOST, ROOT = "comfy.test", "/api/v2"
AUTHORIZATION = f"Bearer {SECRETS['comfy-token']}"
LONGEST_KEPT = 3600  # seconds, for which we may ask it to keep a photo
OUTCOMES = (
    "out of memory",
    "stuck",
    "slow",
    "restart",
    "no output",
    "output missing",
    "output no image",
    "output large",
)
COSTS_NO_IMAGE = ("comfy ", "poll message ", "webhook forged", "toss is read as")  # how such faults' names begin


@dataclass
class Photo:
    data: bytes
    expires_at: float


@dataclass
class Job:
    """``graph`` is what was submitted; ``made`` whether its output is there."""

    id: str
    prediction: SimulatedPrediction
    graph: dict[str, Any]
    status: str = "queued"
    gone: bool = False
    outputs: list[dict[str, Any]] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        error = {"code": "node_execution_error", "message": "out of memory", "traceback": "never-in-a-log"}
        return {
            "id": self.id,
            "status": self.status,
            "outputs": self.outputs,
            "error": error if self.status == "failed" else None,
        }


class SimulatedComfy:
    """``photos`` are those that it was sent and not told to delete, by the asset's id."""

    def __init__(self, world: "SimulatedWorld", random: Random) -> None:
        self._world, self._random = world, random
        self._ids = count()
        self.jobs: dict[str, Job] = {}
        self.photos: dict[str, Photo] = {}
        self._used: set[str] = set()  # idempotency keys

    def __call__(self, sent: Sent) -> Answer:
        if sent.headers.get("authorization") != AUTHORIZATION:
            self._world.score.violation(f"comfy was asked without its token: {sent.operation}")
            return _error(401, "unauthorized")
        path = sent.operation.removeprefix(ROOT).strip("/").split("/")
        calls: dict[tuple[str, ...], Callable[[], Answer]] = {
            ("POST", "assets"): partial(self._push, sent),
            ("POST", "jobs"): partial(self._submit, sent),
            ("GET", "jobs"): self._list,
        }
        if call := calls.get((sent.method, *path)):
            return call()
        return self._asset(sent, path[1]) if path[0] == "assets" else self._job(sent, path[1:])

    def _push(self, sent: Sent) -> Answer:
        """The same bytes are the same asset."""
        fields = _form(sent)
        if int(fields.get("expires_in", b"999999")) > LONGEST_KEPT:
            self._world.score.violation("a photo was sent to be kept for more than an hour")
        data, expires_at = fields["file"], self._world.now() + LONGEST_KEPT
        for asset, photo in self.photos.items():
            if photo.data == data and photo.expires_at > self._world.now():
                return json_answer(200, {"id": asset, "created_new": False})
        asset = f"asset-{next(self._ids)}"
        self.photos[asset] = Photo(data, expires_at)
        self._world.score.ends["photos sent to comfy"] += 1
        return json_answer(201, {"id": asset, "created_new": True})

    def _submit(self, sent: Sent) -> Answer:
        key, graph = sent.headers["idempotency-key"], sent.json["workflow"]
        nodes = graph.values()
        (asset,) = (node["inputs"]["image"]["info"]["id"] for node in nodes if node["class_type"] == "LoadImage")
        if asset not in self.photos or self.photos[asset].expires_at <= self._world.now():
            return _error(422, "missing_asset")
        if key in self._used:
            return _error(422, "idempotency_key_reuse")
        self._used.add(key)
        job = self._begin(self._ref_of(key), graph, self.photos[asset].data)
        return json_answer(201, job.body())

    def _ref_of(self, key: str) -> AttemptRef:
        """The attempt that a key names: one that was claimed, so it stands in the table."""
        for generation in self._world.watch.generations.values():
            for image in generation.images:
                for attempt in image.attempts:
                    if attempt_key(generation.id, image.index, attempt) == key:
                        return AttemptRef(generation.user, generation.id, image.index, attempt)
        raise Unsupported(f"{key} names no attempt")

    def _begin(self, ref: AttemptRef, graph: dict[str, Any], photo: bytes) -> Job:
        world, replicate = self._world, self._world.replicate
        own = world.s3.objects.get(world.watch.generations[ref.generation_id].input_key)
        if own and own.data != photo:
            world.score.violation(f"{ref.generation_id}/{ref.index} was begun with another's photo")
        if ref in replicate.by_ref:
            world.score.violation(f"two predictions of one attempt, one at comfy: {ref.generation_id}/{ref.index}")
        qwen = any("qwen" in str(node["inputs"].get("unet_name")) for node in graph.values())
        job_id = f"p9{next(self._ids):024d}"
        prediction = SimulatedPrediction(
            *("comfy/qwen-image-edit" if qwen else "comfy/flux-2-klein-4b", {}, None, frozenset(), 0.0),
            id=job_id,
            drawn=world.weather.draw("comfy job", OUTCOMES),
            ref=ref,
        )
        replicate.shown[job_id] = world.weather.draw("likeness", SHOWN)
        replicate.by_ref[ref] = replicate.predictions[job_id] = prediction
        job = self.jobs[job_id] = Job(job_id, prediction, graph)
        seconds = self._random.uniform(60, 400) if prediction.drawn == "slow" else self._random.uniform(3, 25)
        if prediction.drawn != "stuck":
            world.scheduler.after(seconds, lambda: self._finish(job))
        return job

    def _finish(self, job: Job) -> None:
        drawn = job.prediction.drawn
        if drawn == "restart":
            self.restart()
        if job.gone or job.status != "queued":
            return
        job.status = "failed" if drawn == "out of memory" else "succeeded"
        if job.status == "succeeded" and drawn != "no output":
            job.outputs = [
                {"name": self._name(job), "type": "image", "url": f"{ROOT}/assets/out-{job.id}/content"},
            ]

    def restart(self) -> None:
        """ComfyUI knows nothing of what was begun before; its proxy still does, and says so in one way or the other."""
        for job in self.jobs.values():
            if not job.gone:
                job.gone = True
                job.status = "expired"
                self._world.score.ends["jobs that comfy forgot"] += 1

    def _name(self, job: Job) -> str:
        (prefix,) = (
            node["inputs"]["filename_prefix"] for node in job.graph.values() if "filename_prefix" in node["inputs"]
        )
        return f"{prefix.rpartition('/')[2]}_00001_.png"

    def _list(self) -> Answer:
        newest = list(reversed(self.jobs.values()))[:100]
        return json_answer(200, {"jobs": [job.body() for job in newest]})

    def _job(self, sent: Sent, path: list[str]) -> Answer:
        job = self.jobs.get(path[0])
        if job is None or (job.gone and self._random.random() < 0.5):
            return _error(404, "not_found")
        if path[1:] == ["workflow"]:
            return json_answer(200, {"workflow": job.graph})
        if path[1:] == ["cancel"] and job.status == "queued":
            job.status = "canceled"
        return json_answer(200, job.body())

    def _asset(self, sent: Sent, asset: str) -> Answer:
        if sent.method == "DELETE":
            deleted = self.photos.pop(asset, None)
            self._world.score.ends["photos deleted at comfy"] += deleted is not None
            return Answer(204, {}) if deleted else _error(404, "not_found")
        job = self.jobs[asset.removeprefix("out-")]
        if job.prediction.drawn == "output missing" or job.gone:
            return _error(404, "not_found")
        image = self._world.replicate.image(job.id)
        odd = {
            "output large": image[:-2] + b"\0" * TOO_LARGE + b"\xff\xd9",
            "output no image": b"<html>gone</html>",
        }
        return Answer(200, {"content-type": "image/jpeg"}, odd.get(job.prediction.drawn, image))


def check_comfy(world: "SimulatedWorld") -> None:
    """Where nothing went wrong, no photo is left there; where something did, each ends by itself. And where nothing but
    the team's own model went wrong, it cost nobody an image.
    """
    left = len(world.comfy.photos)
    world.score.ends["photos left to expire at comfy"] += left
    if left and not world.score.injected:
        world.score.violation(f"{left} photos are left at comfy, and nothing went wrong")
    if all(fault.startswith(COSTS_NO_IMAGE) for fault in world.score.injected):
        for generation in world.watch.generations.values():
            if generation.refunded_images and generation.user not in world.watch.leaving.left:
                world.score.violation(f"{generation.id} was refunded, and only the own model went wrong")


def _form(sent: Sent) -> dict[str, bytes]:
    """The fields of a multipart body."""
    whole: Message = BytesParser().parsebytes(
        b"content-type: " + sent.headers["content-type"].encode() + b"\r\n\r\n" + sent.body
    )
    parts = whole.get_payload()
    if not isinstance(parts, list):
        raise Unsupported("no form")
    return {str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True) for part in parts}  # type: ignore[union-attr,misc]


def _error(status: int, code: str) -> Answer:
    return json_answer(status, {"error": {"code": code, "message": code, "details": {}}})
