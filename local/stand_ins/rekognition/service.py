"""``POST /rekognition``: the one operation that Veil calls."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control, drop_connection
from local.stand_ins.faults import take
from local.stand_ins.rekognition.access import Caller, LocalAws
from local.stand_ins.rekognition.errors import RekognitionError, answer, refusal
from local.stand_ins.rekognition.request import Picture, parse
from local.stand_ins.rekognition.settings import RekognitionFault
from local.stand_ins.rekognition.signature import Call, read_signature, verify

PATH = "/rekognition"


def _now() -> datetime:
    return datetime.now(UTC)


class Rekognition:
    """It, beside the local AWS whose keys and policies count; without one it knows nobody's key."""

    def __init__(self, config: ProvidersConfig, control: Control, now: Callable[[], datetime] = _now) -> None:
        self._aws, self._control, self._now = LocalAws(config.aws) if config.aws else None, control, now
        # With and without the slash: botocore drops that of an address with a path.
        self.routes = [Route(path, self._handle, methods=["POST"]) for path in (PATH, f"{PATH}/")]

    async def _handle(self, request: Request) -> Response:
        self._control.counters["rekognition.compare"] += 1
        fault = take(self._control.faults.rekognition) or RekognitionFault()
        await asyncio.sleep(fault.hang)
        if fault.code:
            return refusal(RekognitionError(fault.code))
        call = Call(request.method, _signed_url(request), dict(request.headers), await request.body())
        try:
            body = await asyncio.to_thread(self._answer, call, fault)
        except RekognitionError as error:
            self._control.counters[f"rekognition.{error.code}"] += 1
            return refusal(error)
        return await drop_connection(request) if fault.lost else answer(body)

    def _answer(self, call: Call, fault: RekognitionFault) -> dict[str, Any]:
        """As the service does: who is it, what is asked, may they; and only then the pictures."""
        from local.stand_ins.rekognition.comparison import compare  # noqa: PLC0415 - dlib, once there is a picture

        aws, caller = self._authenticated(call)
        asked = parse(call.headers.get("x-amz-target", ""), call.body)
        aws.authorize(caller)
        source, target = (_bytes(aws, caller, picture) for picture in (asked.source, asked.target))
        return compare(source, target, asked.threshold, fault)

    def _authenticated(self, call: Call) -> tuple[LocalAws, Caller]:
        if self._aws is None:
            raise RekognitionError("UnrecognizedClientException")
        region = self._aws.access.region
        signature = read_signature(call, region, self._now())
        caller = self._aws.caller(signature.access_key, call.headers.get("x-amz-security-token", ""))
        verify(call, signature, caller.secret, region)
        return self._aws, caller


def _bytes(aws: LocalAws, caller: Caller, picture: Picture) -> bytes:
    return picture if isinstance(picture, bytes) else aws.read(caller, picture)


def _signed_url(request: Request) -> str:
    """The address as the client wrote it, which its signature covers."""
    path, query = request.scope["raw_path"].decode("ascii"), request.url.query
    return f"http://{request.headers.get('host', '')}{path}{'?' if query else ''}{query}"
