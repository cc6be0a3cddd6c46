"""The function, as Lambda calls it."""

from types import SimpleNamespace
from typing import Any

from veil.entry import handler

CONTEXT = SimpleNamespace(aws_request_id="bench", get_remaining_time_in_millis=lambda: 29_000)


def handle(event: dict[str, Any], _: object = None) -> None:
    """Let the function take the event; raises what it did not accept."""
    answer = handler(event, CONTEXT)
    if answer["statusCode"] not in (202, 204):
        raise RuntimeError(f"{answer['statusCode']} {answer['body']}")
