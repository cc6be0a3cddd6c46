"""Problems in the OpenAPI document: a schema and two examples a code, a response a set of codes."""

from collections.abc import Iterable, Sequence
from typing import Any

from veil.api.openapi.headers import cache_control, header
from veil.api.problems import PROBLEMS, REASONS, Problem
from veil.domain.uploads import Reason

type Json = dict[str, Any]

TEXT: Json = {"type": "string", "minLength": 1}
COUNT: Json = {"type": "integer", "minimum": 0}
MEMBERS: dict[str, Json] = {  # beside a problem's own
    "invalid_request": {
        "errors": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/FieldError"}}
    },
    "insufficient_credits": {"required": COUNT, "available": COUNT},
    "upload_rejected": {"reason": {"$ref": "#/components/schemas/ReasonBody"}},
}
OPTIONAL = {"errors"}  # a body that is no text has no fields
FIELD_ERROR: Json = {
    "type": "object",
    "properties": {"field": TEXT, "message": TEXT},
    "required": ["field", "message"],
}
GATEWAY: Json = {
    "type": "object",
    "description": "What the gateway itself answers when it refuses, before any function runs.",
    "properties": {"message": {"type": ["string", "null"]}},
    "required": ["message"],
}
OF_GATEWAY = {401, 429, 500, 503}
RETRY_AFTER = {"upload_not_ready", "still_processing", "rate_limited", "temporarily_unavailable"}


def _name(code: str) -> str:
    """The schema of a code: ``not_found`` is ``NotFoundProblem``."""
    return "".join(word.title() for word in code.split("_")) + "Problem"


def problem_schemas() -> Json:
    """Every problem's schema, and what they are made of."""
    schemas = {_name(code): _schema(code, problem) for code, problem in PROBLEMS.items()}
    return {**schemas, "FieldError": FIELD_ERROR, "GatewayRefusal": GATEWAY}


def _schema(code: str, problem: Problem) -> Json:
    properties = {
        "type": {"const": f"urn:veil:problem:{code}"},
        "title": {"const": problem.title},
        "status": {"const": problem.status},
        "detail": TEXT,
        "code": {"const": code},
        "request_id": TEXT,
        **MEMBERS.get(code, {}),
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [each for each in properties if each not in OPTIONAL],
    }


def problem_examples() -> Json:
    """Each problem in Korean and in English: ``<code>.ko`` and ``<code>.en``."""
    return {
        f"{code}.{language}": {"value": _example(code, problem, english=language == "en")}
        for code, problem in PROBLEMS.items()
        for language in ("ko", "en")
    }


def _example(code: str, problem: Problem, *, english: bool) -> Json:
    members: dict[str, Json] = {
        "invalid_request": {"errors": [{"field": "size", "message": "Input should be a valid integer"}]},
        "insufficient_credits": {"required": 4, "available": 3},
        "upload_rejected": {"reason": {"code": "no_face", "detail": REASONS[Reason.NO_FACE][english]}},
    }
    return {
        "type": f"urn:veil:problem:{code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.en if english else problem.ko,
        "code": code,
        "request_id": "JKJaXmPLvHcESHA=",
        **members.get(code, {}),
    }


def problem_responses(codes: Iterable[str]) -> dict[str, tuple[str, Json]]:
    """By status, what a route answers that has these problems: the component's name and its response."""
    by_status: dict[int, list[str]] = {429: []}  # the gateway throttles every route
    for code in sorted(codes, key=list(PROBLEMS).index):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    return {str(status): (".".join([str(status), *its]), _response(status, its)) for status, its in by_status.items()}


def _response(status: int, codes: Sequence[str]) -> Json:
    gateway = status in OF_GATEWAY
    headers: Json = {"x-request-id": header("x-request-id", required=not gateway)}
    headers["cache-control"] = cache_control("no-store", required=not gateway)
    if RETRY_AFTER & set(codes):
        headers["retry-after"] = header("retry-after", required=not gateway and set(codes) <= RETRY_AFTER)
    if "method_not_allowed" in codes:
        headers["allow"] = header("allow", required=True)
    content: Json = {"application/problem+json": _content(codes)} if codes else {}
    if gateway:
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/GatewayRefusal"}}
    what = " ".join(PROBLEMS[code].en for code in codes) or "Too many requests at once."
    return {"description": what, "headers": headers, "content": content}


def _content(codes: Sequence[str]) -> Json:
    refs = {code: f"#/components/schemas/{_name(code)}" for code in codes}
    schema: Json = {"$ref": refs[codes[0]]}
    if len(codes) > 1:
        one_of = [{"$ref": ref} for ref in refs.values()]
        schema = {"oneOf": one_of, "discriminator": {"propertyName": "code", "mapping": refs}}
    examples = [f"{code}.{language}" for code in codes for language in ("ko", "en")]
    return {"schema": schema, "examples": {each: {"$ref": f"#/components/examples/{each}"} for each in examples}}
