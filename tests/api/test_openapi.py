"""The OpenAPI document: valid, up to date, of every route and every code, served; its examples are what it says."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from local.processes import ROOT
from tests.support.conformance import DOCUMENT, METHODS, Json, errors, resolved
from tests.support.functions import Call
from veil.api import openapi
from veil.api.openapi.document import document, rendered
from veil.api.openapi.operations import OPERATIONS
from veil.api.problems import PROBLEMS
from veil.api.routes import ROUTES
from veil.settings import GallerySettings

ROUTE_KEYS = {(route.method, route.path) for route in ROUTES}
PUBLIC_KEYS = {(route.method, route.path) for route in ROUTES if route.public}


def _operations() -> Iterator[tuple[tuple[str, str], Json]]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                yield (method.upper(), path), item[method]


def _media(operation: Json) -> Iterator[Json]:
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for response in operation["responses"].values():
        yield from resolved(response).get("content", {}).values()


def test_what_is_committed_is_what_the_code_says(functions: dict[str, Any]) -> None:
    made = document(functions[function].app for function in sorted({route.function for route in ROUTES}))
    assert openapi.FILE.read_text(encoding="utf-8") == rendered(made), "run 'make openapi', and look at the difference"


def test_it_is_openapi() -> None:
    assert [str(error) for error in OPENAPI_31_VALIDATOR.iter_errors(DOCUMENT)] == []


def test_it_has_every_route_and_no_other() -> None:
    assert {key for key, _ in _operations()} == ROUTE_KEYS == set(OPERATIONS)
    ids = [operation["operationId"] for _, operation in _operations()]
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere() -> None:
    text = openapi.text()
    for kind, parts in DOCUMENT["components"].items():
        for name in parts:
            assert f'"#/components/{kind}/{name}"' in text or kind == "securitySchemes", f"nothing needs {kind} {name}"
    refs = {line.split('"')[3] for line in text.splitlines() if '"$ref": ' in line}
    assert refs
    for ref in refs:
        assert resolved({"$ref": ref}), ref


def test_what_needs_a_token() -> None:
    [scheme] = DOCUMENT["security"]
    assert set(scheme) == set(DOCUMENT["components"]["securitySchemes"])
    assert {key for key, operation in _operations() if operation.get("security") == []} == PUBLIC_KEYS
    for key, operation in _operations():
        problem = resolved(operation["responses"].get("401")).get("content", {})
        assert ("application/problem+json" in problem) == (key not in PUBLIC_KEYS or "webhooks" in key[1])


def _codes(operation: Json) -> set[tuple[str, str]]:
    """The codes of an operation, with their statuses."""
    found = set()
    for status, response in operation["responses"].items():
        schema = resolved(response).get("content", {}).get("application/problem+json", {}).get("schema", {})
        for ref in schema.get("oneOf", [schema] if schema else []):
            found.add((status, resolved(ref)["properties"]["code"]["const"]))
    return found


def test_every_code_is_some_routes_and_has_its_status() -> None:
    found = {code for _, operation in _operations() for code in _codes(operation)}
    assert found == {(str(problem.status), code) for code, problem in PROBLEMS.items()}


def test_every_example_is_of_its_schema() -> None:
    seen = 0
    for key, operation in _operations():
        for media in _media(operation):
            shown = [media["example"]] if "example" in media else []
            shown += [resolved(example)["value"] for example in media.get("examples", {}).values()]
            for example in shown:
                assert errors(media["schema"], example) == [], key
                seen += 1
    assert seen > 2 * len(PROBLEMS)


def test_an_image_that_any_setting_allows_can_be_chosen() -> None:
    bounds = DOCUMENT["components"]["schemas"]["Selection"]["properties"]["image"]
    [most] = [each.le for each in GallerySettings.model_fields["images_per_generation"].metadata if hasattr(each, "le")]
    assert (bounds["minimum"], bounds["maximum"]) == (0, most - 1)


def test_both_languages_are_shown() -> None:
    shown = DOCUMENT["components"]["examples"]
    for code, problem in PROBLEMS.items():
        assert shown[f"{code}.ko"]["value"]["detail"] == problem.ko
        assert shown[f"{code}.en"]["value"]["detail"] == problem.en


def test_every_link_leads_to_an_operation_and_its_parameters() -> None:
    by_id = {operation["operationId"]: operation for _, operation in _operations()}
    links = [
        link
        for operation in by_id.values()
        for response in operation["responses"].values()
        for link in resolved(response).get("links", {}).values()
    ]
    assert {link["operationId"] for link in links} == {
        "getUpload", "createGeneration", "getGeneration", "selectImage", "unselectImage", "deleteGeneration",
        "listGenerations", "listEntries",
    }  # fmt: skip
    for link in links:
        target = by_id[link["operationId"]]
        assert set(link.get("parameters", {})) <= {each.get("name") for each in target["parameters"]}
        required = {each["name"] for each in target["parameters"] if each.get("in") == "path"}
        assert required <= set(link.get("parameters", {}))


def test_it_is_served(call: Call) -> None:
    answer = call("gallery", "GET", "/openapi.json", user=None)
    assert (answer.status, answer.text) == (200, openapi.FILE.read_text(encoding="utf-8"))
    assert "max-age" in answer.headers["cache-control"]
    known = {"if-none-match": answer.headers["etag"]}
    assert call("gallery", "GET", "/openapi.json", user=None, headers=known).status == 304


def test_the_command_writes_it(tmp_path: Path) -> None:
    """In a process of its own: a handler reads its settings as it is imported."""
    out = tmp_path / "openapi.json"
    subprocess.run([sys.executable, "-m", "local", "openapi", "--out", str(out)], cwd=ROOT, check=True, timeout=60)
    assert out.read_text(encoding="utf-8") == openapi.FILE.read_text(encoding="utf-8")
