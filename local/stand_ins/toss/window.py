"""Toss's window in a browser, and the script that opens it.

A window that is opened by its URL answers as Toss does: by a redirect to the merchant's success or fail URL.
Source: https://docs.tosspayments.com/sdk/v2/js
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from local.stand_ins.toss.customer import CLOSED
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.pages import PAY, REGISTER, error_page, page
from local.stand_ins.toss.service import TossService

_SCRIPT = Path(__file__).with_name("standard.js").read_text()
_NOT_REGISTERED = {"code": "REJECT_CARD_COMPANY", "message": Refused("REJECT_CARD_COMPANY").message}


class Window:
    """``returns`` are the success and fail URLs of the windows that are open, by paymentKey or billing ticket."""

    def __init__(self, service: TossService) -> None:
        self._service = service
        self._returns: dict[str, tuple[str, str]] = {}
        self._billing: dict[str, tuple[str, str]] = {}  # customerKey and clientKey by ticket
        self.routes = [
            Route("/v2/standard", self._script),
            Route("/window", _refusals_as_pages(self._open)),
            Route("/window/billing", _refusals_as_pages(self._open_billing)),
            Route("/window/billing/{ticket}", _refusals_as_pages(self._step_billing), methods=["POST"]),
            Route("/window/{key}", _refusals_as_pages(self._step), methods=["POST"]),
        ]

    async def _script(self, _: Request) -> Response:
        return Response(_SCRIPT, media_type="text/javascript", headers={"access-control-allow-origin": "*"})

    async def _open(self, request: Request) -> Response:
        names = ("clientKey", "customerKey", "orderId", "orderName", "amount")
        client_key, customer_key, order_id, order_name, amount = (request.query_params.get(name, "") for name in names)
        if not (amount.isascii() and amount.isdecimal() and len(amount) <= 10):
            raise Refused("INVALID_REQUEST")
        urls = _urls(request)
        metadata = _metadata(request)
        key = self._service.toss.open_window(
            order_id, int(amount), order_name, customer_key, client_key, metadata=metadata
        )
        self._returns[key] = urls
        details = {"상품": order_name, "주문번호": order_id}
        return page("결제 금액", f"{int(amount):,}원", details, f"window/{key}", PAY)

    async def _step(self, request: Request) -> Response:
        key, step = request.path_params["key"], await _pressed(request)
        success, fail = _known(self._returns, key)
        steps: dict[str, Callable[[str], dict[str, str]]] = {
            "pay": self._service.toss.authenticate,
            "decline": self._service.toss.fail,
            "close": self._service.toss.close,
        }
        try:
            query = steps[step](key)
        except Refused as refusal:  # too late, or a second time
            return _redirect(fail, {"code": "PAY_PROCESS_ABORTED", "message": refusal.message})
        return _redirect(success if step == "pay" else fail, query)

    async def _open_billing(self, request: Request) -> Response:
        customer_key, client_key = (request.query_params.get(name, "") for name in ("customerKey", "clientKey"))
        urls, ticket = _urls(request), secrets.token_urlsafe(12)
        self._service.toss.check_billing_window(customer_key, client_key)
        self._returns[ticket], self._billing[ticket] = urls, (customer_key, client_key)
        return page("자동결제", "카드 등록", {"카드": "5365-10**-****-123*"}, f"billing/{ticket}", REGISTER)

    async def _step_billing(self, request: Request) -> Response:
        ticket, step = request.path_params["ticket"], await _pressed(request)
        success, fail = _known(self._returns, ticket)
        if step != "pay":
            return _redirect(fail, CLOSED if step == "close" else _NOT_REGISTERED)
        customer_key, client_key = self._billing[ticket]
        auth_key = self._service.toss.authorize_billing(customer_key, client_key)
        return _redirect(success, {"customerKey": customer_key, "authKey": auth_key})


def _refusals_as_pages(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refusal:
            return error_page(refusal.status, refusal.code, refusal.message)

    return handle


def _urls(request: Request) -> tuple[str, str]:
    """Success and fail URL. Raises `Refused` unless both are of the web."""
    success, fail = (request.query_params.get(name, "") for name in ("successUrl", "failUrl"))
    for url, code in ((success, "INCORRECT_SUCCESS_URL_FORMAT"), (fail, "INCORRECT_FAIL_URL_FORMAT")):
        if not _of_the_web(url):
            raise Refused(code, "http 또는 https 주소를 넣어주세요.")
    return success, fail


def _of_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.isprintable() and " " not in url and parts.scheme in {"http", "https"} and bool(parts.hostname)


def _metadata(request: Request) -> dict[str, str] | None:
    """The query's ``metadata[name]`` parameters."""
    pairs = request.query_params.items()
    return {name[9:-1]: text for name, text in pairs if name.startswith("metadata[") and name.endswith("]")} or None


async def _pressed(request: Request) -> str:
    """pay, decline or close. Raises `Refused` for anything else."""
    (step,) = parse_qs((await request.body()).decode("ascii", "replace")).get("step", [""])[:1]
    if step not in {"pay", "decline", "close"}:
        raise Refused("INVALID_REQUEST")
    return step


def _known(returns: Mapping[str, tuple[str, str]], key: str) -> tuple[str, str]:
    if key not in returns:
        raise Refused("NOT_FOUND_PAYMENT_SESSION")
    return returns[key]


def _redirect(url: str, query: Mapping[str, str]) -> Response:
    """To ``url``, whose own query stays, in front."""
    parts = urlsplit(url)
    both = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return RedirectResponse(parts._replace(query=both).geturl(), 303, {"cache-control": "no-store"})
