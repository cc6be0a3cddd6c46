"""Holds an answer against the OpenAPI document: its status, its headers, and a body with no member that is not its."""

import json
import re
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from local.simulated.functions import Answer
from veil.api import openapi

type Json = dict[str, Any]

DOCUMENT: Json = json.loads(openapi.text())
METHODS = ("get", "put", "post", "delete")


def operation_of(method: str, path: str) -> Json | None:
    """The documented operation of a request; None where there is none. A literal path goes before a template."""
    for template in sorted(DOCUMENT["paths"], key=lambda each: "{" in each):
        if (
            re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path)
            and method.lower() in DOCUMENT["paths"][template]
        ):
            found: Json = DOCUMENT["paths"][template][method.lower()]
            return found
    return None


def conforms(method: str, path: str, answer: Answer) -> None:
    """Assert that the document knows this answer of this route; of a path that it does not have it says nothing."""
    operation = operation_of(method, path)
    if operation is None:
        return
    where = f"{method} {path} {answer.status}"
    documented = resolved(operation["responses"].get(str(answer.status)))
    assert documented, f"{where}: this status is not documented"
    for name, header in documented.get("headers", {}).items():
        assert name in answer.headers or not header["required"], f"{where}: no {name}"
        if name in answer.headers:
            assert not errors(header["schema"], _coerced(answer.headers[name], header["schema"])), f"{where}: {name}"
    content = documented.get("content", {})
    if not content:
        assert not answer.text, f"{where}: a body"
        return
    media = content.get(answer.headers["content-type"])
    assert media, f"{where}: {answer.headers['content-type']} is not documented"
    assert not (found := errors(media["schema"], answer.json)), f"{where}: {found}"


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


def _coerced(value: str, schema: Json) -> str | int:
    return int(value) if schema.get("type") == "integer" else value
