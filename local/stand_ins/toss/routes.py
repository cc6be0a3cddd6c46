"""Toss over HTTP: its API below ``/toss/v1``, with the faults of ``/_control``; its window and its control plane."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control, drop_connection
from local.stand_ins.faults import TossFault, take
from local.stand_ins.toss.control import TossControl
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.paths import operation_of
from local.stand_ins.toss.service import TossService
from local.stand_ins.toss.window import Window

PREFIX = "/toss"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class TossRoutes:
    """Routes under ``/toss`` and ``/_control/toss``."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._control, self._service = control, TossService(config, control)
        self.running = self._service.running
        self.control_routes = TossControl(self._service).routes
        self.routes = [*Window(self._service).routes, Route("/{path:path}", self._api, methods=_METHODS)]

    async def _api(self, request: Request) -> Response:
        raw_path = request.scope["raw_path"].decode().removeprefix(PREFIX)
        path = f"{raw_path}?{request.url.query}" if request.url.query else raw_path
        call = (request.method, path, request.headers, await request.body())
        fault = self._fault(request.method, path)
        if fault and fault.at == "before":
            with self._service.toss.processing(*call):
                await asyncio.sleep(fault.seconds if fault.what == "hang" else 0)
            if fault.what != "hang":
                return await _faulty(request, fault)
        told = len(self._service.webhooks.messages)
        reply = self._service.toss.call(*call)
        if self._control.faults.toss.overtake:
            for message in self._service.webhooks.messages[told:]:
                await message.tried.wait()
        if fault and fault.at == "after":
            await asyncio.sleep(fault.seconds if fault.what == "hang" else 0)
            if fault.what != "hang":
                return await _faulty(request, fault)
        return Response(reply.body, reply.status, reply.headers)

    def _fault(self, method: str, path: str) -> TossFault | None:
        """The fault for this call, counted as what it is."""
        try:
            operation, _ = operation_of(method, path)
        except Refused:
            return None
        name = "get" if operation == "get_by_order" else operation
        self._control.counters[f"toss.{name}"] += 1
        fault: TossFault | None = take(getattr(self._control.faults.toss, name))
        return fault


async def _faulty(request: Request, fault: TossFault) -> Response:
    if fault.what == "drop":
        return await drop_connection(request)
    if fault.what == "status":
        return PlainTextResponse("", fault.status)
    refusal = Refused(fault.code)
    return JSONResponse({"code": refusal.code, "message": refusal.message}, refusal.status)
