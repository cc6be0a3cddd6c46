"""ComfyUI's queue: one job at a time, and a history that a restart forgets."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time
from typing import Any, cast

from local.stand_ins.comfyui.files import Files, with_text
from local.stand_ins.comfyui.graph import Graph, asked_of
from local.stand_ins.comfyui.settings import JobKind
from local.stand_ins.control import Control
from local.stand_ins.faults import Outcome, OutcomeKind, take
from local.stand_ins.predictions import Prediction
from local.stand_ins.renderer import Renderer

MODEL = "qwen/qwen-image-edit-plus"  # whose portraits these are, to the renderer
OUT_OF_MEMORY = (
    "Allocation on device 0 would exceed allowed memory. (out of memory)\nThis error means you ran out of memory."
)
OF_OTHERS = {"stranger", "two_people", "no_face"}


@dataclass
class Job:
    """``item`` is its line in the queue: number, id, graph, extra data, the nodes that save."""

    id: str
    graph: Graph
    item: list[Any]
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)


class Failed(Exception):
    """A node of this class failed, with an exception of this type and message."""

    def __init__(self, node: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.node, self.kind, self.message = node, kind, message


class Jobs:
    """All jobs of this run."""

    def __init__(self, control: Control, files: Files) -> None:
        self._control, self._files = control, files
        self.pending: list[Job] = []
        self.running_job: Job | None = None
        self.history: dict[str, dict[str, Any]] = {}
        self._remembered: dict[str, dict[str, Any]] = {}
        self._number = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._there = asyncio.Event()
        self._renderer = Renderer(self._control)
        worker = asyncio.create_task(self._work())
        yield
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker
        self._renderer.close()

    def submit(self, job_id: str, graph: Graph, extra: dict[str, Any]) -> int:
        """Queue it; answer its number. The same id twice is two jobs."""
        self._number += 1
        saver = asked_of(graph).saver
        self.pending.append(Job(job_id, graph, [self._number, job_id, graph, extra, [saver]]))
        self._there.set()
        return self._number

    def cancel(self, job_id: str) -> bool:
        """Take it off the queue, or interrupt it; whether it was there."""
        before = len(self.pending)
        self.pending = [job for job in self.pending if job.id != job_id]
        job = self.running_job
        if job and job.id == job_id:
            job.interrupted.set()
            return True
        return len(self.pending) < before

    def restart(self) -> None:
        """Forget the queue and the history; the files stay."""
        self.pending, self.history, self._remembered = [], {}, {}
        if self.running_job:
            self.running_job.interrupted.set()
            self.running_job = None

    async def _work(self) -> None:
        while True:
            await self._there.wait()
            if not self.pending:
                self._there.clear()
                continue
            self.running_job = job = self.pending.pop(0)
            entry = await self._run(job)
            if self.running_job is job:  # else it restarted meanwhile
                self.history[job.id], self.running_job = entry, None

    async def _run(self, job: Job) -> dict[str, Any]:
        messages: list[Any] = []

        def say(event: str, **more: Any) -> None:
            messages.append([event, {"prompt_id": job.id, "timestamp": round(time() * 1000), **more}])

        outputs = self._remembered.get(json.dumps(job.graph, sort_keys=True))
        say("execution_start")
        say("execution_cached", nodes=list(job.graph) if outputs else [])
        try:
            outputs = outputs or await self._outputs(job)
        except Failed as error:
            say(
                "execution_error",
                node_id=next((name for name, each in job.graph.items() if error.node in each["class_type"]), "1"),
                node_type=error.node,
                executed=[],
                exception_message=error.message,
                exception_type=error.kind,
                traceback=['  File "/opt/ComfyUI/execution.py", line 496, in execute\n'],
                current_inputs={},
                current_outputs=[],
            )
        if job.interrupted.is_set():
            say("execution_interrupted", node_id="1", node_type="KSampler", executed=[])
            outputs = None
        if outputs:
            say("execution_success")
        status = {"status_str": "success" if outputs else "error", "completed": bool(outputs), "messages": messages}
        self._control.counters[f"comfyui.{status['status_str']}"] += 1
        return {"prompt": job.item, "outputs": outputs or {}, "status": status, "meta": {}}

    async def _outputs(self, job: Job) -> dict[str, Any]:
        """What it saves. Raises `Failed`."""
        faults = self._control.faults.comfyui
        kind: JobKind = take(faults.outcome) or "succeeded"
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(job.interrupted.wait(), None if kind == "stuck" else faults.latency)
        if job.interrupted.is_set():
            return {}
        if kind == "out_of_memory":
            raise Failed("Sampler", "torch.OutOfMemoryError", OUT_OF_MEMORY)
        asked = asked_of(job.graph)
        shows = Outcome(kind=cast("OutcomeKind", kind if kind in OF_OTHERS else "succeeded"))
        given = {
            "prompt": asked.prompt, "seed": asked.seed, "output_format": "png",
            "aspect_ratio": "custom", "width": asked.width, "height": asked.height,
        }  # fmt: skip
        prediction = Prediction(MODEL, given, None, frozenset(), outcome=shows)
        try:
            portrait = await self._renderer.render(self._files.photo(asked.photo), prediction)
        except (OSError, ValueError) as error:
            raise Failed("LoadImage", "PIL.UnidentifiedImageError", str(error)) from error
        data = with_text(portrait.data, "prompt", json.dumps(job.graph))
        name = self._files.save(asked.prefix, data[: len(data) // 2] if kind == "truncated_output" else data)
        image = {"filename": name.filename, "subfolder": name.subfolder, "type": name.type}
        outputs = {asked.saver: {"images": [image]}}
        self._remembered[json.dumps(job.graph, sort_keys=True)] = outputs
        return outputs
