"""``/_control/predictions``: see every prediction, send its webhook again, say how it ends."""

from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_ins.faults import Outcome
from local.stand_ins.predictions import Prediction
from local.stand_ins.problems import problem
from local.stand_ins.runner import Runner


class PredictionsControl:
    """For tests that find predictions and cause what happens to them."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.routes = [
            Route("/_control/predictions", self._show),
            Route("/_control/predictions/{id}/webhook", self._send_webhook, methods=["POST"]),
            Route("/_control/predictions/{id}/outcome", self._decide, methods=["POST"]),
        ]

    async def _show(self, _: Request) -> Response:
        """Every prediction, oldest first, with what was sent to its webhook."""
        return JSONResponse([self._summary(prediction) for prediction in self._runner.predictions.values()])

    def _summary(self, prediction: Prediction) -> dict[str, Any]:
        names = ("id", "model", "status", "input", "output", "error")
        body = prediction.body(self._runner.base_url)
        sent = [{"id": message.id, "answers": message.answers} for message in prediction.messages]
        return {**{name: body[name] for name in names}, "webhook": prediction.webhook, "messages": sent}

    async def _send_webhook(self, request: Request) -> Response:
        """Send the webhook now, as the prediction is now. Body, optional: ``{"forge": bool, "timestamp": seconds}``."""
        prediction = self._runner.predictions.get(request.path_params["id"])
        if prediction is None or prediction.webhook is None:
            return problem(404)
        options = await request.json() if await request.body() else {}
        message = self._runner.message(prediction, prediction.webhook)
        status = await self._runner.webhooks.send(
            message, forge=bool(options.get("forge")), timestamp=options.get("timestamp")
        )
        return JSONResponse({"status": status})

    async def _decide(self, request: Request) -> Response:
        """End a running prediction now. Body: an outcome, ``{"kind": "failed", "error": "…"}``."""
        prediction = self._runner.predictions.get(request.path_params["id"])
        if prediction is None:
            return problem(404)
        try:
            self._runner.decide(prediction, Outcome.model_validate_json(await request.body()))
        except ValidationError as error:
            return JSONResponse({"error": str(error)}, 422)
        return JSONResponse(self._summary(prediction))
