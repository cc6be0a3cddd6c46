"""Serves the stand-ins, each under its prefix: in this process until a signal, or in a thread beside a test."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from local.processes import poll
from local.stand_ins.azure_face import AzureFace
from local.stand_ins.comfyui.service import ComfyUI
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.oidc import Issuer
from local.stand_ins.rekognition.service import Rekognition
from local.stand_ins.replicate import Replicate
from local.stand_ins.toss.routes import TossRoutes
from local.stand_ins.upstash import Upstash

START_SECONDS, STOP_SECONDS = 10.0, 10.0


def create_app(config: ProvidersConfig) -> Starlette:
    """All stand-ins in one application; its lifespan runs the Valkey server and the predictions."""
    control = Control()
    replicate, upstash = Replicate(config, control), Upstash(config, control)
    toss, issuer, comfyui = TossRoutes(config, control), Issuer(config, control), ComfyUI(control)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with replicate.running(), upstash.running(), toss.running(), comfyui.running():
            yield

    async def health(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    return Starlette(
        routes=[
            Route("/_health", health),
            Mount("/replicate", routes=replicate.routes),
            Mount("/comfyui", routes=comfyui.routes),
            Mount("/azure", routes=AzureFace(config, control).routes),
            Mount("/toss", routes=toss.routes),
            *upstash.routes,
            *Rekognition(config, control).routes,
            Mount("/oidc", routes=issuer.routes),
            *replicate.control_routes,
            *toss.control_routes,
            *comfyui.control_routes,
            *issuer.control_routes,
            Route("/_control", control.handle, methods=["GET", "POST", "DELETE"]),
        ],
        lifespan=lifespan,
    )


def make_server(config: ProvidersConfig) -> uvicorn.Server:
    """A server at the address of ``base_url``, not started; it logs warnings only."""
    address = urlsplit(config.base_url)
    options = uvicorn.Config(
        create_app(config),
        host=address.hostname or "127.0.0.1",
        port=address.port or 80,
        lifespan="on",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(options)


@contextmanager
def serving(config: ProvidersConfig) -> Iterator[None]:
    """Serve in a thread while the block runs. Raises `RuntimeError` when the server does not start."""
    server = make_server(config)
    thread = threading.Thread(target=server.run, name="providers")
    thread.start()
    try:
        poll(lambda: server.started or not thread.is_alive(), START_SECONDS, 0.02)
        if not server.started:
            raise RuntimeError("the providers' stand-ins did not start")
        yield
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS)
