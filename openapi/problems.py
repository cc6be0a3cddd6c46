"""Problems in the document: one schema for all of them, and for each status of a route the codes that it may have.

A response names its codes by its examples: as schemas they would be a model for each response in generated clients.
"""

from collections.abc import Iterable, Sequence

from openapi.parameters import headers
from openapi.schemas import REF, Json
from veil.api.problems import PROBLEMS, problem_type
from veil.api.words import DECLINES, FIELD_ERRORS, REASONS
from veil.domain.consents import ConsentKind, latest
from veil.domain.declines import Decline
from veil.domain.language import DEFAULT_LANGUAGE
from veil.domain.uploads import Reason

GATEWAY: Json = {
    "type": "object",
    "description": "The answer of the gateway when it refuses a request before any function runs.",
    "properties": {"message": {"type": ["string", "null"]}},  # not required: a problem can be read as one, too
}
# What the gateway answers to any request before any function runs, or instead of one.
ALWAYS_OF_GATEWAY = {403: "Forbidden", 429: "TooManyRequests", 504: "GatewayTimeout"}
BODY_TOO_LARGE = 413  # to a request with a body of more than 10 MB
REFUSALS = {BODY_TOO_LARGE: "BodyTooLarge", **ALWAYS_OF_GATEWAY}
OF_GATEWAY = {401, 500, 503, *REFUSALS}
# An expired token and the throttle: what a client meets first, generators take for the body.
GATEWAY_FIRST = {401, 429}
SHARED: dict[tuple[str, ...], str] = {
    ("unauthenticated",): "Unauthenticated",
    ("account_erased",): "AccountErased",
    ("invalid_request",): "InvalidRequest",
    ("invalid_request", "invalid_cursor"): "InvalidPage",
    ("generation_not_found", "not_found"): "GenerationNotFound",
    ("internal_error",): "InternalError",
    ("temporarily_unavailable",): "TemporarilyUnavailable",
}
MEMBERS: Json = {
    "errors": [{"field": "size", "message": FIELD_ERRORS["int_type"].text(DEFAULT_LANGUAGE)}],
    "kind": ConsentKind.THIRD_PARTY_AI,
    "version": latest(ConsentKind.THIRD_PARTY_AI),
    "required": 4,
    "available": 3,
    "owed": 4,
    "refundable": 0,
    "decline": {"code": Decline.LIMIT_EXCEEDED, "detail": DECLINES[Decline.LIMIT_EXCEEDED].text(DEFAULT_LANGUAGE)},
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
    problems = {name: _response(PROBLEMS[codes[0]].status, codes) for codes, name in SHARED.items()}
    return problems | {name: _response(status, ()) for status, name in REFUSALS.items()}


def responses(codes: Iterable[str], *, takes_body: bool) -> Json:
    """By status, the responses of a route that answers these problems."""
    by_status: dict[int, list[str]] = {status: [] for status in ALWAYS_OF_GATEWAY}
    if takes_body:
        by_status[BODY_TOO_LARGE] = []
    for code in sorted(codes, key=list(PROBLEMS).index):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    return {str(status): _shared(status, tuple(of)) or _response(status, of) for status, of in by_status.items()}


def _shared(status: int, codes: tuple[str, ...]) -> Json | None:
    name = SHARED.get(codes) if codes else REFUSALS[status]
    return {"$ref": f"#/components/responses/{name}"} if name else None


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
    made: Json = {"description": f"{' or '.join(what)}." if codes else "A refusal by the gateway."}
    if named := headers(*own, *waits):
        made["headers"] = named
    return made | {"content": content}
