"""Replicate, through its client, with what the client lacks: time limits, the 429's hint, lenient answers."""

import re
from collections.abc import Callable, Mapping
from json import JSONDecodeError
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.v1 import ValidationError as V1ValidationError
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

STATUSES = {
    "succeeded": PredictionStatus.SUCCEEDED,
    "failed": PredictionStatus.FAILED,
    "canceled": PredictionStatus.CANCELED,
    "aborted": PredictionStatus.ABORTED,
}
SIGNATURE = re.compile(r"(?<!\S)v1,[A-Za-z0-9+/]{43}=(?!\S)")  # 32 bytes of base64
# "flagged as sensitive" is E005; other models say NSFW.
FLAGGED = re.compile(r"\bE005\b|flagged as sensitive|NSFW", re.IGNORECASE)


class _Payload(BaseModel):
    """What we need of a prediction, as the webhook sends it and GET answers it; unknown statuses are not final."""

    model_config = ConfigDict(extra="ignore")

    id: str
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
    """Gives every request a time limit, which the client's create switches off, and turns "not now" into
    `Throttled` while the body's hint is still there and before the client's own retries begin. What else is
    an error is so by its status alone: the client would read the body, and stumble over one that is no object.
    """

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["timeout"] = TIMEOUT
        response = self._transport.handle_request(request)
        if response.status_code == 429 or response.status_code >= 500:
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
    except (JSONDecodeError, UnicodeDecodeError):
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
        try:
            prediction = self._call(
                lambda client: client.predictions.create(
                    model=request.model,
                    input=request.input,
                    webhook=request.webhook,
                    webhook_events_filter=["completed"],
                )
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Throttled from error  # it was never sent
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol) as error:
            raise Refused(0) from error  # it cannot be sent: a token that no header can hold, a URL that is none
        except ReplicateError as error:
            raise Refused(error.status or 0) from error
        except (httpx.HTTPError, JSONDecodeError, UnicodeDecodeError, V1ValidationError, TypeError) as error:
            raise OutcomeUnknown(type(error).__name__) from error
        return str(prediction.id)

    def fetch(self, prediction_id: str) -> Prediction:
        """Read past the client's own model, which knows neither ``aborted`` nor what is missing."""
        payload = self._ask("GET", f"/v1/predictions/{prediction_id}")
        try:
            return _Payload.model_validate(payload).prediction()
        except ValidationError as error:
            raise ProviderDown("no prediction in the answer") from error

    def cancel(self, prediction_id: str) -> None:
        self._ask("POST", f"/v1/predictions/{prediction_id}/cancel")

    def _ask(self, method: str, path: str) -> object:
        try:
            return self._call(lambda client: client._request(method, path).json())  # what its own methods call
        except ReplicateError as error:
            if error.status == 404:
                raise PredictionGone from error
            raise ProviderDown(f"status {error.status}") from error
        except (Throttled, httpx.HTTPError, JSONDecodeError, UnicodeDecodeError) as error:
            raise ProviderDown(type(error).__name__) from error

    def _call[T](self, ask: Callable[[Client], T]) -> T:
        return self._client.call(ask, refused=_token_is_refused)


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

    def read(self, headers: Mapping[str, str], body: bytes) -> Prediction:
        signed = _well_formed(headers)
        if not any(_verifies(value, signed, body) for value in self._signing_secret.honoured()):
            raise InvalidSignature
        try:
            return _Payload.model_validate_json(body).prediction()
        except ValidationError as error:
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
