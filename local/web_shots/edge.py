"""The edge as the web client sees it, with an API of given answers behind it: one origin, its pages, its policy."""

import gzip
import io
import mimetypes
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from local.cloud.ports import HOST, listen
from local.demo import PHOTO
from local.processes import LocalError, poll
from local.stand_ins.portraits import paint
from local.web_shots.api import FakeApi, Reply
from local.web_shots.bodies import HEIGHT, WIDTH
from local.web_shots.policy import headers

START_SECONDS, STOP_SECONDS = 10.0, 10.0
MODEL = "black-forest-labs/flux-kontext-pro"
PAGES = {"/docs": "docs.html", "/pay": "pay.html"}
COMPRESSED = ("text/", "image/svg+xml", "application/manifest+json")
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]


class FakeEdge:
    """Serves ``dist``, and what `api` answers, which may be another one for each page that is opened."""

    def __init__(self, origin: str, dist: Path) -> None:
        self.origin, self.api, self._dist = origin, FakeApi({}), dist
        self.pages: dict[str, bytes] = {}  # more of them, by path
        self.app = Starlette(
            routes=[
                Route("/api/{path:path}", self._answer, methods=METHODS),
                Route("/photos/{path:path}", self._answer, methods=METHODS),
                Route("/oidc/{path:path}", self._answer, methods=METHODS),
                Route("/results/{index:int}.jpg", self._result),
                Route("/config.json", self._config),
                Route("/toss.js", self._toss),
                Route("/{path:path}", self._page),
            ]
        )

    async def _answer(self, request: Request) -> Response:
        path = request.url.path.removeprefix("/api")
        reply = self.api.reply(request.method, path, dict(request.headers), await request.body())
        if reply.held:
            while (await request.receive())["type"] != "http.disconnect":
                pass
        return Response(reply.content, reply.status, reply.all_headers)

    async def _result(self, request: Request) -> Response:
        return Response(_portrait(request.path_params["index"]), media_type="image/jpeg")

    async def _config(self, _: Request) -> Response:
        config = {
            "stage": "local",
            "version": "1.0.0",
            "issuer": f"{self.origin}/oidc",
            "client_id": "veil-web",
            "identity_providers": ["kakao", "naver", "apple", "google"],
            "toss_script": f"{self.origin}/toss.js",
        }
        return JSONResponse(config, headers={"cache-control": "no-cache"})

    async def _toss(self, _: Request) -> Response:
        return Response(TOSS, media_type="text/javascript")

    async def _page(self, request: Request) -> Response:
        path = request.url.path
        if path in self.pages:
            return Response(self.pages[path], media_type="text/html", headers=headers("index.html", self.origin))
        first = "/" + path.split("/")[1]
        name = PAGES.get(first, "index.html") if "." not in path.rpartition("/")[2] else path.lstrip("/")
        file = (self._dist / name).resolve()
        if not file.is_file() or not file.is_relative_to(self._dist):
            return Response(status_code=404)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        made = headers(name, self.origin)
        if not kind.startswith(COMPRESSED):
            return FileResponse(file, media_type=kind, headers=made)
        return Response(
            gzip.compress(file.read_bytes(), 6), media_type=kind, headers={**made, "content-encoding": "gzip"}
        )


TOSS = """\
window.TossPayments = () => ({
  payment: () => ({ requestPayment: () => new Promise(() => {}), requestBillingAuth: () => new Promise(() => {}) }),
});
"""


def oidc_replies(origin: str) -> dict[str, Reply]:
    """An issuer that renews any session; nobody can sign in at it."""
    issuer = f"{origin}/oidc"
    about = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "revocation_endpoint": f"{issuer}/revoke",
        "end_session_endpoint": f"{issuer}/logout",
        "jwks_uri": f"{issuer}/jwks",
        "code_challenge_methods_supported": ["S256"],
    }
    tokens = {"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "r"}
    return {
        "GET /oidc/.well-known/openid-configuration": Reply(200, about),
        "POST /oidc/token": Reply(200, tokens),
        "POST /oidc/revoke": Reply(200),
    }


@cache
def _portrait(index: int) -> bytes:
    """One of the four that the local stand-in would make of the project's photo."""
    given = {"prompt": "a classic wedding portrait", "aspect_ratio": "3:4"}
    made = paint(PHOTO.read_bytes(), MODEL, given, random.Random(index))  # noqa: S311 - a picture, not a secret
    file = io.BytesIO()
    made.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(file, "JPEG", quality=88)
    return file.getvalue()


@contextmanager
def serving(dist: Path) -> Iterator[FakeEdge]:
    """Serve a built client on a free port while the block runs; raises `LocalError` where it was not built."""
    if not (dist / "index.html").is_file():
        raise LocalError(f"the web client is not built: there is no {dist / 'index.html'}; build it with: make web")
    with listen(0) as listener:
        edge = FakeEdge(f"http://{HOST}:{listener.getsockname()[1]}", dist.resolve())
        options = {"lifespan": "off", "ws": "none", "log_level": "critical", "access_log": False}
        server = uvicorn.Server(uvicorn.Config(edge.app, timeout_graceful_shutdown=1, **options))  # type: ignore[arg-type]
        thread = threading.Thread(target=server.run, args=([listener],), name="fake edge")
        thread.start()
        try:
            if not poll(lambda: server.started or not thread.is_alive(), START_SECONDS, 0.02) or not server.started:
                raise LocalError("the fake edge did not start")
            yield edge
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)
