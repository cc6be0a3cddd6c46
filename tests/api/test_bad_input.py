"""What a client may get wrong gets the problem that the API promises: exact status and code, in the person's language.

What is meant to hurt is `tests/hostile`.
"""

import re
from typing import Any

import pytest

from tests.support.driver import is_problem
from tests.support.functions import Call, Ready
from veil.api.words import field_message
from veil.domain.errors import InvalidField
from veil.domain.language import Language

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

TARGETS = [
    ("uploads", "POST", "/uploads"),
    ("generations", "POST", "/generations"),
    ("gallery", "PUT", f"/generations/{SOME_ID}/selection"),
]


OTHER_WORDS = {field_message(InvalidField("x", "of no kind"), language) for language in Language}


def _fields(answer: Any, *, english: bool = False) -> set[str]:
    """The fields, each with a message in this language that says what to do."""
    for each in answer.json["errors"]:
        assert set(each) == {"field", "message"}
        assert bool(re.search("[가-힣]", each["message"])) is not english
        assert each["message"] not in OTHER_WORDS
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
    answer = call(*target, body, headers={"accept-language": "en"})
    assert _fields(answer, english=True) == fields


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=51", "limit"), ("limit=x", "limit"), ("limit=1.5", "limit"), ("limit=", "limit")],
)
def test_a_wrong_query(call: Call, query: str, field: str) -> None:
    name, _, value = query.partition("=")
    for path in ("/generations", "/credits/entries"):
        answer = call("gallery", "GET", path, query={name: value})
        is_problem(answer, 422, "invalid_request", {"errors"})
        assert _fields(answer) == {field}


def test_an_image_that_is_not_there(call: Call, ready: Ready) -> None:
    generation_id = call("generations", "POST", "/generations", ready.body).json["id"]
    answer = call("gallery", "PUT", f"/generations/{generation_id}/selection", {"image": 4})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert answer.json["errors"] == [{"field": "image", "message": "0 이상 3 이하의 값을 넣어 주세요."}]


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
@pytest.mark.usefixtures("agreed")
def test_a_body_is_json_whatever_it_is_called(call: Call, content_type: str) -> None:
    headers = {"content-type": content_type}
    assert call("uploads", "POST", "/uploads", UPLOAD, headers=headers).status == 201
    for target in TARGETS:
        for body in ("upload_id=x&style=classic", "--x\r\n\r\n--x--", '{"a": 1'):
            answer = call(*target, body, headers=headers)
            is_problem(answer, 422, "invalid_request", {"errors"})
            assert _fields(answer) == {"body"}


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/health", "GET, HEAD"),
        ("POST", "/styles", "GET, HEAD"),
        ("GET", "/uploads", "POST"),
        ("PUT", f"/uploads/{SOME_ID}", "GET, HEAD"),
        ("PATCH", "/generations", "GET, HEAD, POST"),
        ("POST", f"/generations/{SOME_ID}", "DELETE, GET, HEAD"),
        ("GET", f"/generations/{SOME_ID}/selection", "DELETE, PUT"),
        ("DELETE", "/credits", "GET, HEAD"),
        ("POST", "/credits/entries", "GET, HEAD"),
        ("GET", "/webhooks/replicate/token", "POST"),
    ],
)
def test_a_method_that_a_path_does_not_know(call: Call, method: str, path: str, allow: str) -> None:
    answer = call("gallery", method, path, user=None)
    is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(("accept", "english"), [(None, False), ("en ; q=0.5", True), ("en;q=0", False)])
def test_a_problem_speaks_the_persons_language(call: Call, accept: str | None, english: bool) -> None:
    """Which language that is: `test_words`."""
    headers = {} if accept is None else {"accept-language": accept}
    problem = call("gallery", "GET", f"/generations/{SOME_ID}", headers=headers).json
    assert problem["title"] == "Not Found"
    assert bool(re.search("[가-힣]", problem["detail"])) is not english
