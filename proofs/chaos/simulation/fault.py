"""One fault of one call, and the parts that faults are made of."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError

from local.simulated.dynamodb import AwsError
from local.simulated.s3 import Answer
from local.simulated.wire import Sent, aws_error

HTML = Answer(200, {"content-type": "text/html"}, b"<html><body>Bad gateway</body></html>")


@dataclass(frozen=True, slots=True)
class Fault:
    """``result``: an answer, or what makes one, or an exception, of the request; ``happens``: whether the request has
    its effect; ``late``: it has it some time after its client has given up; ``seconds`` pass before the caller gets
    the result.
    """

    name: str
    result: Answer | Callable[[Sent], Answer | Exception]
    happens: bool = False
    seconds: float = 0.1
    late: bool = False

    def answer(self, sent: Sent) -> Answer:
        """What the caller gets; raises as its client would."""
        result = self.result(sent) if callable(self.result) else self.result
        if isinstance(result, Exception):
            raise result
        return result


def aws(code: str, status: int = 400) -> Answer:
    return aws_error(AwsError(code, status))


def gateway(status: int) -> Answer:
    """What stands before a service answers in its place."""
    return Answer(status, {"content-type": "text/html"}, HTML.body)


def refused(_: Sent) -> Exception:
    return httpx.ConnectError("refused")


def hung(_: Sent) -> Exception:
    return httpx.ReadTimeout("hung")


def closed(_: Sent) -> Exception:
    return httpx.RemoteProtocolError("closed")


def _closed_by_aws(sent: Sent) -> Exception:
    return ConnectionClosedError(endpoint_url=sent.url)  # type: ignore[no-any-return]


AWS_LOST = (
    Fault("connection refused", lambda sent: ConnectTimeoutError(endpoint_url=sent.url), seconds=1),
    Fault("connection closed before", _closed_by_aws),
    Fault("connection closed after", _closed_by_aws, happens=True),
    Fault("answer lost", lambda sent: ReadTimeoutError(endpoint_url=sent.url), happens=True, seconds=5),
)
AWS_JSON = (Fault("throttled", aws("ThrottlingException")), Fault("internal error", aws("InternalServiceError", 500)))
