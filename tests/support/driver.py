"""What every answer of a function has, and what every problem has."""

from typing import Any

from local.simulated.functions import REQUEST_ID, Answer
from veil.api.problems import PROBLEMS


def answer(result: dict[str, Any]) -> Answer:
    """What API Gateway makes of a handler's result; every answer has the request's id."""
    answered = Answer.of(result)
    assert answered.headers["x-request-id"] == REQUEST_ID
    assert not result.get("isBase64Encoded")
    return answered


PROBLEM_KEYS = {"type", "title", "status", "detail", "code", "request_id"}


def is_problem(answer: Answer, status: int, code: str, extra: set[str] | None = None) -> None:
    """Assert that it is this problem (RFC 9457) and all that one has; ``extra`` members stand beside its own, or else
    those of the table of problems.
    """
    extra = set(PROBLEMS[code].members) if extra is None else extra
    assert (answer.status, answer.json.get("code")) == (status, code), answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json
    assert set(problem) == PROBLEM_KEYS | extra, problem
    assert (problem["status"], problem["request_id"]) == (status, REQUEST_ID)
    assert all(isinstance(problem[name], str) and problem[name] for name in PROBLEM_KEYS - {"status"})
