"""The issuer's faults."""

import asyncio
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.stand_ins.control import Control, drop_connection
from local.stand_ins.faults import OidcFault, take


def fault_of(control: Control, call: Literal["authorize", "token"]) -> OidcFault:
    """What happens to this call, which is counted."""
    control.counters[f"oidc.{call}"] += 1
    return take(getattr(control.faults.oidc, call)) or OidcFault()


async def before(fault: OidcFault) -> Response | None:
    """The answer instead of the real one, if there is one."""
    await asyncio.sleep(fault.hang)
    return None if fault.status is None else JSONResponse({"error": "server_error"}, fault.status)


async def after(fault: OidcFault, request: Request, answer: Response) -> Response:
    """The answer, unless it is lost."""
    return await drop_connection(request) if fault.lost else answer
