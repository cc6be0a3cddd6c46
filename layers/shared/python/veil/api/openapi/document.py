"""Makes the document: requests as the handlers declare them, answers as `OPERATIONS` lists them."""

import json
from collections.abc import Iterable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from veil import __version__
from veil.api.openapi.examples import BODIES
from veil.api.openapi.headers import cache_control, header, parameters
from veil.api.openapi.operation import Link, Operation, Reply
from veil.api.openapi.operations import OPERATIONS
from veil.api.openapi.problems import problem_examples, problem_responses, problem_schemas
from veil.api.routes import ROUTES, Route

type Json = dict[str, Any]

SCHEMAS = "#/components/schemas/"
ABOUT = """\
One ID photo in, four private wedding portraits out. One credit pays for one finished photo, and a photo that can't \
be made gives its credit back by itself.

Errors are problems (RFC 9457): `code` is stable and for programs; `detail` is for the person, in Korean, or in \
English where `Accept-Language` prefers it. Times are UTC, ids are ULIDs. Another user's object answers 404.
"""


def document(apps: Iterable[APIGatewayHttpResolver]) -> Json:
    """The document of the routes that these functions' resolvers have; raises `KeyError` for one that is missing
    in any of resolvers, `ROUTES` and `OPERATIONS`.
    """
    requests: dict[tuple[str, str], Json] = {}
    schemas: Json = {}
    for app in apps:
        made = app.get_openapi_schema().model_dump(mode="json", by_alias=True, exclude_none=True)
        schemas |= made.get("components", {}).get("schemas", {})
        for path, methods in made["paths"].items():
            requests |= {(method.upper(), path): request for method, request in methods.items()}
    paths: Json = {}
    responses: Json = {}
    for route in ROUTES:
        key = (route.method, route.path)
        problems = problem_responses(_codes(route, OPERATIONS[key]))
        responses |= dict(problems.values())
        refs = {status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in problems.items()}
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, OPERATIONS[key], requests[key], refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Veil", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"accessToken": []}],
        "paths": paths,
        "components": {**_components(schemas), "responses": dict(sorted(responses.items()))},
    }


def rendered(made: Json) -> str:
    """The document's text, as it is committed and served."""
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _components(of_requests: Json) -> Json:
    of_requests = {name: of for name, of in of_requests.items() if not name.endswith("ValidationError")}
    schemas = {**plain(of_requests), **_schemas_of_bodies(), **problem_schemas()}
    return {
        "securitySchemes": {"accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        "schemas": dict(sorted(schemas.items())),
        "parameters": parameters(),
        "examples": problem_examples(),
    }


def _schemas_of_bodies() -> Json:
    answers = {reply.body for operation in OPERATIONS.values() for reply in operation.replies if reply.body}
    taken = {operation.body for operation in OPERATIONS.values() if operation.body}
    models: list[tuple[type[BaseModel], Any]] = [
        *((model, "serialization") for model in sorted(answers, key=str)),
        *((model, "validation") for model in sorted(taken, key=str)),
    ]
    _, made = models_json_schema(models, ref_template=SCHEMAS + "{model}")
    schemas: Json = plain(made["$defs"])
    return schemas


def _codes(route: Route, operation: Operation) -> set[str]:
    codes = {*operation.codes, "method_not_allowed", "internal_error"}
    codes |= set() if route.public else {"unauthenticated"}
    return codes | ({"temporarily_unavailable"} if operation.stored else set())


def _operation(route: Route, operation: Operation, request: Json, problems: Json) -> Json:
    parameters = [plain(each) for each in request.get("parameters", [])]
    headers = [f"#/components/parameters/{each}" for each in (*operation.headers, "accept-language")]
    answers = {str(reply.status): _reply(reply) for reply in operation.replies}
    made = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [route.path.split("/")[1]],
        "parameters": [*parameters, *({"$ref": each} for each in headers)],
        "responses": dict(sorted({**answers, **problems}.items())),
    }
    if body := _body(operation, request):
        made["requestBody"] = body
    if route.public:
        made["security"] = []
    return made


def _body(operation: Operation, request: Json) -> Json | None:
    if operation.body:
        schema = {"$ref": SCHEMAS + operation.body.__name__}
    elif "requestBody" in request:
        schema = plain(request["requestBody"]["content"]["application/json"]["schema"])
    else:
        return None
    model = schema["$ref"].removeprefix(SCHEMAS)
    return {"required": True, "content": {"application/json": {"schema": schema, "example": BODIES[model]}}}


def _reply(reply: Reply) -> Json:
    always = ("x-request-id", *reply.headers)
    headers = {each: header(each, required=each in always) for each in (*always, *reply.maybe)}
    headers["cache-control"] = cache_control(reply.cache, required=True)
    made: Json = {"description": reply.what, "headers": headers}
    if reply.body:
        model = reply.body.__name__
        content = {"schema": {"$ref": SCHEMAS + model}, "example": BODIES[model]}
        made["content"] = {"application/json": content}
    if reply.links:
        made["links"] = {link.operation: _link(link) for link in reply.links}
    return made


def _link(link: Link) -> Json:
    made: Json = {"operationId": link.operation}
    if link.parameters:
        made["parameters"] = dict(link.parameters)
    if link.body:
        made["requestBody"] = dict(link.body)
    return made


def plain(schema: Any) -> Any:
    """A schema without what only repeats its name, with whole numbers as such; None is no value of a parameter."""
    match schema:
        case {"in": _, "schema": {"anyOf": [one, {"type": "null"}], **rest}}:
            return plain({**schema, "schema": {**rest, **one}})
        case dict():
            return {
                key: plain(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))
            }
        case list():
            return [plain(each) for each in schema]
        case float() if schema.is_integer():
            return int(schema)
    return schema
