"""Replicate, through its client, with what the client lacks: time limits, the 429's hint, lenient answers."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, ValidationError
from replicate.client import Client
from replicate.exceptions import ReplicateError
from standardwebhooks import Webhook, WebhookVerificationError

from veil.adapters.credentials import Credentialed
from veil.domain.errors import InvalidField, InvalidRequest, InvalidSignature
from veil.domain.ports import CallbackReader, ImageProvider, Secret
from veil.domain.predictions import (
    OutcomeUnknown,
    Prediction,
    PredictionGone,
    PredictionRequest,
    PredictionStatus,
    ProviderDown,
    Refused,
    Throttled,
)

TIMEOUT = {"connect": 3.0, "read": 8.0, "write": 3.0, "pool": 3.0}  # seconds; a create answers in well under one
MAX_HINT_SECONDS = 300.0
# Refused before anything was done: too slow a request, a conflict, too early, too many. Of a 5xx Replicate's documents
# say nothing, and a gateway answers one for a request that has done its work.
NOT_NOW = (408, 409, 425, 429)

STATUSES = {
    "succeeded": PredictionStatus.SUCCEEDED,
    "failed": PredictionStatus.FAILED,
    "canceled": PredictionStatus.CANCELED,
    "aborted": PredictionStatus.ABORTED,
}
SIGNATURE = re.compile(r"(?<!\S)v1,[A-Za-z0-9+/]{43}=(?!\S)")  # 32 bytes of base64
# "flagged as sensitive" is E005; other models say NSFW.
FLAGGED = re.compile(r"\bE005\b|flagged as sensitive|NSFW", re.IGNORECASE)


class _Created(BaseModel):
    """All that we need of the answer to a create: whatever else it holds, this prediction may run."""

    id: str = Field(min_length=1)


class _Payload(_Created):
    """What we need of a prediction, as the webhook sends it and GET answers it; unknown statuses are not final."""

    status: str
    output: Any = None
    error: Any = None

    def prediction(self) -> Prediction:
        status = STATUSES.get(self.status, PredictionStatus.RUNNING)
        if status is PredictionStatus.FAILED and FLAGGED.search(str(self.error)):
            status = PredictionStatus.FLAGGED
        outputs = self.output if isinstance(self.output, list) else [self.output]
        return Prediction(self.id, status, tuple(url for url in outputs if isinstance(url, str) and url))


class _BoundedTransport(httpx.BaseTransport):
    """Gives every request a time limit, and turns "not now" into `Throttled` while the body's hint is still there. What
    else is an error is so by its status alone: the client would read the body, and stumble over one that is no object;
    and it would ask again by itself, for as long as an answer tells it to.
    """

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["timeout"] = TIMEOUT
        response = self._transport.handle_request(request)
        if response.status_code in NOT_NOW:
            response.read()
            raise Throttled(_hint(response))
        if response.status_code >= 400:
            response.close()
            raise ReplicateError(status=response.status_code)
        return response

    def close(self) -> None:
        self._transport.close()


def _hint(response: httpx.Response) -> float | None:
    """Seconds to wait, from the body's ``retry_after``, the ``Retry-After`` header, or "resets in ~30s"."""
    try:
        body = response.json()
    except ValueError:
        body = None
    found = body.get("retry_after") if isinstance(body, dict) else None
    found = found or response.headers.get("retry-after") or next(iter(re.findall(r"~(\d+)s", response.text)), None)
    try:
        return max(0.0, min(float(found), MAX_HINT_SECONDS)) if found else None
    except (TypeError, ValueError):
        return None


class ReplicateProvider(ImageProvider):
    def __init__(self, client: Credentialed[Client]) -> None:
        self._client = client

    def start(self, request: PredictionRequest) -> str:
        """Never sent twice, as creating is not idempotent and takes no idempotency key; except that a request refused
        for its token is sent once more with a newer one.
        """
        path = f"/v1/models/{request.model}/predictions"
        wanted = {"input": request.input, "webhook": request.webhook, "webhook_events_filter": ["completed"]}
        try:
            return _Created.model_validate(self._request("POST", path, wanted)).id
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Throttled from error  # it was never sent
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol) as error:
            raise Refused(0) from error  # it cannot be sent: a token that no header can hold, a URL that is none
        except ReplicateError as error:
            status = error.status or 0
            raise (OutcomeUnknown(f"status {status}") if status >= 500 else Refused(status)) from error
        except (httpx.HTTPError, ValueError, RecursionError) as error:  # lost, or it names no prediction
            raise OutcomeUnknown(type(error).__name__) from error

    def fetch(self, prediction_id: str) -> Prediction:
        payload = self._ask("GET", f"/v1/predictions/{quote(prediction_id, safe='')}")
        try:
            return _Payload.model_validate(payload).prediction()
        except ValidationError as error:
            raise ProviderDown("no prediction in the answer") from error

    def cancel(self, prediction_id: str) -> None:
        self._ask("POST", f"/v1/predictions/{quote(prediction_id, safe='')}/cancel")

    def _ask(self, method: str, path: str) -> object:
        try:
            return self._request(method, path)
        except ReplicateError as error:
            if error.status == 404:
                raise PredictionGone from error
            raise ProviderDown(f"status {error.status}") from error
        except (Throttled, httpx.HTTPError, ValueError, RecursionError) as error:
            raise ProviderDown(type(error).__name__) from error

    def _request(self, method: str, path: str, body: object = None) -> object:
        """The answer's JSON, past the client's own models, which refuse a status, a null or an error that is new."""

        def ask(client: Client) -> object:
            return _loads(client._request(method, path, json=body).content)  # what its own methods call

        return self._client.call(ask, refused=_token_is_refused)


def _loads(data: bytes) -> object:
    """JSON in which what we do not use may be anything: half a surrogate pair in the logs, a number of any length.

    Raises `ValueError`, and `RecursionError` for what is nested without end.
    """
    return json.loads(data.decode(), parse_int=float)


def _token_is_refused(error: Exception) -> bool:
    return isinstance(error, ReplicateError) and error.status in (401, 403)


def replicate_client(url: str, token: str, prediction_timeout: int) -> Client:
    """A client whose predictions Replicate itself gives up after ``prediction_timeout`` seconds."""
    return Client(
        api_token=token,
        base_url=url,
        headers={"Cancel-After": f"{prediction_timeout}s"},
        transport=_BoundedTransport(httpx.HTTPTransport()),
    )


class ReplicateCallbacks(CallbackReader):
    """Signed as Standard Webhooks: ±5 minutes, every ``v1`` value, with every value of the secret that is honoured."""

    def __init__(self, signing_secret: Secret) -> None:
        self._signing_secret = signing_secret
        self.secret_name = signing_secret.name

    def read(self, headers: Mapping[str, str], body: bytes) -> Prediction:
        signed = _well_formed(headers)
        if not any(_verifies(value, signed, body) for value in self._signing_secret.honoured()):
            raise InvalidSignature
        try:
            return _Payload.model_validate(_loads(body)).prediction()
        except (ValueError, RecursionError) as error:
            raise InvalidRequest(InvalidField("body", "no_prediction")) from error


def _verifies(secret: str, headers: dict[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # a malformed header or base64 escapes bare
        return False
    return True


def _well_formed(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with those signatures that the library can read: it stumbles over a malformed one, and would not
    try the good one behind it.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    if "webhook-signature" in lower:
        lower["webhook-signature"] = " ".join(SIGNATURE.findall(lower["webhook-signature"]))
    return lower
