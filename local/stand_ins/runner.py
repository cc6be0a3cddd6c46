"""Runs predictions: queue, fetch the photo, render, finish, call the webhook; cancel, give up."""

import asyncio
import base64
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from PIL import Image, UnidentifiedImageError

from local.stand_ins import models, portraits
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.faults import Outcome, OutcomeKind, take
from local.stand_ins.predictions import Prediction
from local.stand_ins.renderer import Renderer
from local.stand_ins.subjects import subject
from local.stand_ins.webhooks import Message, Webhooks

_ERRORS: dict[OutcomeKind, str] = {
    "failed": "Prediction failed for an unknown reason. (E1000)",
    "flagged": "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (uIJ6l3)",
}
_UNSUCCESSFUL: dict[OutcomeKind, str] = {
    "failed": "failed",
    "flagged": "failed",
    "canceled": "canceled",
    "aborted": "aborted",
}
_REMOTE_ERRORS = (httpx.HTTPError, UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError)


@dataclass(frozen=True)
class File:
    """An output that can be fetched; ``kind`` says how that goes wrong."""

    data: bytes
    content_type: str
    kind: OutcomeKind


class Runner:
    """All predictions of this run, and their outputs."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._config, self._control = config, control
        self.predictions: dict[str, Prediction] = {}
        self.files: dict[str, File] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        return f"{self._config.base_url}/replicate"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=None)  # webhooks that wait for their answer keep no photo from coming
        tls = self._config.tls()
        async with httpx.AsyncClient(verify=tls, trust_env=False, timeout=10, limits=limits) as self._client:
            self._renderer = Renderer(self._control)
            self.webhooks = Webhooks(self._client, self._config.webhook_signing_secret, self._control)
            yield
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._renderer.close()

    def start(self, prediction: Prediction) -> None:
        """Take a prediction in; its outcome is the next one of the rules."""
        prediction.outcome = take(self._control.faults.replicate.outcome) or Outcome()
        self.predictions[prediction.id] = prediction
        self._spawn(self._run(prediction))

    def cancel(self, prediction: Prediction) -> None:
        """End it at once, unless it has ended."""
        self._finish(prediction, "canceled")

    def decide(self, prediction: Prediction, outcome: Outcome) -> None:
        """End it this way, as soon as its image is there."""
        prediction.outcome = outcome
        prediction.decided.set()

    def message(self, prediction: Prediction, url: str) -> Message:
        """A webhook's message with the prediction as it is now."""
        body = json.dumps(prediction.body(self.base_url)).encode()
        message = Message(url, body, prediction.terminal)
        prediction.messages.append(message)
        return message

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, prediction: Prediction) -> None:
        try:
            async with asyncio.timeout(prediction.cancel_after):
                await self._live(prediction)
        except TimeoutError:
            self._finish(prediction, "aborted" if prediction.started_at is None else "canceled")

    async def _live(self, prediction: Prediction) -> None:
        await asyncio.sleep(self._control.faults.replicate.queue)
        if prediction.terminal:
            return
        if prediction.outcome is not None and prediction.outcome.kind == "aborted":
            self._finish(prediction, "aborted")
            return
        prediction.status, prediction.started_at = "processing", datetime.now(UTC)
        self._emit(prediction, "start")
        due = asyncio.get_running_loop().time() + self._control.faults.replicate.latency
        try:
            photo = await self._photo(prediction)
            image = await self._renderer.render(photo, prediction)
            planned = subject(prediction.outcome)
            await self._wait(prediction, due - asyncio.get_running_loop().time())
            if subject(prediction.outcome) != planned:  # decided meanwhile
                image = await self._renderer.render(photo, prediction)
        except _REMOTE_ERRORS as error:
            self._finish(prediction, "failed", error=f"Prediction failed: could not read the input image: {error}")
            return
        self._settle(prediction, prediction.outcome or Outcome(), image)

    async def _photo(self, prediction: Prediction) -> bytes | None:
        urls = models.photo_urls(prediction.model, prediction.input)
        if not urls:
            return None
        if urls[0].startswith("data:"):
            return base64.b64decode(urls[0].partition(",")[2])
        answer = await self._client.get(urls[0], follow_redirects=True)
        return answer.raise_for_status().content

    async def _wait(self, prediction: Prediction, seconds: float) -> None:
        if prediction.outcome is not None and prediction.outcome.kind == "never":
            await prediction.decided.wait()
        elif seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(prediction.decided.wait(), seconds)

    def _settle(self, prediction: Prediction, outcome: Outcome, image: portraits.Portrait) -> None:
        kind = outcome.kind
        if prediction.terminal:  # cancelled meanwhile
            return
        if kind in _UNSUCCESSFUL:
            self._finish(prediction, _UNSUCCESSFUL[kind], error=outcome.error or _ERRORS.get(kind))
            return
        url = self._publish(prediction, kind, image)
        shapes: dict[OutcomeKind, str | list[str] | None] = {"no_output": None, "empty_list": [], "list_output": [url]}
        output = shapes.get(kind, models.output_of(prediction.model, url))
        prediction.logs, prediction.output = f"Using seed: {prediction.input.get('seed', 0)}\n", output
        self._emit(prediction, "logs")
        self._emit(prediction, "output")
        self._finish(prediction, "succeeded", output=output)

    def _publish(self, prediction: Prediction, kind: OutcomeKind, image: portraits.Portrait) -> str:
        """Make the output available; returns its URL."""
        if kind != "missing_output":
            self.files[prediction.id] = File(image.data, image.content_type, kind)
        base = self.foreign_url if kind == "foreign_host" else self.base_url
        return f"{base}/delivery/{prediction.id}{secrets.token_hex(8)}/output.{image.extension}"

    @property
    def foreign_url(self) -> str:
        """The same server under another name: an origin that nobody allowed, where a naive client finds an image."""
        return self.base_url.replace("127.0.0.1", "localhost")

    def _finish(self, prediction: Prediction, status: str, **result: Any) -> None:
        if prediction.terminal:
            return
        prediction.finish(status, **result)
        prediction.decided.set()
        self._control.counters[f"replicate.{status}"] += 1
        if status != "aborted":  # the documentation names no webhook for it
            self._emit(prediction, "completed")

    def _emit(self, prediction: Prediction, event: str) -> None:
        if prediction.webhook is not None and event in prediction.events:
            self._spawn(self.webhooks.deliver(self.message(prediction, prediction.webhook)))
