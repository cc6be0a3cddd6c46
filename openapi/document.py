"""The document as a whole."""

import json
from collections.abc import Iterable

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from openapi.descriptions import OPERATIONS as DESCRIPTIONS
from openapi.descriptions import described
from openapi.examples import EXAMPLES
from openapi.operation import Operation, Reply
from openapi.operations import OPERATIONS, TAGS
from openapi.parameters import HEADERS, declared, header_parameters, headers
from openapi.problems import GATEWAY, examples, responses, shared_responses
from openapi.schemas import REF, Json, plain, schemas_of, used
from veil import __version__
from veil.api.bodies import Problem
from veil.api.routes import ROUTES, Route

SERVERS = [
    {"url": "/", "description": "Where this document was read; a stage's address is the stack's output `ApiUrl`."},
    {"url": "http://127.0.0.1:8787/api", "description": "The local cloud of `make up`."},
]
ABOUT = """\
One ID photo in, four private wedding portraits out. One credit pays for one image; an image that cannot be made gives \
its credit back by itself. Credits are bought in Toss Payments' window; a payment is confirmed here, and amounts are \
whole KRW, tax included.

Errors are problems (RFC 9457). `code` is stable and for programs: new codes may come, so treat an unknown one by its \
status. `detail` is for the person, in Korean, or in English where `Accept-Language` prefers it. A path that does not \
know a method answers 405 `method_not_allowed`, with `Allow`. What the gateway refuses has only a `message`.

Times are UTC, ids are ULIDs. Another user's object answers 404. Every answer of ours carries `x-request-id`, and \
`cache-control: no-store` unless the document says otherwise. New members and new values of enumerations may come.
"""


def document(resolvers: Iterable[APIGatewayHttpResolver]) -> Json:
    """The document of the routes that these resolvers have; raises `KeyError` for a route that is missing in any of
    resolvers, `ROUTES` and `OPERATIONS`.
    """
    requests, schemas = _requests(resolvers)
    schemas |= _schemas_of_bodies() | {"GatewayRefusal": GATEWAY}
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    paths: Json = {}
    for route in ROUTES:
        key = (route.method, route.path)
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, OPERATIONS[key], requests[key])
    shared = {"responses": shared_responses(), "examples": examples()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Veil", "version": __version__, "description": ABOUT, "contact": {"name": "Veil"}},
        "servers": SERVERS,
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "security": [{"accessToken": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": described(_marked(schemas, paths, shared)),
            "parameters": header_parameters(),
            "headers": HEADERS,
            **shared,
        },
    }


def _marked(schemas: Json, paths: Json, shared: Json) -> Json:
    """The schemas that the document refers to; those that no route of an app's needs are ``x-internal``, too."""
    apps = {
        path: {method: made for method, made in methods.items() if "x-internal" not in made}
        for path, methods in paths.items()
    }
    needed = used(schemas, {"paths": apps, **shared})
    found = used(schemas, {"paths": paths, **shared})
    return {name: of if name in needed else {**of, "x-internal": True} for name, of in found.items()}


def rendered(made: Json) -> str:
    """The document's text, as it is committed and served."""
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _requests(resolvers: Iterable[APIGatewayHttpResolver]) -> tuple[dict[tuple[str, str], Json], Json]:
    """What the handlers declare: the operations by method and path, the schemas by name."""
    operations: dict[tuple[str, str], Json] = {}
    schemas: Json = {}
    for resolver in resolvers:
        made = plain(resolver.get_openapi_schema().model_dump(mode="json", by_alias=True, exclude_none=True))
        schemas |= made.get("components", {}).get("schemas", {})
        for path, methods in made["paths"].items():
            operations |= {(method.upper(), path): operation for method, operation in methods.items()}
    return operations, schemas


def _schemas_of_bodies() -> Json:
    answers = {reply.body for operation in OPERATIONS.values() for reply in operation.replies if reply.body}
    taken = {operation.body for operation in OPERATIONS.values() if operation.body}
    return schemas_of(sorted({*answers, Problem}, key=str), sorted(taken, key=str))


def _operation(route: Route, operation: Operation, request: Json) -> Json:
    known = ("if-none-match",) if any("etag" in reply.headers for reply in operation.replies) else ()
    read = [{"$ref": f"#/components/parameters/{name}"} for name in (*operation.headers, *known)]
    parameters = [*map(declared, request.get("parameters", [])), *read]
    answers = {str(reply.status): _reply(reply) for reply in operation.replies}
    made: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": DESCRIPTIONS[operation.id],
        "tags": [operation.tag],
    }
    if operation.internal:
        made["x-internal"] = True
    if route.public:
        made["security"] = []
    if parameters:
        made["parameters"] = parameters
    if body := _request_body(operation, request):
        made["requestBody"] = {"required": True, "content": body}
    made["responses"] = dict(
        sorted({**answers, **responses(_codes(route, operation), takes_body="requestBody" in made)}.items())
    )
    return made


def _codes(route: Route, operation: Operation) -> set[str]:
    codes = {*operation.codes, "internal_error"}
    codes |= set() if route.public else {"unauthenticated"}
    codes |= set() if route.public or route.path == "/account" else {"account_erased"}
    codes |= {"not_found"} if "{" in route.path else set()  # where the parameter makes another path of it
    return codes | ({"temporarily_unavailable"} if operation.stored else set())


def _request_body(operation: Operation, request: Json) -> Json | None:
    if operation.body:
        return _content(operation.body.__name__)
    if "requestBody" not in request:
        return None
    schema: Json = request["requestBody"]["content"]["application/json"]["schema"]
    return _content(schema["$ref"].removeprefix(REF))


def _reply(reply: Reply) -> Json:
    made: Json = {"description": reply.description, "headers": headers("x-request-id", *reply.headers)}
    if reply.cache:
        made["headers"]["cache-control"] = {"required": True, "schema": {"const": reply.cache}}
    if reply.body:
        made["content"] = _content(reply.body.__name__)
    return made


def _content(schema: str) -> Json:
    return {"application/json": {"schema": {"$ref": REF + schema}}}
