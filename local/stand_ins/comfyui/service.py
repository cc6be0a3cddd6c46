"""ComfyUI's native routes, under ``/comfyui``, and ``/_control/comfyui``."""

import asyncio
import re
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_ins.comfyui.files import Files, Name
from local.stand_ins.comfyui.graph import WEIGHTS, Refusal, validate
from local.stand_ins.comfyui.jobs import Jobs
from local.stand_ins.comfyui.settings import PromptFault
from local.stand_ins.control import Control, drop_connection
from local.stand_ins.faults import take

_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_NAMES = re.compile(rb'[; ](name|filename)="([^"]*)"')
_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


class ComfyUI:
    """One ComfyUI without a GPU."""

    def __init__(self, control: Control) -> None:
        self._control, self._files = control, Files()
        self._jobs = Jobs(control, self._files)
        self.routes = [
            Route("/prompt", self._prompt, methods=["POST"]),
            Route("/history/{id}", self._history),
            Route("/queue", self._queue),
            Route("/upload/image", self._upload, methods=["POST"]),
            Route("/view", self._view),
            Route("/api/jobs/{id}/cancel", self._cancel, methods=["POST"]),
        ]
        self.control_routes = [
            Route("/_control/comfyui", self._show),
            Route("/_control/comfyui/restart", self._restart, methods=["POST"]),
        ]

    def running(self) -> AbstractAsyncContextManager[None]:
        return self._jobs.running()

    async def _prompt(self, request: Request) -> Response:
        self._control.counters["comfyui.prompt"] += 1
        faults = self._control.faults.comfyui
        fault = take(faults.prompt) or PromptFault()
        await asyncio.sleep(fault.hang)
        if fault.status:
            return Response(status_code=fault.status)
        body = await request.json()
        try:
            validate(body.get("prompt"), self._files.photos, {} if faults.missing_weights else WEIGHTS)
        except Refusal as refusal:
            return JSONResponse(refusal.body, 400)
        number = self._jobs.submit(body["prompt_id"], body["prompt"], body.get("extra_data", {}))
        if fault.lost:
            return await drop_connection(request)
        return JSONResponse({"prompt_id": body["prompt_id"], "number": number, "node_errors": {}})

    async def _history(self, request: Request) -> Response:
        """One job, by its id; nothing for one that has not ended, or that it does not know."""
        found = self._jobs.history.get(request.path_params["id"])
        return JSONResponse({request.path_params["id"]: found} if found else {})

    async def _queue(self, _: Request) -> Response:
        job = self._jobs.running_job
        pending = [each.item for each in self._jobs.pending]
        return JSONResponse({"queue_running": [job.item] if job else [], "queue_pending": pending})

    async def _upload(self, request: Request) -> Response:
        self._control.counters["comfyui.upload"] += 1
        parts = _parts(request.headers.get("content-type", ""), await request.body())
        if "image" not in parts:
            return Response(status_code=400)
        filename, data = parts["image"]
        name = self._files.upload(filename, parts.get("subfolder", ("", b""))[1].decode(), data)
        return JSONResponse({"name": name.filename, "subfolder": name.subfolder, "type": name.type})

    async def _view(self, request: Request) -> Response:
        self._control.counters["comfyui.view"] += 1
        asked = request.query_params
        name = Name(asked.get("filename", ""), asked.get("subfolder", ""), asked.get("type", "output"))
        data = self._files.data.get(name)
        if data is None:
            return Response(status_code=404)
        return Response(data, media_type=_TYPES.get(name.filename.rpartition(".")[2], "application/octet-stream"))

    async def _cancel(self, request: Request) -> Response:
        self._control.counters["comfyui.cancel"] += 1
        return JSONResponse({"cancelled": self._jobs.cancel(request.path_params["id"])})

    async def _show(self, _: Request) -> Response:
        """What it holds: the ids of its jobs and the paths of its files."""
        job, files = self._jobs.running_job, self._files.data
        shown: dict[str, Any] = {
            "running": [job.id] if job else [],
            "pending": [each.id for each in self._jobs.pending],
            "ended": list(self._jobs.history),
            "input": sorted(name.path for name in files if name.type == "input"),
            "output": sorted(name.path for name in files if name.type == "output"),
        }
        return JSONResponse(shown)

    async def _restart(self, _: Request) -> Response:
        self._jobs.restart()
        return JSONResponse({})


def _parts(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a form, by their name: the file's name and the bytes."""
    boundary = _BOUNDARY.search(content_type)
    found = {}
    for part in body.split(b"--" + boundary[1].encode())[1:-1] if boundary else []:
        head, _, data = part.partition(b"\r\n\r\n")
        names = {each.decode(): value.decode() for each, value in _NAMES.findall(head)}
        found[names.get("name", "")] = (names.get("filename", ""), data.removesuffix(b"\r\n"))
    return found
