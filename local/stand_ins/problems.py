"""Replicate's refusals, in its own words (``application/problem+json``)."""

from typing import Any

from starlette.responses import JSONResponse, Response

from local.stand_ins.models import InvalidField

_PROBLEMS = {
    400: ("Bad request", "The request body is not valid JSON."),
    401: ("Unauthenticated", "You did not pass a valid authentication token"),
    402: (
        "Insufficient credit",
        "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to "
        "purchase credit. Once you purchase credit, please wait a few minutes before trying again.",
    ),
    404: (None, "Not found."),
    408: ("Request timeout", "Request timeout"),
    409: ("Conflict", "Conflict"),
    422: (
        "Invalid version or not permitted",
        "The specified version does not exist (or perhaps you don't have permission to use it?)",
    ),
    425: ("Too early", "Too early"),
    500: ("Internal server error", "Internal server error"),
    502: ("Bad gateway", "Bad gateway"),
    503: ("Service unavailable", "Service unavailable"),
    504: ("Gateway timeout", "Gateway timeout"),
    520: (None, "Web server returned an unknown error"),
    524: (None, "A timeout occurred"),
}


def problem(status: int, detail: str | None = None, **more: Any) -> Response:
    """An ``application/problem+json`` answer with Replicate's own words for ``status``."""
    title, usual = _PROBLEMS[status]
    titled = {} if title is None else {"title": title}
    body = {**titled, "detail": detail or usual, "status": status, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def throttled(retry_after: float) -> Response:
    detail = (
        "Request was throttled. Your rate limit for creating predictions is reduced to 6 requests per minute with a "
        f"burst of 1 requests while you have less than $5.0 in credit. Your rate limit resets in ~{retry_after:g}s."
    )
    body = {"detail": detail, "status": 429, "retry_after": retry_after}
    return JSONResponse(body, 429, media_type="application/problem+json")


def invalid(wrong: list[InvalidField]) -> Response:
    detail = "".join(f"- {item['field'] or '(root)'}: {item['description']}\n" for item in wrong)
    return problem(422, detail, title="Input validation failed", invalid_fields=wrong)
