"""A model of one's own, by Comfy API v2: a managed deployment, or ComfyUI behind its ``comfy-api-proxy``.

The photo is sent to it, and deleted when no attempt of its generation runs there any more. It calls nobody back. A
prediction's id has the job's and the photo's: ``<job>.<asset>``.
"""

from typing import Any
from urllib.parse import quote

import httpx

from veil.adapters.providers.comfy_jobs import ComfyJobs, prediction_name
from veil.adapters.providers.comfy_wire import Answer, ComfyWire, Time, absolute
from veil.domain.ports import PhotoStore, PolledProvider, Secret
from veil.domain.predictions import (
    OutcomeUnknown,
    Prediction,
    PredictionGone,
    PredictionRequest,
    PredictionStatus,
    ProviderDown,
    Refused,
    StartError,
    Throttled,
)
from veil.domain.workflow import NAME, PHOTO, filled

PHOTO_SECONDS = 3600  # where it keeps no photo for longer than it is told: longer than any generation lasts
START_SECONDS = 14.0  # who waits for it waits for no longer, and API Gateway for 30
ROOM_SECONDS = 2.0  # a machine that hangs is passed over
STATUSES = {
    "succeeded": PredictionStatus.SUCCEEDED,
    "failed": PredictionStatus.FAILED,
    "canceled": PredictionStatus.CANCELED,
}
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
CANNOT_BE_SENT = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)


class _PhotoIsMissing(Exception):
    """What was pushed a moment ago is not there any more."""


class ComfyProvider(PolledProvider):
    """``url`` is where ``/api/v2`` begins; ``queue_max`` is how many jobs may be open there at once. What a failed node
    says is not read: it holds paths, and may hold the prompt.
    """

    def __init__(self, url: str, token: Secret, photos: PhotoStore, queue_max: int) -> None:
        self._url, self._photos, self._queue_max = url, photos, queue_max
        self._wire = ComfyWire(url, token)
        self._jobs = ComfyJobs(self._wire)

    def start(self, request: PredictionRequest) -> str:
        """Submitted at most once: what has the same key is refused there, and then looked for.

        The proxy keeps one asset for the same bytes, and another attempt at the same photo may just have deleted it:
        then it is pushed once more.
        """
        photo = self._photos.read(request.photo_key)
        if photo is None:
            raise Refused(0)
        time = Time.of(START_SECONDS)
        for last in (False, True):
            asset = self._push(request, photo, time)
            try:
                return self._submit(request, asset, time)
            except _PhotoIsMissing as error:
                if last:
                    raise Throttled from error
            except OutcomeUnknown:
                raise
            except StartError:
                self._drop(asset)
                raise
        raise AssertionError

    def fetch(self, prediction_id: str) -> Prediction:
        """The proxy says "expired" of a job that ComfyUI does not know. It looks at what has ended before it looks at
        what is open, so that it says so also of a job that ends between the two: one "expired" is none.
        """
        job = self._jobs.get(_job_of(prediction_id))
        if job.status == "expired":
            job = self._jobs.get(_job_of(prediction_id))
        if job.status == "expired":
            raise PredictionGone
        urls = tuple(absolute(self._url, made.url) for made in job.outputs if made.type == "image" and made.url)
        return Prediction(prediction_id, STATUSES.get(job.status, PredictionStatus.RUNNING), urls)

    def cancel(self, prediction_id: str) -> None:
        self._jobs.known("POST", f"/jobs/{quote(_job_of(prediction_id), safe='')}/cancel", json={})

    def has_room(self, images: int) -> bool:
        """Where it lists no jobs, its queue is its own, and it says itself when that is full. A person waits for this,
        so it is asked but shortly.
        """
        try:  # what is open is among the newest
            jobs = self._jobs.newest(3 * self._queue_max, ROOM_SECONDS)
        except ProviderDown:
            return False
        return jobs is None or sum(job.open for job in jobs) + images <= self._queue_max

    def find(self, key: str) -> str | None:
        return self._jobs.find(key)

    def forget(self, prediction_id: str) -> None:
        self._jobs.known("DELETE", _asset_path(prediction_id.rpartition(".")[2]))

    def _push(self, request: PredictionRequest, photo: bytes, time: Time) -> str:
        """The asset's id. Nothing runs yet, whatever the answer: it may be sent again. It is sent without a key: the
        same bytes are the same asset, and a key that was used would refuse the next try.
        """
        name = f"{request.key}.jpg"
        fields = {"content_type": "image/jpeg", "file_path": f"input/{name}", "expires_in": str(PHOTO_SECONDS)}
        file = {"file": (name, photo, "image/jpeg")}
        answer = self._send("/assets", Throttled(), data=fields, files=file, within=time.left)
        if 300 <= answer.status < 500 and answer.status not in (408, 409, 429):
            raise Refused(answer.status)
        if not (answer.ok and answer.id):
            raise Throttled(answer.retry_after)
        return answer.id

    def _submit(self, request: PredictionRequest, asset: str, time: Time) -> str:
        photo = {"__type": "core/ASSET", "info": {"id": asset}}
        graph = filled(request.input, {PHOTO: photo, NAME: prediction_name(request.key, asset)})
        lost = OutcomeUnknown("no answer")
        answer = self._send("/jobs", lost, key=request.key, json={"workflow": graph}, within=time.left)
        if answer.ok and answer.id:
            return f"{answer.id}.{asset}"
        if answer.code == "idempotency_key_reuse":
            return self._found(request.key, time)
        if answer.code == "missing_asset":
            raise _PhotoIsMissing
        if answer.status == 429:
            raise Throttled(answer.retry_after)
        if 400 <= answer.status < 500 and answer.status != 408:
            raise Refused(answer.status)
        raise OutcomeUnknown(f"status {answer.status}")

    def _send(self, path: str, lost: StartError, **sent: Any) -> Answer:
        """``lost`` is what it means that the answer to what may have arrived did not come."""
        try:
            return self._wire.ask("POST", path, **sent)
        except NEVER_SENT as error:
            raise Throttled from error
        except CANNOT_BE_SENT as error:
            raise Refused(0) from error
        except (httpx.HTTPError, ValueError) as error:
            raise lost from error

    def _found(self, key: str, time: Time) -> str:
        try:
            found = self._jobs.find(key, time.left)
        except ProviderDown as error:
            raise OutcomeUnknown("the key was used") from error
        if found is None:
            raise OutcomeUnknown("the key was used")
        return found

    def _drop(self, asset: str) -> None:
        """Delete the photo of what does not run; where that fails, it expires."""
        try:
            self._wire.ask("DELETE", _asset_path(asset), within=ROOM_SECONDS)
        except (httpx.HTTPError, ValueError):
            return


def _job_of(prediction_id: str) -> str:
    return prediction_id.rpartition(".")[0]


def _asset_path(asset: str) -> str:
    return f"/assets/{quote(asset, safe='')}"
