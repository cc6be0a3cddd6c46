"""``/_control/toss``: what customers, the console, cards, time and webhooks do, for tests and for people."""

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_ins.toss.control_bodies import (
    AuthorizeBilling,
    Body,
    Card,
    Clock,
    ConsoleCancel,
    ConsoleDelete,
    Pay,
    WebhookChange,
)
from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.service import TossService


class TossControl:
    """A step that Toss refuses is answered with its code."""

    def __init__(self, service: TossService) -> None:
        self._service = service
        steps: list[tuple[str, type[Body], Callable[[Any], Awaitable[Any]]]] = [
            ("pay", Pay, self._pay),
            ("fail", Pay, self._fail),
            ("authorize-billing", AuthorizeBilling, self._authorize_billing),
            ("console/cancel", ConsoleCancel, self._cancel),
            ("console/delete-billing", ConsoleDelete, self._delete),
            ("card", Card, self._card),
            ("clock", Clock, self._clock),
            ("webhooks", WebhookChange, self._webhooks),
        ]
        self.routes = [Route("/_control/toss", self._show)]
        for name, model, step in steps:
            self.routes.append(Route(f"/_control/toss/{name}", _handler(model, step), methods=["POST"]))

    async def _show(self, _: Request) -> Response:
        return JSONResponse({**self._service.toss.state(), "now": self._service.now(), **self._sent()})

    def _sent(self) -> dict[str, Any]:
        messages = [
            {"id": message.id, "event": message.event, "answers": message.answers}
            for message in self._service.webhooks.messages
        ]
        return {"webhookUrl": self._service.webhooks.url, "webhooks": messages}

    def _open(self, body: Pay) -> str:
        order = (body.order_id, body.amount, body.order_name, body.customer_key, body.client_key)
        return self._service.toss.open_window(*order, metadata=body.metadata)

    async def _pay(self, body: Pay) -> dict[str, str]:
        return self._service.toss.authenticate(self._open(body), decline=body.decline)

    async def _fail(self, body: Pay) -> dict[str, str]:
        key = self._open(body)
        closed = body.code == "PAY_PROCESS_CANCELED"
        return self._service.toss.close(key) if closed else self._service.toss.fail(key, body.code)

    async def _authorize_billing(self, body: AuthorizeBilling) -> dict[str, str]:
        auth_key = self._service.toss.authorize_billing(body.customer_key, body.client_key, body.card)
        return {"customerKey": body.customer_key, "authKey": auth_key}

    async def _cancel(self, body: ConsoleCancel) -> dict[str, Any]:
        self._service.toss.cancel_from_console(body.payment_key, body.amount, body.reason)
        return {}

    async def _delete(self, body: ConsoleDelete) -> dict[str, Any]:
        self._service.toss.delete_billing_from_console(body.billing_key, body.reason)
        return {}

    async def _card(self, body: Card) -> dict[str, Any]:
        if body.billing_key is None:
            self._service.toss.decline_next(body.outcome, charged=body.charged)
        else:
            self._service.toss.card(body.outcome, body.billing_key)
        return {}

    async def _clock(self, body: Clock) -> dict[str, float]:
        self._service.ahead += body.advance
        self._service.toss.tick()
        return {"now": self._service.now()}

    async def _webhooks(self, body: WebhookChange) -> dict[str, Any]:
        webhooks = self._service.webhooks
        if "url" in body.model_fields_set:
            webhooks.url = body.url
        if body.resend is not None:
            try:
                await webhooks.send(webhooks.messages[body.resend])
            except IndexError:
                raise Refused("NOT_FOUND") from None
        return self._sent()


def _handler(model: type[Body], step: Callable[[Any], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            return JSONResponse(await step(model.model_validate_json(await request.body())))
        except ValidationError as error:
            return JSONResponse({"error": str(error)}, 422)
        except Refused as refusal:
            return JSONResponse({"code": refusal.code, "message": refusal.message}, refusal.status)

    return handle
