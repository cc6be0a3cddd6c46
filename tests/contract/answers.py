"""What AWS may answer and no emulator does, put in the network's place, with the waits that follow."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Self

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse


@dataclass(frozen=True)
class Reply:
    """An HTTP response."""

    status: int
    body: str


type Answer = Reply | Exception | Callable[[dict[str, Any]], Reply]  # an error is one of the network


@dataclass
class Answers:
    """The answers to a client's requests, in their order, the last one for all that follow."""

    answers: tuple[Answer, ...]
    requests: list[dict[str, Any]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @classmethod
    def to(cls, client: Any, patch: pytest.MonkeyPatch, *answers: Answer) -> Self:
        """Answer this client from now on, and note in ``waits`` how long it would sleep."""
        made = cls(answers)
        client.meta.events.register_first("before-send", made._send)
        patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=made.waits.append))
        return made

    def _send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        body = request.body
        self.requests.append(json.loads(body) if isinstance(body, bytes) and body.startswith(b"{") else {})
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(self.requests[-1])
        return AWSResponse(request.url, answer.status, {}, _Raw(answer.body.encode()))


class _Raw(BytesIO):
    def stream(self) -> Iterator[bytes]:
        yield self.read()


def dynamo(body: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(body))


def dynamo_error(code: str, status: int = 400, **members: object) -> Reply:
    name = f"com.amazonaws.dynamodb.v20120810#{code}"
    return Reply(status, json.dumps({"__type": name, "message": code, **members}))


def canceled(*reasons: str) -> Reply:
    """A transaction that was canceled for these reasons, one an item."""
    codes = [{"Code": reason} for reason in reasons]
    return dynamo_error("TransactionCanceledException", CancellationReasons=codes)


def s3_error(code: str, status: int) -> Reply:
    return Reply(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>")
