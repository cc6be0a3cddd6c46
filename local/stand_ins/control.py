"""``/_control``: read, change and reset the stand-ins' faults, and read what they counted."""

import asyncio
from collections import Counter

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.stand_ins.faults import Faults


class Control:
    """The rules in force and the counters, shared by all stand-ins."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.counters: Counter[str] = Counter()

    async def handle(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.faults, self.counters = Faults(), Counter()
        if request.method == "POST":
            try:
                self.faults = self.faults.merged(await request.json())
            except (ValidationError, ValueError, TypeError, AttributeError) as error:
                return JSONResponse({"error": str(error)}, 422)
        return JSONResponse({**self.faults.model_dump(), "counters": dict(self.counters)})


async def drop_connection(request: Request) -> Response:
    """Close the client's connection without an answer. The returned response goes nowhere."""
    request.receive.__self__.transport.abort()  # type: ignore[attr-defined]  # uvicorn's cycle; ASGI has no way to say it
    await asyncio.sleep(0)  # lets uvicorn see that the connection is lost
    return Response()
