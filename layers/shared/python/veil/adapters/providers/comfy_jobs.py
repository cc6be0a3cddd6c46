"""Jobs of Comfy API v2: one by its id, the newest ones, and the one whose id was lost.

The files that a job writes begin with ``<attempt's key>.<asset>``: by that name it is found.
"""

from time import monotonic
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, ValidationError

from veil.adapters.providers.comfy_wire import Answer, ComfyWire
from veil.domain.predictions import PredictionGone, ProviderDown

MAX_LISTED = 100  # as the API has it
FIND_SECONDS = 10.0
FOLDER = "veil"
OPEN = ("queued", "running", "canceling")
NO_SUCH_CALL = (404, 405, 501)  # the API's document has no list: a host may have none


class Output(BaseModel):
    name: str = ""
    type: str = ""
    url: str = ""


class Job(BaseModel):
    """What we need of a job; unknown statuses are not final."""

    id: str = Field(min_length=1)
    status: str
    outputs: list[Output] = []

    @property
    def open(self) -> bool:
        return self.status in OPEN


class ComfyJobs:
    def __init__(self, wire: ComfyWire) -> None:
        self._wire = wire

    def get(self, job_id: str) -> Job:
        """Raises `PredictionGone` and `ProviderDown`."""
        answer = self.known("GET", f"/jobs/{quote(job_id, safe='')}")
        try:
            return Job.model_validate(answer.body)
        except ValidationError as error:
            raise ProviderDown("no job in the answer") from error

    def newest(self, limit: int, give_up: float | None = None) -> list[Job] | None:
        """The newest one first; None where it lists none. Raises `ProviderDown`."""
        answer = self._answer("GET", f"/jobs?limit={min(limit, MAX_LISTED)}", give_up=give_up)
        if answer.status in NO_SUCH_CALL:
            return None
        try:
            return [Job.model_validate(job) for job in (_good(answer).body or {})["jobs"]]
        except (ValidationError, KeyError, TypeError) as error:
            raise ProviderDown("no list of jobs in the answer") from error

    def find(self, key: str) -> str | None:
        """The prediction whose files have this name: while it has none, its workflow says it. Raises `ProviderDown`."""
        give_up = monotonic() + FIND_SECONDS
        jobs = self.newest(MAX_LISTED, give_up)
        if jobs is None:
            raise ProviderDown("it lists no jobs")
        for job in jobs:
            for name in [made.name for made in job.outputs] or self._prefixes(job, give_up):
                named, _, asset = name.rpartition("/")[2].partition(".")
                if named == key:
                    return f"{job.id}.{asset.partition('_')[0]}"
        return None

    def known(self, method: str, path: str, **sent: Any) -> Answer:
        """Raises `PredictionGone` for a 404, and `ProviderDown`."""
        answer = self._answer(method, path, **sent)
        if answer.status == 404:
            raise PredictionGone
        return _good(answer)

    def _prefixes(self, job: Job, give_up: float) -> list[str]:
        """How the files begin that a job will write."""
        answer = self._answer("GET", f"/jobs/{quote(job.id, safe='')}/workflow", give_up=give_up)
        graph = (answer.body or {}).get("workflow") if answer.ok else None
        nodes = graph.values() if isinstance(graph, dict) else ()
        inputs = [node.get("inputs") for node in nodes if isinstance(node, dict)]
        return [str(given["filename_prefix"]) for given in inputs if given and "filename_prefix" in given]

    def _answer(self, method: str, path: str, **sent: Any) -> Answer:
        try:
            return self._wire.ask(method, path, **sent)
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderDown(type(error).__name__) from error


def prediction_name(key: str, asset: str) -> str:
    """How the files of an attempt begin."""
    return f"{FOLDER}/{key}.{asset}"


def _good(answer: Answer) -> Answer:
    if not answer.ok:
        raise ProviderDown(f"status {answer.status}")
    return answer
