"""Replicate's HTTP API: create, get, list and cancel predictions, the signing secret, and the outputs.

Source: https://replicate.com/docs/reference/http
"""

import asyncio
import re
import secrets
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_ins import models
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control, drop_connection
from local.stand_ins.delivery import Delivery
from local.stand_ins.faults import CallFault, take
from local.stand_ins.predictions import Prediction
from local.stand_ins.predictions_control import PredictionsControl
from local.stand_ins.problems import invalid, problem, throttled
from local.stand_ins.runner import Runner

_DURATION = re.compile(r"^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$")
_PREFER = re.compile(r"^wait(?:=([1-9]|[1-5][0-9]|60))?$")
_DEFAULT_EVENTS = ("output", "completed")


class Replicate:
    """Routes under ``/replicate`` and ``/_control/predictions``."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._config, self._control = config, control
        self._runner = Runner(config, control)
        api = [
            ("/v1/models/{owner}/{name}/predictions", self._create, "POST"),
            ("/v1/predictions", self._create, "POST"),
            ("/v1/predictions", self._list, "GET"),
            ("/v1/predictions/{id}", self._get, "GET"),
            ("/v1/predictions/{id}/cancel", self._cancel, "POST"),
            ("/v1/webhooks/default/secret", self._secret, "GET"),
        ]
        self.routes = [Route(path, self._authorized(handler), methods=[method]) for path, handler, method in api]
        self.routes += Delivery(self._runner, control).routes
        self.control_routes = PredictionsControl(self._runner).routes

    def running(self) -> AbstractAsyncContextManager[None]:
        return self._runner.running()

    def _authorized(self, handler: Any) -> Any:
        async def checked(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            known = scheme in {"Bearer", "Token"} and secrets.compare_digest(
                token.encode(), self._config.replicate_token.encode()
            )
            response: Response = await handler(request) if known else problem(401)
            response.headers.update({"ratelimit-remaining": "599", "ratelimit-reset": "1"})
            return response

        return checked

    async def _create(self, request: Request) -> Response:
        self._control.counters["replicate.create"] += 1
        fault = take(self._control.faults.replicate.create) or CallFault()
        if fault.status:
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
            return await drop_connection(request)
        return await self._created(prediction, request.headers.get("prefer"))

    def _accept(self, request: Request, body: Any) -> Prediction | Response:
        """The prediction that a create call asks for, or the problem with it."""
        path = request.path_params
        version = body.get("version") if isinstance(body, dict) else None
        model = f"{path['owner']}/{path['name']}" if path else str(version)
        if model not in models.MODELS:
            return problem(404 if path else 422)
        wrong = models.invalid_fields(model, body)
        cancel_after = _seconds(request.headers.get("cancel-after", ""))
        if "cancel-after" in request.headers and (cancel_after is None or cancel_after < 5):
            wrong.append({"type": "header", "field": "Cancel-After", "description": "Must be at least 5s"})
        if not _PREFER.match(request.headers.get("prefer", "wait")):
            wrong.append({"type": "header", "field": "Prefer", "description": "Must be wait or wait=N, N from 1 to 60"})
        if wrong:
            return invalid(wrong)
        events = frozenset(body.get("webhook_events_filter") or _DEFAULT_EVENTS)
        return Prediction(model, body["input"], body.get("webhook"), events, cancel_after)

    async def _created(self, prediction: Prediction, prefer: str | None) -> Response:
        if prefer is None:
            return JSONResponse(prediction.body(self._runner.base_url), 201)
        hold = _PREFER.match(prefer)
        loop = asyncio.get_running_loop()
        until = loop.time() + int((hold and hold[1]) or 60)
        while not prediction.terminal and loop.time() < until:
            await asyncio.sleep(0.02)
        headers = {"preference-applied": prefer}
        status = 201 if prediction.terminal else 202
        return JSONResponse(prediction.body(self._runner.base_url), status, headers=headers)

    async def _get(self, request: Request) -> Response:
        self._control.counters["replicate.get"] += 1
        fault = take(self._control.faults.replicate.get) or CallFault()
        if fault.status or fault.lost:
            return await drop_connection(request) if fault.lost else await _refused(fault)
        await asyncio.sleep(fault.hang)
        prediction = self._runner.find(request.path_params["id"])
        return problem(404) if prediction is None else JSONResponse(prediction.body(self._runner.base_url))

    async def _cancel(self, request: Request) -> Response:
        self._control.counters["replicate.cancel"] += 1
        prediction = self._runner.find(request.path_params["id"])
        if prediction is None:
            return problem(404)
        self._runner.cancel(prediction)
        return JSONResponse(prediction.body(self._runner.base_url))

    async def _list(self, request: Request) -> Response:
        self._control.counters["replicate.list"] += 1
        after = request.query_params.get("created_after", "")
        before = request.query_params.get("created_before", "~")
        found = [self._runner.find(name) for name in reversed(self._runner.predictions)]
        bodies = [prediction.body(self._runner.base_url) for prediction in found if prediction]
        results = [body for body in bodies if after <= body["created_at"] < before]
        return JSONResponse({"next": None, "previous": None, "results": results[:100]})

    async def _secret(self, _: Request) -> Response:
        return JSONResponse({"key": self._config.webhook_signing_secret})


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
