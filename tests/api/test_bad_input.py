"""Every wrong request gets the problem that API.md names: exact status and code, in both languages, and never a 500."""

import re
from typing import Any

import pytest

from tests.api.conftest import Call, Ready
from tests.api.driver import is_problem

SOME_ID = "01JDCK5T7Q8Z9A1B2C3D4E5F6G"
UPLOAD = {"content_type": "image/jpeg", "size": 1000}
SHA = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

# body, and the fields that are named in the problem's ``errors``
BAD_UPLOADS: list[tuple[object, set[str]]] = [
    ({}, {"content_type", "size"}),
    ({"content_type": "image/jpeg"}, {"size"}),
    ({"size": 1}, {"content_type"}),
    ({**UPLOAD, "size": 0}, {"size"}),
    ({**UPLOAD, "size": -1}, {"size"}),
    ({**UPLOAD, "size": "1000"}, {"size"}),
    ({**UPLOAD, "size": 1000.5}, {"size"}),
    ({**UPLOAD, "size": True}, {"size"}),
    ({**UPLOAD, "size": None}, {"size"}),
    ({**UPLOAD, "size": [1]}, {"size"}),
    ({**UPLOAD, "content_type": 7}, {"content_type"}),
    ({**UPLOAD, "content_type": None}, {"content_type"}),
    ({**UPLOAD, "sha256": "abc"}, {"sha256"}),
    ({**UPLOAD, "sha256": 7}, {"sha256"}),
    ({**UPLOAD, "sha256": SHA[:-2] + "=="}, {"sha256"}),
    ({**UPLOAD, "sha256": SHA.replace("+", "-").replace("/", "_")}, {"sha256"}),
    ({**UPLOAD, "sha256": SHA + "\n"}, {"sha256"}),
    ({**UPLOAD, "user": "bob"}, {"user"}),
]

BAD_GENERATIONS: list[tuple[object, set[str]]] = [
    ({}, {"upload_id", "style"}),
    ({"style": "classic"}, {"upload_id"}),
    ({"upload_id": SOME_ID}, {"style"}),
    ({"upload_id": SOME_ID, "style": "baroque"}, {"style"}),
    ({"upload_id": SOME_ID, "style": "Classic"}, {"style"}),
    ({"upload_id": SOME_ID, "style": ""}, {"style"}),
    ({"upload_id": SOME_ID, "style": ["classic"]}, {"style"}),
    ({"upload_id": SOME_ID, "style": "__class__"}, {"style"}),
    ({"upload_id": "", "style": "classic"}, {"upload_id"}),
    ({"upload_id": 7, "style": "classic"}, {"upload_id"}),
    ({"upload_id": "x" * 300, "style": "classic"}, {"upload_id"}),
    ({"upload_id": SOME_ID, "style": "classic", "images": 8}, {"images"}),
    ({"upload_id": SOME_ID, "style": "classic", "cost": 0}, {"cost"}),
]

BAD_SELECTIONS: list[tuple[object, set[str]]] = [
    ({}, {"image"}),
    ({"image": None}, {"image"}),
    ({"image": "1"}, {"image"}),
    ({"image": 1.5}, {"image"}),
    ({"image": True}, {"image"}),
    ({"image": [1]}, {"image"}),
    ({"image": 1, "x": 2}, {"x"}),
]

# What is no JSON object at all; the field is the body.
NO_OBJECTS: list[object] = [
    None,
    "",
    " ",
    "{",
    '{"a": 1,}',
    "{'size': 1}",
    "not json",
    "null",
    "7",
    '"text"',
    "[]",
    "[{}]",
    "[" * 100_000,
    '{"a":' * 50_000,
    b"\xff\xfe\xfd",
    b"",
    "\0",
    "1" * 5_000,
]

TARGETS = [
    ("uploads", "POST", "/uploads"),
    ("generations", "POST", "/generations"),
    ("gallery", "PUT", f"/generations/{SOME_ID}/selection"),
]


