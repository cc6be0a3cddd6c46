"""The ASGI application: every stand-in under its prefix."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from local.stand_ins.azure_face import AzureFace
from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control
from local.stand_ins.oidc import Issuer
from local.stand_ins.replicate import Replicate
from local.stand_ins.upstash import Upstash


def create_app(config: ProvidersConfig) -> Starlette:
    """All stand-ins in one application; its lifespan runs the Valkey server and the predictions."""
    control = Control()
    replicate, upstash = Replicate(config, control), Upstash(config, control)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with replicate.running(), upstash.running():
            yield

    async def health(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok")

    return Starlette(
        routes=[
            Route("/_health", health),
            Mount("/replicate", routes=replicate.routes),
            Mount("/azure", routes=AzureFace(config, control).routes),
            *upstash.routes,
            Mount("/oidc", routes=Issuer(config, control).routes),
            *replicate.control_routes,
            Route("/_control", control.handle, methods=["GET", "POST", "DELETE"]),
        ],
        lifespan=lifespan,
    )
