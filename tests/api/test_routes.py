"""`veil.api.routes` and the handlers say the same, and every error is some problem."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.functions import Call
from veil.api.problems import PROBLEMS
from veil.api.routes import FALLBACK, ROUTES, Route
from veil.domain.errors import DomainError

HTTP_FUNCTIONS = sorted({route.function for route in ROUTES})


def _template(path: str) -> str:
    return re.sub(r"<([^>]+)>", r"{\1}", path)


@pytest.mark.parametrize("function", HTTP_FUNCTIONS)
def test_a_handler_registers_its_routes_and_no_other(functions: dict[str, Any], function: str) -> None:
    app = functions[function].app
    registered = {(route.method, _template(route.path)) for route in app._static_routes + app._dynamic_routes}
    assert registered == {(route.method, route.path) for route in ROUTES if route.function == function}


def test_no_route_stands_twice_and_the_fallback_is_a_function() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert FALLBACK in HTTP_FUNCTIONS


def test_what_needs_no_token() -> None:
    public = {route.path for route in ROUTES if route.public}
    webhooks = {"/webhooks/{provider}/{token}", "/webhooks/toss/{secret}"}
    assert public == {"/health", "/styles", "/products", "/openapi.json", "/erasures/{receipt}"} | webhooks


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_every_expected_failure_has_its_problem() -> None:
    codes = {kind.code for kind in _below(DomainError)}
    assert codes <= set(PROBLEMS)
    for code, problem in PROBLEMS.items():
        assert 400 <= problem.status < 600, code
        assert problem.title, code


SOME_ID = "01JDCK5T7Q8Z9A1B2C3D4E5F6G"
READ = [route for route in ROUTES if route.method == "GET"]


@pytest.mark.parametrize("route", READ, ids=lambda route: route.path)
@pytest.mark.parametrize("signed_in", [True, False])
def test_head_is_get_without_its_body(call: Call, route: Route, *, signed_in: bool) -> None:
    path = re.sub(r"{[^}]+}", SOME_ID, route.path)
    given = {} if signed_in else {"user": None}
    got, head = (call(route.function, method, path, **given) for method in ("GET", "HEAD"))
    assert got.text
    assert (head.status, head.text) == (got.status, "")
    changing = {"x-request-id"}
    assert {name: value for name, value in head.headers.items() if name not in changing} == {
        name: value for name, value in got.headers.items() if name not in changing
    }
