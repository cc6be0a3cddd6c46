"""Holds an answer against the OpenAPI document: its status, its headers, its body with no member that is not listed
there; and a problem against what the table of problems says of its code.
"""

import json
import re
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from local.simulated.functions import Answer
from veil.api import openapi
from veil.api.problems import PROBLEMS

type Json = dict[str, Any]

DOCUMENT: Json = json.loads(openapi.text())
METHODS = ("get", "put", "post", "delete")
PROBLEM_JSON = "application/problem+json"
OF_EVERY_PROBLEM = set(DOCUMENT["components"]["schemas"]["Problem"]["required"])


def operation_of(method: str, path: str) -> Json | None:
    """The documented operation of a request; None where there is none. A literal path goes before a template."""
    for template in sorted(DOCUMENT["paths"], key=lambda each: each.count("{")):
        if (
            re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path)
            and method.lower() in DOCUMENT["paths"][template]
        ):
            found: Json = DOCUMENT["paths"][template][method.lower()]
            return found
    return None


def conforms(method: str, path: str, answer: Answer) -> None:
    """Assert that the document knows this answer of this route; of a route that it does not have it says nothing."""
    operation = operation_of(method, path)
    if operation is None:
        return
    where = f"{method} {path} {answer.status}"
    documented = resolved(operation["responses"].get(str(answer.status)))
    assert documented, f"{where}: this status is not documented"
    headers = {"cache-control": {"required": True, "schema": {"const": "no-store"}}, **documented.get("headers", {})}
    for name, header in ((name, resolved(header)) for name, header in headers.items()):
        assert name in answer.headers or not header.get("required"), f"{where}: no {name}"
        if name in answer.headers:
            assert not errors(header["schema"], _coerced(answer.headers[name], header["schema"])), f"{where}: {name}"
    content = documented.get("content", {})
    if not content:
        assert not answer.text, f"{where}: a body"
        return
    media = content.get(answer.headers["content-type"])
    assert media, f"{where}: {answer.headers['content-type']} is not documented"
    assert not (found := errors(media["schema"], answer.json)), f"{where}: {found}"
    if answer.headers["content-type"] == PROBLEM_JSON:
        _is_its_problem(answer, media, where)


def _is_its_problem(answer: Answer, media: Json, where: str) -> None:
    code, problem = answer.json["code"], PROBLEMS[answer.json["code"]]
    assert code in codes_of(media), f"{where}: {code} is not documented"
    assert (answer.json["status"], answer.status) == (problem.status, problem.status), where
    assert ("retry-after" in answer.headers) == (problem.retry_after is not None), f"{where}: retry-after of {code}"
    members = set(answer.json) - OF_EVERY_PROBLEM
    assert members == set(problem.members) or (code, members) == ("invalid_request", set()), f"{where}: {members}"


def codes_of(media: Json) -> list[str]:
    """The codes that a response may have: its examples are named by them."""
    return list(media["examples"])


def errors(schema: Json, value: object) -> list[str]:
    """Why a value is not of a schema, each object of which is taken to be closed."""
    return [str(error) for error in _validator(json.dumps(schema)).iter_errors(value)]


@cache
def _validator(schema: str) -> Draft202012Validator:
    components = {"schemas": closed(DOCUMENT["components"]["schemas"])}
    whole = {**closed(json.loads(schema)), "components": components}
    return Draft202012Validator(json.dumps(whole), validate_formats=True)


def resolved(of: Json | None) -> Json:
    """What a reference into the components stands for."""
    if not of or "$ref" not in of:
        return of or {}
    _, _, kind, name = of["$ref"].split("/")
    found: Json = DOCUMENT["components"][kind][name]
    return found


def closed(schema: Any) -> Any:
    """The schema with no member allowed that it doesn't list."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **inner} if isinstance(schema.get("properties"), dict) else inner


def strict(document: Json) -> Json:
    """The document with no member allowed that it doesn't list, and no code that a response doesn't name."""
    made: Json = closed(document)
    operations = [operation for path in made["paths"].values() for operation in path.values()]
    responses = [response for operation in operations for response in operation["responses"].values()]
    for response in [*responses, *made["components"]["responses"].values()]:
        if media := response.get("content", {}).get(PROBLEM_JSON):
            media["schema"] |= {"properties": {"code": {"enum": codes_of(media)}}}
    return made


def _coerced(value: str, schema: Json) -> str | int:
    return int(value) if schema.get("type") == "integer" else value
