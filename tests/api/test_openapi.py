"""The OpenAPI document: valid, up to date, of every route and every code, served; its examples are what it says; and
nothing in it that client generators stumble over (`make openapi-check` asks them).
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.processes import ROOT
from openapi import descriptions
from openapi.document import document, rendered
from openapi.operations import OPERATIONS
from tests.support.conformance import DOCUMENT, METHODS, PROBLEM_JSON, Json, codes_of, errors, resolved
from tests.support.functions import Call
from veil.api.openapi import FILE, text
from veil.api.problems import PROBLEMS
from veil.api.routes import ROUTES
from veil.domain.language import Language
from veil.settings import GenerationsSettings

ROUTE_KEYS = {(route.method, route.path) for route in ROUTES}
PUBLIC_KEYS = {(route.method, route.path) for route in ROUTES if route.public}
SCHEMAS = DOCUMENT["components"]["schemas"]


def _operations() -> Iterator[tuple[tuple[str, str], Json]]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield (method.upper(), path), item[method]


def _responses(operation: Json) -> Iterator[tuple[str, Json]]:
    yield from ((status, resolved(response)) for status, response in operation["responses"].items())


def _media(operation: Json) -> Iterator[Json]:
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for _, response in _responses(operation):
        yield from response.get("content", {}).values()


def _objects(of: Any) -> Iterator[Json]:
    """Every JSON object in the document."""
    if isinstance(of, dict):
        yield of
    for each in of.values() if isinstance(of, dict) else of if isinstance(of, list) else ():
        yield from _objects(each)


def test_what_is_committed_is_what_the_code_says(functions: dict[str, Any]) -> None:
    made = document(functions[function].app for function in sorted({route.function for route in ROUTES}))
    assert FILE.read_text(encoding="utf-8") == rendered(made), "run 'make openapi', and look at the difference"


def test_it_is_openapi() -> None:
    from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR  # takes a second

    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(DOCUMENT)] == []


def test_it_has_every_route_and_no_other() -> None:
    assert {key for key, _ in _operations()} == ROUTE_KEYS == set(OPERATIONS)
    ids = [operation["operationId"] for _, operation in _operations()]
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere() -> None:
    for kind, parts in DOCUMENT["components"].items():
        for name in parts:
            used = f'"#/components/{kind}/{name}"' in text()
            assert used or kind == "securitySchemes", f"nothing needs {kind} {name}"
    refs = {of["$ref"] for of in _objects(DOCUMENT) if "$ref" in of}
    assert refs
    for ref in refs:
        assert resolved({"$ref": ref}), ref


def test_what_needs_a_token() -> None:
    [scheme] = DOCUMENT["security"]
    assert set(scheme) == set(DOCUMENT["components"]["securitySchemes"])
    assert {key for key, operation in _operations() if operation.get("security") == []} == PUBLIC_KEYS
    for key, operation in _operations():
        problem = resolved(operation["responses"].get("401")).get("content", {})
        signed = key[1] == "/webhooks/{provider}/{token}"
        assert (PROBLEM_JSON in problem) == (key not in PUBLIC_KEYS or signed)


def test_every_code_is_some_routes_and_has_its_status() -> None:
    found = {
        (code, int(status))
        for _, operation in _operations()
        for status, response in _responses(operation)
        for code in codes_of(response.get("content", {}).get(PROBLEM_JSON, {"examples": {}}))
    }
    # 405 is for the methods that are not documented
    assert found == {(code, problem.status) for code, problem in PROBLEMS.items() if problem.status != 405}


def test_a_problems_members_are_those_of_its_schema() -> None:
    schema = SCHEMAS["Problem"]
    named = {member for problem in PROBLEMS.values() for member in problem.members}
    assert named == set(schema["properties"]) - set(schema["required"])


def test_every_example_is_of_its_schema() -> None:
    shown = [(name, schema, example) for name, schema in SCHEMAS.items() for example in schema.get("examples", ())]
    for key, operation in _operations():
        for media in _media(operation):
            for code in media.get("examples", {}):
                shown.append((f"{key} {code}", media["schema"], DOCUMENT["components"]["examples"][code]["value"]))
    for where, schema, example in shown:
        assert errors(schema, example) == [], where
    assert len(shown) > len(PROBLEMS)


def test_an_image_that_any_setting_allows_can_be_chosen() -> None:
    bounds = SCHEMAS["Selection"]["properties"]["image"]
    limits = GenerationsSettings.model_fields["images_per_generation"].metadata
    [most] = [limit.le for limit in limits if hasattr(limit, "le")]
    assert (bounds["minimum"], bounds["maximum"]) == (0, most - 1)


def test_a_text_has_every_language() -> None:
    assert set(SCHEMAS["LocalizedText"]["properties"]) == set(SCHEMAS["LocalizedText"]["required"]) == set(Language)


def test_client_generators_find_a_name_for_every_model() -> None:
    """A body that is no reference would be called after its route, a reference with more beside it is no reference."""
    for key, operation in _operations():
        assert all(set(media["schema"]) == {"$ref"} for media in _media(operation)), key
    for of in _objects(DOCUMENT):
        assert "$ref" not in of or len(of) == 1, of
    for schema in SCHEMAS.values():
        for part in _objects(list(schema.get("properties", {}).values())):
            assert "properties" not in part, part


def test_what_may_be_null_is_said_as_client_generators_read_it() -> None:
    for of in _objects(DOCUMENT):
        if {"type": "null"} in of.get("anyOf", ()):
            assert len(of["anyOf"]) > 2 or "$ref" in of["anyOf"][0], of


def test_no_boolean_has_a_constant() -> None:
    """Generators make an enumeration of it, which neither Swift nor Kotlin compiles."""
    booleans = [of for of in _objects(DOCUMENT) if of.get("type") == "boolean"]
    assert booleans
    assert [of for of in booleans if "const" in of or "enum" in of] == []


def test_everything_in_a_body_is_described() -> None:
    parts = {f"{name}.{part}": of for name, one in SCHEMAS.items() for part, of in one.get("properties", {}).items()}
    assert not [name for name, of in (SCHEMAS | parts).items() if not {"description", "$ref"} & of.keys()]
    rows = descriptions.SCHEMAS | descriptions.PROPERTIES
    assert not rows.keys() - (SCHEMAS | parts).keys(), "described, and not there"


def test_what_is_no_apps_is_said_to_be_internal() -> None:
    internal = {
        (method.upper(), path)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        if operation.get("x-internal")
    }
    webhooks = {("POST", "/webhooks/{provider}/{token}"), ("POST", "/webhooks/toss/{secret}")}
    assert internal == {("GET", "/openapi.json")} | webhooks
    assert {name for name, of in SCHEMAS.items() if "x-internal" in of} == {
        "Document",
        "PredictionEnded",
        "TossMessage",
    }


def test_a_codes_schema_is_open_and_names_all() -> None:
    code = SCHEMAS["ProblemCode"]
    assert "enum" not in code
    assert code["examples"] == list(PROBLEMS)


def test_every_operation_is_described() -> None:
    tags = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    for key, operation in _operations():
        assert operation["summary"], key
        assert set(operation["tags"]) <= tags, key
        assert all(resolved(parameter)["description"] for parameter in operation.get("parameters", ())), key


def test_it_is_served(call: Call) -> None:
    answer = call("gallery", "GET", "/openapi.json", user=None)
    assert (answer.status, answer.text) == (200, FILE.read_text(encoding="utf-8"))
    assert "max-age" in answer.headers["cache-control"]
    known = {"if-none-match": answer.headers["etag"]}
    assert call("gallery", "GET", "/openapi.json", user=None, headers=known).status == 304


def test_the_command_writes_it(tmp_path: Path) -> None:
    """In a process of its own: a handler reads its settings as it is imported."""
    out = tmp_path / "openapi.json"
    subprocess.run([sys.executable, "-m", "openapi", "--out", str(out)], cwd=ROOT, check=True, timeout=60)
    assert json.loads(out.read_text(encoding="utf-8")) == DOCUMENT
