"""Replicate's HTTP API: create, get and cancel predictions, the outputs, the account and its webhooks' key.

Source: https://replicate.com/docs/reference/http
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from local.stand_ins import models
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control, drop_connection
from local.stand_ins.faults import CallFault, take
from local.stand_ins.predictions import Prediction
from local.stand_ins.predictions_control import PredictionsControl
from local.stand_ins.problems import invalid, problem, throttled
from local.stand_ins.runner import File, Runner

_HUGE_CHUNKS, _CHUNK = 64, bytes(1024 * 1024)
_DURATION = re.compile(r"^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$")
_DEFAULT_EVENTS = ("output", "completed")


class Replicate:
    """Routes under ``/replicate`` and ``/_control/predictions``."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._token, self._control = config.replicate_token, control
        self._signing_secret = config.webhook_signing_secret
        self._runner = Runner(config, control)
        api = [
            ("/v1/models/{owner}/{name}/predictions", self._create, "POST"),
            ("/v1/predictions/{id}", self._get, "GET"),
            ("/v1/predictions/{id}/cancel", self._cancel, "POST"),
            ("/v1/account", self._account, "GET"),
            ("/v1/webhooks/default/secret", self._webhook_secret, "GET"),
        ]
        self.routes = [Route(path, self._authorized(handler), methods=[method]) for path, handler, method in api]
        self.routes.append(Route("/delivery/{token}/{name}", self._deliver))
        self.control_routes = PredictionsControl(self._runner).routes

    def running(self) -> AbstractAsyncContextManager[None]:
        return self._runner.running()

    def _authorized(self, handler: Any) -> Any:
        async def checked(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            known = scheme == "Bearer" and secrets.compare_digest(token.encode(), self._token.encode())
            response: Response = await handler(request) if known else problem(401)
            response.headers.update({"ratelimit-remaining": "599", "ratelimit-reset": "1"})
            return response

        return checked

    async def _account(self, _: Request) -> Response:
        return JSONResponse({"type": "organization", "username": "veil", "name": "Veil"})

    async def _webhook_secret(self, _: Request) -> Response:
        return JSONResponse({"key": self._signing_secret})

    async def _create(self, request: Request) -> Response:
        self._control.counters["replicate.create"] += 1
        fault = take(self._control.faults.replicate.create) or CallFault()
        if fault.status and not fault.lost:
            return await _refused(fault)
        try:
            prediction = self._accept(request, await request.json())
        except ValueError:
            return problem(400)
        if isinstance(prediction, Response):
            return prediction
        self._runner.start(prediction)
        await asyncio.sleep(fault.hang)
        if fault.lost:
            return problem(fault.status) if fault.status else await drop_connection(request)
        return JSONResponse(prediction.body(self._runner.base_url), 201)

    def _accept(self, request: Request, body: Any) -> Prediction | Response:
        """The prediction that a create call asks for, or the problem with it."""
        model = "{owner}/{name}".format(**request.path_params)
        if model not in models.MODELS:
            return problem(404)
        wrong = models.invalid_fields(model, body)
        cancel_after = _seconds(request.headers.get("cancel-after", ""))
        if "cancel-after" in request.headers and (cancel_after is None or cancel_after < 5):
            wrong.append({"type": "header", "field": "Cancel-After", "description": "Must be at least 5s"})
        if wrong:
            return invalid(wrong)
        events = frozenset(body.get("webhook_events_filter") or _DEFAULT_EVENTS)
        return Prediction(model, body["input"], body.get("webhook"), events, cancel_after)

    async def _get(self, request: Request) -> Response:
        self._control.counters["replicate.get"] += 1
        fault = take(self._control.faults.replicate.get) or CallFault()
        if fault.status or fault.lost:
            return await drop_connection(request) if fault.lost else await _refused(fault)
        await asyncio.sleep(fault.hang)
        prediction = self._runner.predictions.get(request.path_params["id"])
        return problem(404) if prediction is None else JSONResponse(prediction.body(self._runner.base_url))

    async def _cancel(self, request: Request) -> Response:
        self._control.counters["replicate.cancel"] += 1
        prediction = self._runner.predictions.get(request.path_params["id"])
        if prediction is None:
            return problem(404)
        self._runner.cancel(prediction)
        return JSONResponse(prediction.body(self._runner.base_url))

    async def _deliver(self, request: Request) -> Response:
        """An output, for anyone who has its URL; ``token`` begins with the prediction's id."""
        self._control.counters["replicate.delivery"] += 1
        prediction = self._runner.predictions.get(request.path_params["token"][:26])
        file = self._runner.files.get(prediction.id) if prediction else None
        if file is None:
            return problem(404)
        if file.kind == "redirect" and request.url.hostname == "127.0.0.1":
            return RedirectResponse(
                f"{self._runner.foreign_url}/delivery/{'/'.join(request.path_params.values())}", 302
            )
        return _file(file)


async def _refused(fault: CallFault) -> Response:
    await asyncio.sleep(fault.hang)
    status = fault.status or 500
    return throttled(fault.retry_after) if status == 429 else problem(status)


def _seconds(duration: str) -> int | None:
    """Seconds of ``1h30m45s``, ``5m`` or ``30``; None for anything else."""
    match = _DURATION.match(duration)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _file(file: File) -> Response:
    if file.kind == "not_an_image":
        return HTMLResponse("<html><body>Not Found</body></html>", media_type=file.content_type)
    if file.kind == "truncated_output":
        return Response(file.data[: len(file.data) // 2], media_type=file.content_type)
    if file.kind == "huge_output":
        return StreamingResponse(_padded(file.data), media_type=file.content_type)
    return Response(file.data, media_type=file.content_type)


async def _padded(data: bytes) -> AsyncIterator[bytes]:
    yield data
    for _ in range(_HUGE_CHUNKS):
        yield _CHUNK
