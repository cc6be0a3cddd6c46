"""Problems in the document: one schema for all of them, and for each status of a route the codes that it may have.

A response names its codes by its examples: as schemas they would be a model for each response in generated clients.
"""

from collections.abc import Iterable, Sequence

from openapi.parameters import headers
from openapi.schemas import REF, Json
from veil.api.problems import PROBLEMS, problem_type
from veil.api.words import FIELD_ERRORS, REASONS
from veil.domain.language import DEFAULT_LANGUAGE
from veil.domain.uploads import Reason

GATEWAY: Json = {
    "type": "object",
    "description": "The answer of the gateway when it refuses a request before any function runs.",
    "properties": {"message": {"type": ["string", "null"]}},  # not required: a problem can be read as one, too
}
OF_GATEWAY = {401, 429, 500, 503}
GATEWAY_FIRST = {401, 429}  # an expired token and the throttle: what a client meets first, generators take for the body
SHARED: dict[tuple[str, ...], str] = {
    (): "TooManyRequests",
    ("unauthenticated",): "Unauthenticated",
    ("invalid_request",): "InvalidRequest",
    ("invalid_request", "invalid_cursor"): "InvalidPage",
    ("generation_not_found", "not_found"): "GenerationNotFound",
    ("internal_error",): "InternalError",
    ("temporarily_unavailable",): "TemporarilyUnavailable",
}
MEMBERS: Json = {
    "errors": [{"field": "size", "message": FIELD_ERRORS["int_type"].text(DEFAULT_LANGUAGE)}],
    "required": 4,
    "available": 3,
    "reason": {"code": Reason.NO_FACE, "detail": REASONS[Reason.NO_FACE].text(DEFAULT_LANGUAGE)},
}


def examples() -> Json:
    """An example of every problem that a documented route answers, by its code."""
    return {
        code: {
            "value": {
                "type": problem_type(code),
                "title": problem.title,
                "status": problem.status,
                "detail": problem.words(DEFAULT_LANGUAGE, MEMBERS),
                "code": code,
                "request_id": "JKJaXmPLvHcESHA=",
                **{name: MEMBERS[name] for name in problem.members},
            }
        }
        for code, problem in PROBLEMS.items()
        if code != "method_not_allowed"  # which is for the methods that are not documented
    }


def shared_responses() -> Json:
    """The components that `responses` refers to."""
    return {name: _response(PROBLEMS[codes[0]].status if codes else 429, codes) for codes, name in SHARED.items()}


def responses(codes: Iterable[str]) -> Json:
    """By status, the responses of a route that answers these problems."""
    by_status: dict[int, list[str]] = {429: []}  # the gateway throttles every route
    for code in sorted(codes, key=list(PROBLEMS).index):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    return {str(status): _shared(tuple(of)) or _response(status, of) for status, of in by_status.items()}


def _shared(codes: tuple[str, ...]) -> Json | None:
    return {"$ref": f"#/components/responses/{SHARED[codes]}"} if codes in SHARED else None


def _response(status: int, codes: Sequence[str]) -> Json:
    content: Json = {}
    if codes:
        shown = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
        content["application/problem+json"] = {"schema": {"$ref": REF + "Problem"}, "examples": shown}
    if status in OF_GATEWAY:
        refusal = {"application/json": {"schema": {"$ref": REF + "GatewayRefusal"}}}
        content = refusal | content if status in GATEWAY_FIRST else content | refusal
    waits = ["retry-after"] if any(PROBLEMS[code].retry_after for code in codes) else []
    own = [] if status in OF_GATEWAY else ["x-request-id", "content-language"]
    what = [*(f"`{code}`" for code in codes), *(["a refusal by the gateway"] if status in OF_GATEWAY else [])]
    made: Json = {"description": f"{' or '.join(what)}." if codes else "Refused by the throttle of the gateway."}
    if named := headers(*own, *waits):
        made["headers"] = named
    return made | {"content": content}
