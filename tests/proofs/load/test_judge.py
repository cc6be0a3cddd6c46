"""What counts as an error, and what as an honest refusal for now."""

import json

import pytest

from proofs.load.judge import error_of, wait_asked

RATE_LIMITED = json.dumps({"code": "rate_limited"}).encode()


def test_an_honest_429_says_how_long_to_wait() -> None:
    assert wait_asked(429, {"retry-after": "17"}, RATE_LIMITED) == 17


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (429, {}, RATE_LIMITED),
        (429, {"retry-after": "soon"}, RATE_LIMITED),
        (429, {"retry-after": "1"}, b'{"message": "Too Many Requests"}'),
        (429, {"retry-after": "1"}, b"not json"),
        (409, {"retry-after": "1"}, b'{"code": "upload_not_ready"}'),
        (503, {"retry-after": "1"}, RATE_LIMITED),
    ],
)
def test_anything_else_asks_for_no_wait(status: int, headers: dict[str, str], body: bytes) -> None:
    assert wait_asked(status, headers, body) is None


@pytest.mark.parametrize("status", [200, 304])
def test_an_expected_status_is_no_error(status: int) -> None:
    assert error_of(status, b"", {200, 304}) is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, b'{"code": "internal_error"}', "500 internal_error"),
        (200, b"{}", "200"),
        (429, b'{"message": "Too Many Requests"}', "429"),
        (502, b"<html>", "502"),
        (502, b"[]", "502"),
        (0, b"", "0"),
    ],
)
def test_an_error_is_known_by_its_status_and_code(status: int, body: bytes, kind: str) -> None:
    assert error_of(status, body, {201}) == kind