def _fields(answer: Any) -> set[str]:
    assert all(set(each) == {"field", "message"} and each["message"] for each in answer.json["errors"])
    return {each["field"] for each in answer.json["errors"]}


@pytest.mark.parametrize(
    ("target", "body", "fields"),
    [
        (target, body, fields)
        for target, bodies in zip(TARGETS, (BAD_UPLOADS, BAD_GENERATIONS, BAD_SELECTIONS), strict=True)
        for body, fields in bodies
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value)[:60],
)
def test_wrong_fields(call: Call, target: tuple[str, str, str], body: object, fields: set[str]) -> None:
    answer = call(*target, body)
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert _fields(answer) == fields


@pytest.mark.parametrize("body", NO_OBJECTS, ids=lambda body: repr(body)[:30])
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[2])
def test_what_is_no_json_object(call: Call, target: tuple[str, str, str], body: object) -> None:
    answer = call(*target, body)
    assert answer.json.get("errors") is None or _fields(answer)
    is_problem(answer, 422, "invalid_request", {"errors"} & set(answer.json))


@pytest.mark.parametrize("size", [10 * 1024 * 1024 + 1, 2**31, 2**63, 10**30])
def test_a_file_that_is_too_large(call: Call, size: int) -> None:
    is_problem(call("uploads", "POST", "/uploads", {**UPLOAD, "size": size}), 413, "file_too_large")


@pytest.mark.parametrize(
    "content_type",
    [
        "image/gif",
        "image/svg+xml",
        "application/pdf",
        "text/html",
        "image/jpeg; q=1",
        "IMAGE/JPEG",
        "image/jpg",
        "",
        "*",
    ],
)
def test_a_type_that_is_not_accepted(call: Call, content_type: str) -> None:
    answer = call("uploads", "POST", "/uploads", {**UPLOAD, "content_type": content_type})
    is_problem(answer, 415, "unsupported_type")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "image/jpeg", "\0"]
)
def test_a_body_is_json_whatever_it_is_called(call: Call, content_type: str) -> None:
    headers = {"content-type": content_type}
    assert call("uploads", "POST", "/uploads", UPLOAD, headers=headers).status == 201
    for target in TARGETS:
        for body in ("upload_id=x&style=classic", "--x\r\n\r\n--x--", '{"a": 1'):
            answer = call(*target, body, headers=headers)
            is_problem(answer, 422, "invalid_request", {"errors"})


ODD_IDS = [
    "x",
    "0",
    SOME_ID.lower(),
    SOME_ID[:-1],
    SOME_ID + "0",
    "8" + SOME_ID[1:],
    "ILOU" * 6 + "IL",
    "ALL",
    "CREDITS",
    "한글",
    "a b",
    "%2e%2e",
    "..",
    "x" * 5_000,
    "'; DROP TABLE users; --",
    SOME_ID,
]


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: ascii(odd[:30]))
def test_ids_that_are_none(call: Call, odd: str) -> None:
    is_problem(call("uploads", "GET", f"/uploads/{odd}"), 404, "upload_not_found")
    is_problem(call("gallery", "GET", f"/generations/{odd}"), 404, "generation_not_found")
    is_problem(call("gallery", "DELETE", f"/generations/{odd}"), 404, "generation_not_found")
    selection = f"/generations/{odd}/selection"
    is_problem(call("gallery", "PUT", selection, {"image": 0}), 404, "generation_not_found")
    is_problem(call("gallery", "DELETE", selection), 404, "generation_not_found")


@pytest.mark.parametrize("odd", [odd for odd in ODD_IDS if len(odd) <= 255], ids=lambda odd: ascii(odd[:30]))
def test_an_upload_that_is_none(call: Call, odd: str) -> None:
    answer = call("generations", "POST", "/generations", {"upload_id": odd, "style": "classic"})
    is_problem(answer, 404, "upload_not_found")


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb", "a\nb", "\x7f"], ids=ascii)
def test_an_idempotency_key_that_is_none(call: Call, ready: Ready, key: str) -> None:
    before = call("gallery", "GET", "/credits").json
    answer = call("generations", "POST", "/generations", ready.body, headers={"idempotency-key": key})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert _fields(answer) == {"idempotency-key"}
    assert call("gallery", "GET", "/credits").json == before == {"available": 8, "held": 0}


