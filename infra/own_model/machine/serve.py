"""Comfy's own proxy, with what this machine adds: the token from a file, links that lead back to where clients came in,
and a door that is shut while the machine is about to go.

``python serve.py`` with ``TOKEN_FILE``, ``PUBLIC_URL``, ``DRAINING``, ``STATE_FOLDER``, ``HOST``, ``PORT`` and
``COMFYUI`` in its environment. It is not run from the package's command: that one takes the token as an argument, where
everybody on the machine can read it.
"""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from comfy_api_proxy.app import make_app
from comfy_api_proxy.auth import make_bearer_auth_middleware
from comfy_api_proxy.middleware import make_origin_only_middleware

UPLOAD_BYTES = 10 * 1024 * 1024  # of an HTTP API's request; a photo that was checked is smaller
RETRY_SECONDS = 300
WORK = ("/api/v2/jobs", "/api/v2/assets")  # what begins some, by POST

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Middleware = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


def at(public_url: str) -> Middleware:
    """Lets the proxy see the scheme and the host that clients use, which its links are made of."""
    public = urlsplit(public_url)

    async def seen_from_outside(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request.clone(scheme=public.scheme, host=public.netloc))

    made: Middleware = web.middleware(seen_from_outside)
    return made


def unless(draining: Path) -> Middleware:
    """Takes no new work while this file is there; what runs can still be asked for and fetched."""

    async def takes_work(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "POST" and request.path in WORK and draining.exists():
            error = {"code": "deployment_not_ready", "message": "This machine is about to stop.", "details": None}
            return web.json_response({"error": error}, status=429, headers={"Retry-After": str(RETRY_SECONDS)})
        return await handler(request)

    made: Middleware = web.middleware(takes_work)
    return made


def main() -> None:
    told = os.environ
    token = Path(told["TOKEN_FILE"]).read_text(encoding="utf-8").strip()
    if not token:
        raise SystemExit("the token is empty")  # the proxy would take anybody then
    app = make_app(
        told["COMFYUI"],
        max_upload_bytes=UPLOAD_BYTES,
        state_dir=told["STATE_FOLDER"],
        middlewares=[
            make_origin_only_middleware(),
            make_bearer_auth_middleware(token),
            unless(Path(told["DRAINING"])),
            at(told["PUBLIC_URL"]),
        ],
    )
    web.run_app(app, host=told["HOST"], port=int(told["PORT"]), access_log=None)  # paths name photos


if __name__ == "__main__":
    main()
