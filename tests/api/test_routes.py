"""`veil.api.routes` and the handlers say the same, and every code has its words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from veil.api.problems import IMAGE_ERRORS, PROBLEMS, REASONS
from veil.api.routes import FALLBACK, ROUTES
from veil.domain.errors import DomainError
from veil.domain.generation import ImageError
from veil.domain.uploads import Reason

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
    assert public == {"/health", "/styles", "/openapi.json", "/webhooks/{provider}/{token}"}


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def test_every_expected_failure_has_its_words() -> None:
    codes = {kind.code for kind in _below(DomainError)}
    assert codes <= set(PROBLEMS)
    for code, problem in PROBLEMS.items():
        assert 400 <= problem.status < 600, code
        assert problem.title
        _in_both_languages(problem.ko, problem.en)


def test_every_reason_and_every_image_error_has_its_words() -> None:
    assert set(REASONS) == set(Reason)
    assert set(IMAGE_ERRORS) == {error.value for error in ImageError}
    for korean, english in (*REASONS.values(), *IMAGE_ERRORS.values()):
        _in_both_languages(korean, english)


def _in_both_languages(korean: str, english: str) -> None:
    assert re.search("[가-힣]", korean)
    assert re.fullmatch(r"[\x20-\x7e]+", english)


STATUSES = {
    "insufficient_credits": 402,
    "upload_not_found": 404,
    "generation_not_found": 404,
    "upload_not_ready": 409,
    "image_not_stored": 409,
    "still_processing": 409,
    "file_too_large": 413,
    "unsupported_type": 415,
    "upload_rejected": 422,
    "invalid_request": 422,
    "invalid_cursor": 422,
    "idempotency_key_reused": 422,
    "rate_limited": 429,
    "provider_unavailable": 503,
    "invalid_signature": 401,
}


def test_the_statuses_are_those_of_the_contract() -> None:
    assert {code: PROBLEMS[code].status for code in STATUSES} == STATUSES
