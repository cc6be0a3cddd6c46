"""Replicate's callbacks, sent to the webhook function by the test itself."""

import base64
import hmac
import json
from hashlib import sha256
from time import time
from types import ModuleType
from typing import Any

import httpx

from local.simulated.functions import Answer, Context, http_event
from tests.support.conformance import conforms
from tests.support.driver import answer


def signed(
    secret: str, body: bytes, *, msg_id: str = "msg_1", at: float | str | None = None, over: bytes | None = None
) -> dict[str, str]:
    """The headers as Standard Webhooks has them, without its library, which is not to check itself; ``at`` is now
    unless given, and ``over`` is what is signed in the body's place.
    """
    stamp = at if isinstance(at, str) else str(int(time() if at is None else at))
    message = f"{msg_id}.{stamp}.".encode() + (body if over is None else over)
    signature = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), message, sha256)
    return {
        "webhook-id": msg_id,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }


class Callbacks:
    """The predictions of one generation, by the index of their image."""

    def __init__(self, webhook: ModuleType, control: httpx.Client, secret: str, generation_id: str) -> None:
        self._webhook = webhook
        self._secret = secret
        self.ids: dict[int, str] = {}
        self.tokens: dict[int, str] = {}
        for prediction in control.get("/_control/predictions").json():
            token = prediction["webhook"].rpartition("/")[2]
            ref = self._webhook.bootstrap.tokens.unseal(token)
            if ref.generation_id == generation_id:
                self.ids[ref.index], self.tokens[ref.index] = prediction["id"], token

    def sign(self, body: bytes, msg_id: str = "msg_1") -> dict[str, str]:
        return signed(self._secret, body, msg_id=msg_id)

    def send(self, token: str, body: bytes, headers: dict[str, str], *, binary: bool = False) -> Answer:
        path = f"/webhooks/replicate/{token}"
        sent = http_event("POST", path, body if binary else body.decode(), user=None, headers=headers)
        answered = answer(self._webhook.handler(sent, Context()))
        conforms("POST", path, answered)
        return answered

    def tell(self, index: int, status: str, *, token: str | None = None, **members: Any) -> Answer:
        """A signed callback: the image's prediction has ended like this."""
        body = json.dumps({"id": self.ids[index], "status": status, **members}).encode()
        return self.send(self.tokens[index] if token is None else token, body, self.sign(body))
