"""What an answer counts as: as it should be, an honest refusal for now, or an error of a kind.

Without locust, which patches the whole process that imports it.
"""

import json
from collections.abc import Collection, Mapping

RATE_LIMITED = " (429 rate_limited)"  # behind a route's name: an honest refusal, counted apart from the route


def wait_asked(status: int, headers: Mapping[str, str], body: bytes) -> float | None:
    """The seconds that an honest 429 asks to wait: `rate_limited`, with a Retry-After; None for anything else."""
    after = headers.get("retry-after", "")
    return float(after) if status == 429 and _code(body) == "rate_limited" and after.isdigit() else None


def error_of(status: int, body: bytes, expected: Collection[int]) -> str | None:
    """The kind of error that an answer is, by its status and its problem's code; None for an expected one."""
    return None if status in expected else f"{status} {_code(body)}".rstrip()


def _code(body: bytes) -> str:
    """The stable code of a problem; empty for what is none."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    return str(problem.get("code", "")) if isinstance(problem, dict) else ""
