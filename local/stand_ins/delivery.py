"""The outputs' host: what ``replicate.delivery`` is to Replicate."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from local.stand_ins.control import Control
from local.stand_ins.problems import problem
from local.stand_ins.runner import File, Runner

_HUGE_CHUNKS, _CHUNK = 64, bytes(1024 * 1024)


class Delivery:
    """Serves outputs to anyone who has their URL."""

    def __init__(self, runner: Runner, control: Control) -> None:
        self._runner, self._control = runner, control
        self.routes = [Route("/delivery/{token}/{name}", self._deliver)]

    async def _deliver(self, request: Request) -> Response:
        """``token`` begins with the prediction's id."""
        self._control.counters["replicate.delivery"] += 1
        prediction = self._runner.find(request.path_params["token"][:26])
        file = self._runner.files.get(prediction.id) if prediction else None
        if file is None:
            return problem(404)
        if file.kind == "redirect" and request.url.hostname == "127.0.0.1":
            return RedirectResponse(
                f"{self._runner.foreign_url}/delivery/{'/'.join(request.path_params.values())}", 302
            )
        return _file(file)


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
