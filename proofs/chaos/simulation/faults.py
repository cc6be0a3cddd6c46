"""What can go wrong at one call, how the caller learns of it, and whether the call had its effect all the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from json import dumps
from typing import NoReturn

import httpx
import requests
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from local.simulated.dynamodb import AwsError, cancelled
from local.simulated.s3 import Answer, error
from local.simulated.wire import Sent, aws_error

HTML = Answer(200, {"content-type": "text/html"}, b"<html><body>Bad gateway</body></html>")


@dataclass(frozen=True, slots=True)
class Fault:
    """``happens``: whether the request has its effect; ``answer`` makes what comes back, or raises as the client
    would; ``seconds`` pass before it does.
    """

    name: str
    answer: Callable[[Sent], Answer]
    happens: bool = False
    seconds: float = 0.1


def _raise(make: Callable[[Sent], Exception], sent: Sent) -> NoReturn:
    raise make(sent)


def _aws(code: str, status: int = 400) -> Callable[[Sent], Answer]:
    return lambda _: aws_error(AwsError(code, status))


def _answer(answer: Answer) -> Callable[[Sent], Answer]:
    return lambda _: answer


def _json(status: int, document: object, **headers: str) -> Callable[[Sent], Answer]:
    return _answer(Answer(status, {"content-type": "application/json", **headers}, dumps(document).encode()))


_closed = partial(_raise, lambda sent: ConnectionClosedError(endpoint_url=sent.url))
_late = partial(_raise, lambda sent: ReadTimeoutError(endpoint_url=sent.url))
_unreached = partial(_raise, lambda sent: ConnectTimeoutError(endpoint_url=sent.url))
AWS_LOST = (
    Fault("connection refused", _unreached, seconds=1),
    Fault("connection closed before", _closed),
    Fault("connection closed after", _closed, happens=True),
    Fault("answer lost", _late, happens=True, seconds=5),
)
_refused = partial(_raise, lambda _: httpx.ConnectError("refused"))
_hung = partial(_raise, lambda _: httpx.ReadTimeout("hung"))
_cut = partial(_raise, lambda _: httpx.RemoteProtocolError("closed"))
_throttle = {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}


def _conflict(sent: Sent) -> Answer:
    if sent.operation != "TransactWriteItems":
        return aws_error(AwsError("TransactionConflictException"))
    others = [{"Code": "None"}] * (len(sent.json["TransactItems"]) - 1)
    return aws_error(cancelled([{"Code": "TransactionConflict"}, *others]))


DYNAMODB = (
    Fault("throttled", _aws("ProvisionedThroughputExceededException")),
    Fault("throttled by rate", _aws("ThrottlingException")),
    Fault("internal error", _aws("InternalServerError", 500)),
    *AWS_LOST,
)
CONFLICT = Fault("transaction conflict", _conflict)
S3 = (
    Fault("slow down", lambda _: error(503, "SlowDown")),
    Fault("internal error", lambda _: error(500, "InternalError")),
    *AWS_LOST,
)
PUT_CONFLICT = Fault("put conflict", lambda _: error(409, "ConditionalRequestConflict"))
AWS_JSON = (Fault("throttled", _aws("ThrottlingException")), Fault("internal error", _aws("InternalServiceError", 500)))
CREATE = (
    Fault("402", _json(402, {"title": "Insufficient credit", "detail": "no credit", "status": 402})),
    Fault("422", _json(422, {"title": "Input validation failed", "detail": "- input", "status": 422})),
    Fault("429", _json(429, {"detail": "Request was throttled.", "status": 429})),
    Fault("429 with a hint", _json(429, {**_throttle, "retry_after": 30})),
    Fault("429 with a header", _json(429, _throttle, **{"retry-after": "45"})),
    Fault("500", _json(500, {"detail": "Internal server error"})),
    Fault("503", _answer(Answer(503, {"content-type": "text/html"}, HTML.body))),
    Fault("refused connection", _refused),
    Fault("hang, and nothing runs", _hung, seconds=8),
    Fault("answer lost", _hung, happens=True, seconds=8),
    Fault("closed, and it runs", _cut, happens=True),
    Fault("a page instead of an answer", _answer(HTML), happens=True),
)
ASK = (
    Fault("429", _json(429, _throttle)),
    Fault("500", _json(500, {"detail": "Internal server error"})),
    Fault("refused connection", _refused),
    Fault("hang", _hung, seconds=8),
    Fault("closed after", _cut, happens=True),
    Fault("a page instead of an answer", _answer(HTML), happens=True),
)
OUTPUT = (
    Fault("503", _answer(Answer(503, {}, b""))),
    Fault("429", _answer(Answer(429, {}, b""))),
    Fault("refused connection", _refused),
    Fault("hang", _hung, seconds=5),
    Fault("closed", _cut),
)
REDIS = (
    Fault("hang, and it counted", _hung, happens=True, seconds=0.5),
    Fault("hang", _hung, seconds=0.5),
    Fault("refused connection", _refused),
    Fault("an error", _json(400, {"error": "ERR max requests limit exceeded"})),
    Fault("a page", _answer(HTML)),
    Fault("nonsense", _json(200, {"result": "OK"})),
    Fault("500", _answer(Answer(500, {}, b"oops"))),
)
AZURE = (
    Fault("hang", partial(_raise, lambda _: requests.ReadTimeout("hung")), seconds=8),
    Fault("refused connection", partial(_raise, lambda _: requests.ConnectionError("refused"))),
    Fault("429", _json(429, {"error": {"code": "429", "message": "rate limit"}}, **{"Retry-After": "10"})),
    Fault("500", _json(500, {"error": {"code": "Unspecified", "message": "internal"}})),
    Fault("a page", _answer(HTML)),
    Fault("wrong key", _json(401, {"error": {"code": "401", "message": "Access denied"}})),
)
