"""The faults of one call: what the caller gets, and whether the call has its effect all the same."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import requests
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from local.simulated.dynamodb import AwsError, cancelled
from local.simulated.s3 import Answer, error
from local.simulated.wire import Sent, aws_error
from proofs.chaos.simulation.services import json_answer

HTML = Answer(200, {"content-type": "text/html"}, b"<html><body>Bad gateway</body></html>")


@dataclass(frozen=True, slots=True)
class Fault:
    """``result``: an answer, or what makes one, or an exception, of the request; ``happens``: whether the request has
    its effect; ``seconds`` pass before the caller gets the result.
    """

    name: str
    result: Answer | Callable[[Sent], Answer | Exception]
    happens: bool = False
    seconds: float = 0.1

    def answer(self, sent: Sent) -> Answer:
        """What the caller gets; raises as its client would."""
        result = self.result(sent) if callable(self.result) else self.result
        if isinstance(result, Exception):
            raise result
        return result


def _aws(code: str, status: int = 400) -> Answer:
    return aws_error(AwsError(code, status))


def _conflict(sent: Sent) -> Answer:
    if sent.operation != "TransactWriteItems":
        return _aws("TransactionConflictException")
    others = [{"Code": "None"}] * (len(sent.json["TransactItems"]) - 1)
    return aws_error(cancelled([{"Code": "TransactionConflict"}, *others]))


def _refused(_: Sent) -> Exception:
    return httpx.ConnectError("refused")


def _hung(_: Sent) -> Exception:
    return httpx.ReadTimeout("hung")


def _closed(_: Sent) -> Exception:
    return httpx.RemoteProtocolError("closed")


def _closed_by_aws(sent: Sent) -> Exception:
    return ConnectionClosedError(endpoint_url=sent.url)  # type: ignore[no-any-return]


def _gateway(status: int) -> Answer:
    return Answer(status, {"content-type": "text/html"}, HTML.body)


GATEWAY = (500, 502, 503, 504, 520, 524)  # what stands before a service answers so for a request that was done
AWS_LOST = (
    Fault("connection refused", lambda sent: ConnectTimeoutError(endpoint_url=sent.url), seconds=1),
    Fault("connection closed before", _closed_by_aws),
    Fault("connection closed after", _closed_by_aws, happens=True),
    Fault("answer lost", lambda sent: ReadTimeoutError(endpoint_url=sent.url), happens=True, seconds=5),
)
AWS_JSON = (Fault("throttled", _aws("ThrottlingException")), Fault("internal error", _aws("InternalServiceError", 500)))
CONFLICT = Fault("transaction conflict", _conflict)
PUT_CONFLICT = Fault("put conflict", error(409, "ConditionalRequestConflict"))
_throttle = {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}
FAULTS = {
    "dynamodb": (
        Fault("throttled", _aws("ProvisionedThroughputExceededException")),
        Fault("throttled by rate", _aws("ThrottlingException")),
        Fault("internal error", _aws("InternalServerError", 500)),
        *AWS_LOST,
    ),
    "s3": (Fault("slow down", error(503, "SlowDown")), Fault("internal error", error(500, "InternalError")), *AWS_LOST),
    "secretsmanager": AWS_JSON,
    "sqs": AWS_JSON,
    "create": (
        Fault("402", json_answer(402, {"title": "Insufficient credit", "detail": "no credit", "status": 402})),
        Fault("422", json_answer(422, {"title": "Input validation failed", "detail": "- input", "status": 422})),
        Fault("429", json_answer(429, {"detail": "Request was throttled.", "status": 429})),
        Fault("429 with a hint", json_answer(429, {**_throttle, "retry_after": 30})),
        Fault("429 with a header", json_answer(429, _throttle, **{"retry-after": "45"})),
        *(Fault(f"{status}", json_answer(status, {"detail": "not now"})) for status in (408, 409, 425)),
        *(Fault(f"{status}, and nothing runs", _gateway(status)) for status in (500, 503)),
        *(Fault(f"{status}, and it runs", _gateway(status), happens=True) for status in GATEWAY),
        Fault("refused connection", _refused),
        Fault("hang, and nothing runs", _hung, seconds=8),
        Fault("answer lost", _hung, happens=True, seconds=8),
        Fault("closed, and it runs", _closed, happens=True),
        Fault("a page instead of an answer", HTML, happens=True),
    ),
    "ask": (
        Fault("429", json_answer(429, _throttle)),
        Fault("500", json_answer(500, {"detail": "Internal server error"})),
        Fault("refused connection", _refused),
        Fault("hang", _hung, seconds=8),
        Fault("closed after", _closed, happens=True),
        Fault("a page instead of an answer", HTML, happens=True),
    ),
    "output": (
        Fault("503", Answer(503, {})),
        Fault("429", Answer(429, {})),
        Fault("refused connection", _refused),
        Fault("hang", _hung, seconds=5),
        Fault("closed", _closed),
    ),
    "redis": (
        Fault("hang, and it counted", _hung, happens=True, seconds=0.5),
        Fault("hang", _hung, seconds=0.5),
        Fault("refused connection", _refused),
        Fault("an error", json_answer(400, {"error": "ERR max requests limit exceeded"})),
        Fault("a page", HTML),
        Fault("nonsense", json_answer(200, {"result": "OK"})),
        Fault("500", Answer(500, {}, b"oops")),
    ),
    "azure": (
        Fault("hang", lambda _: requests.ReadTimeout("hung"), seconds=8),
        Fault("refused connection", lambda _: requests.ConnectionError("refused")),
        Fault("429", json_answer(429, {"error": {"code": "429", "message": "rate limit"}}, **{"Retry-After": "10"})),
        Fault("500", json_answer(500, {"error": {"code": "Unspecified", "message": "internal"}})),
        Fault("a page", HTML),
        Fault("closed", lambda _: requests.ConnectionError("closed")),
        Fault("400 without a reason", json_answer(400, {})),
        Fault("wrong key", json_answer(401, {"error": {"code": "401", "message": "Access denied"}})),
    ),
}


def faults_of(kind: str, sent: Sent) -> tuple[Fault, ...]:
    """What can go wrong with this call; a conflict more often than the rest."""
    if kind == "dynamodb" and sent.operation in ("TransactWriteItems", "UpdateItem"):
        return (*FAULTS[kind], *[CONFLICT] * 4)
    if kind == "s3" and "If-None-Match" in sent.headers:
        return (*FAULTS[kind], PUT_CONFLICT)
    return FAULTS[kind]