@pytest.mark.parametrize("limit", ["0", "51", "-1", "1.5", "many", "", "9" * 50, "0x10", "²"])
@pytest.mark.parametrize("path", ["/generations", "/credits/entries"])
def test_a_limit_that_is_none(call: Call, path: str, limit: str) -> None:
    answer = call("gallery", "GET", path, query={"limit": limit})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert _fields(answer) == {"limit"}


@pytest.mark.parametrize("cursor", ["x", "a.b", "W10.W10", "한글", "\0", ".", "01JDCK5T7Q8Z9A1B2C3D4E5F6G", "%00"])
@pytest.mark.parametrize("path", ["/generations", "/credits/entries"])
def test_a_forged_cursor(call: Call, path: str, cursor: str) -> None:
    is_problem(call("gallery", "GET", path, query={"cursor": cursor}), 422, "invalid_cursor")


def test_a_cursor_of_any_length(call: Call) -> None:
    answer = call("gallery", "GET", "/generations", query={"cursor": "x" * 2_000})
    is_problem(answer, 422, "invalid_cursor")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nowhere"),
        ("POST", "/webhooks/stripe"),
        ("GET", "/uploads"[:-1]),
        ("GET", "//"),
        ("GET", "/generations/a/b/c"),
        ("GET", "/한글"),
        ("GET", "/.env"),
        ("TRACE", "/nowhere"),
    ],
)
def test_a_path_that_is_none(call: Call, method: str, path: str) -> None:
    is_problem(call("gallery", method, path, user=None), 404, "not_found")


@pytest.mark.parametrize("odd", ["\0", '"', "`", "\\", "#", "?"])
@pytest.mark.parametrize("path", ["/uploads/", "/generations/"])
def test_a_letter_that_no_id_has_is_not_called_a_wrong_method(call: Call, path: str, odd: str) -> None:
    is_problem(call("gallery", "GET", f"{path}{odd}"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/health", "GET"),
        ("POST", "/styles", "GET"),
        ("GET", "/uploads", "POST"),
        ("PUT", f"/uploads/{SOME_ID}", "GET"),
        ("PATCH", "/generations", "GET, POST"),
        ("POST", f"/generations/{SOME_ID}", "DELETE, GET"),
        ("GET", f"/generations/{SOME_ID}/selection", "DELETE, PUT"),
        ("DELETE", "/credits", "GET"),
        ("POST", "/credits/entries", "GET"),
        ("GET", "/webhooks/replicate/token", "POST"),
    ],
)
def test_a_method_that_a_path_does_not_know(call: Call, method: str, path: str, allow: str) -> None:
    answer = call("gallery", method, path, user=None)
    is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    ("accept", "english"),
    [
        (None, False),
        ("", False),
        ("ko", False),
        ("en", True),
        ("en-US,en;q=0.9", True),
        ("ko-KR,ko;q=0.9,en;q=0.8", False),
        ("en;q=0.5, ko;q=0.9", False),
        ("EN-gb", True),
        ("fr,en;q=0.3", True),
        ("fr", False),
        ("en;q=0", False),
        ("*", False),
        ("en;q=nonsense", False),
        ("," * 500, False),
        ("\0한글", False),
    ],
)
def test_a_problem_speaks_the_persons_language(call: Call, accept: str | None, english: bool) -> None:
    headers = {} if accept is None else {"accept-language": accept}
    problem = call("gallery", "GET", f"/generations/{SOME_ID}", headers=headers).json
    assert problem["title"] == "Not Found"
    assert bool(re.search("[가-힣]", problem["detail"])) is not english


@pytest.mark.parametrize("nobody", ["", "x" * 256])
def test_a_token_that_names_no_user(call: Call, nobody: str) -> None:
    is_problem(call("gallery", "GET", "/credits", user=nobody), 401, "unauthenticated")
