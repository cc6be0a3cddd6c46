"""Bodies that were made to hurt: huge, deep, of another encoding, of other letters than they seem.

What an honest app may get wrong, field by field, is `tests/api/test_bad_input.py`.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from local.simulated.functions import Answer
from tests.hostile.attack import Attack
from tests.hostile.people import Person
from tests.support.driver import is_problem

LAMBDA_REQUEST_BYTES = 6 * 1024 * 1024  # of the 10 MB that API Gateway takes, what it can hand on
UPLOAD = {"content_type": "image/jpeg", "size": 1000}


class Target(NamedTuple):
    """A route that reads a body."""

    function: str
    method: str
    path: str


TARGETS = [
    Target("uploads", "POST", "/uploads"),
    Target("generations", "POST", "/generations"),
    Target("gallery", "PUT", "/generations/{settled}/selection"),
]

# What is no JSON object, or none that is read; text goes as it is, bytes go base64.
NO_OBJECTS: dict[str, object] = {
    "no body": None,
    "an empty one": "",
    "an empty one, binary": b"",
    "blank": " ",
    "a brace": "{",
    "a comma too many": '{"a": 1,}',
    "single quotes": "{'size': 1}",
    "a comment": '{"size": 1 /* of many */}',
    "no JSON": "not json",
    "null": "null",
    "true": "true",
    "a number": "7",
    "not a number": "NaN",
    "a text": '"text"',
    "a list": "[]",
    "a list of objects": '[{"size": 1}]',
    "two objects": "{}{}",
    "a form": "upload_id=x&style=classic",
    "a multipart form": "--x\r\ncontent-disposition: form-data\r\n\r\n--x--",
    "XML": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "a pickle": b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
    "NUL": "\0",
    "no UTF-8": b"\xff\xfe\xfd",
    "half of a letter": b'{"size": "\xed"}',
    "UTF-16": '{"size": 1}'.encode("utf-16"),
    "UTF-16 without its mark": '{"size": 1}'.encode("utf-16-le"),
    "UTF-32": '{"size": 1}'.encode("utf-32"),
    "a byte order mark": "\ufeff{}",
    "a byte order mark, binary": b"\xef\xbb\xbf{}",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00C\xbf\xa6\xa3\x02\x00\x00\x00",
    "7,000 lists deep": "[" * 3_500 + "]" * 3_500,
    "1,000 objects deep": '{"a":' * 1_000 + "1" + "}" * 1_000,
    "100,000 lists deep": "[" * 100_000,
    "100,000 objects deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a number of 5,000 digits": "1" * 5_000,
    "a number of 6 MB": "1" * LAMBDA_REQUEST_BYTES,
    "a text of 6 MB": '"' + "x" * LAMBDA_REQUEST_BYTES + '"',
    "spaces of 6 MB": " " * LAMBDA_REQUEST_BYTES + "{}",
    "a name of 6 MB": '{"' + "x" * LAMBDA_REQUEST_BYTES + '": 1}',
    "400,000 names": json.dumps(dict.fromkeys(map(str, range(400_000)))),
    "1,000 names": json.dumps(dict.fromkeys(map(str, range(1_000)))),
    "a name of half a surrogate pair": '{"\\ud800": 1}',
    "a name of line ends": '{"\\r\\nset-cookie: a=b": 1}',
    "a name from Python": '{"__class__": {}, "__init__": {"__globals__": {}}}',
    "a name from JavaScript": '{"__proto__": {"admin": true}, "constructor": {}}',
}


def _send(attack: Attack, person: Person, target: Target, body: object, **given: Any) -> Answer:
    return attack.send(target.function, target.method, target.path.format(settled=person.settled), body, **given)


@pytest.mark.parametrize("case", NO_OBJECTS)
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target.method} {target.path}")
def test_what_is_no_body_of_ours(attack: Attack, mallory: Person, target: Target, case: str) -> None:
    answer = _send(attack, mallory, target, NO_OBJECTS[case])
    is_problem(answer, 422, "invalid_request", {"errors"} & set(answer.json))
    assert all(each["field"] and each["message"] for each in answer.json.get("errors", []))
    assert len(answer.text) < 100_000


@pytest.mark.parametrize("text", ["!", "a", "é"])
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: f"{target.method} {target.path}")
def test_base64_that_is_none(attack: Attack, mallory: Person, target: Target, text: str) -> None:
    """API Gateway encodes it, so this is nobody's to send; an event of another make is no defect either."""
    answer = _send(attack, mallory, target, None, raw={"body": text, "isBase64Encoded": True})
    is_problem(answer, 422, "invalid_request", {"errors"} & set(answer.json))


STYLES = {
    "Cyrillic letters": "сlаssiс",
    "full-width letters": "ｃｌａｓｓｉｃ",
    "a zero-width space": "classic\u200b",
    "right to left": "\u202ecissalc",
    "a long s": "claſſic",
    "NUL behind it": "classic\0",
    "a line end behind it": "classic\n",
    "a space before it": " classic",
    "upper case": "CLASSIC",
    "a path": "../classic",
    "half a surrogate pair": "\ud800",
    "7,000 letters": "x" * 7_000,
    "an attribute": "__class__",
    "a template": "{0.__class__}",
}
UPLOAD_IDS: dict[str, Callable[[str], object]] = {
    "lower case": str.lower,
    "full-width digits": lambda id_: id_.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    "Arabic digits": lambda id_: id_.translate({48 + digit: 0x660 + digit for digit in range(10)}),
    "a line end behind it": lambda id_: id_ + "\n",
    "NUL behind it": lambda id_: id_ + "\0",
    "NUL in it": lambda id_: id_[:10] + "\0" + id_[10:],
    "a path": lambda id_: f"../{id_}",
    "a sort key": lambda id_: f"UPLOAD#{id_}",
    "half a surrogate pair": lambda _: "\ud800",
    "one too large": lambda id_: "8" + id_[1:],
    "255 letters": lambda _: "x" * 255,
}
# Sizes that look like 1000, or like nothing: field → raw JSON of its value.
SIZES = {
    "true": "true",
    "text": '"1000"',
    "a fraction": "1000.5",
    "a whole fraction": "1000.0",
    "an exponent": "1e3",
    "NaN": "NaN",
    "infinity": "Infinity",
    "too large for a double": "1e400",
    "nought": "0",
    "less than nought": "-1",
    "minus nought": "-0",
    "5,000 digits": "1" * 5_000,
    "an object": '{"$gt": 0}',
    "a list": "[1000]",
    "null": "null",
}


@pytest.mark.parametrize("case", STYLES)
def test_a_style_that_looks_like_one(attack: Attack, mallory: Person, case: str) -> None:
    body = json.dumps({"upload_id": mallory.upload_id, "style": STYLES[case]})
    answer = attack.send("generations", "POST", "/generations", body)
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert [each["field"] for each in answer.json["errors"]] == ["style"]


@pytest.mark.parametrize("case", UPLOAD_IDS)
def test_an_upload_that_looks_like_ones_own(attack: Attack, mallory: Person, case: str) -> None:
    body = json.dumps({"upload_id": UPLOAD_IDS[case](mallory.upload_id), "style": "classic"})
    answer = attack.send("generations", "POST", "/generations", body)
    assert (answer.status, answer.json["code"]) in [(404, "upload_not_found"), (422, "invalid_request")]


@pytest.mark.parametrize("case", SIZES)
def test_a_size_that_is_none(attack: Attack, case: str) -> None:
    body = f'{{"content_type": "image/jpeg", "size": {SIZES[case]}}}'
    is_problem(attack.send("uploads", "POST", "/uploads", body), 422, "invalid_request", {"errors"})


@pytest.mark.parametrize("digits", [8, 30, 400, 4_000])
def test_a_size_of_many_digits(attack: Attack, digits: int) -> None:
    body = f'{{"content_type": "image/jpeg", "size": {"9" * digits}}}'
    is_problem(attack.send("uploads", "POST", "/uploads", body), 413, "file_too_large")


@pytest.mark.parametrize("index", ["-1", "4", "9" * 400, "-" + "9" * 400, "true", "1.0", '"1"', "null", "[0]"])
def test_an_image_that_is_none(attack: Attack, mallory: Person, index: str) -> None:
    path = f"/generations/{mallory.settled}/selection"
    answer = attack.send("gallery", "PUT", path, f'{{"image": {index[:4_000]}}}')
    is_problem(answer, 422, "invalid_request", {"errors"})


def test_the_last_of_two_members_of_one_name_counts(attack: Attack) -> None:
    """And it is the same one for whoever looks: the body is parsed once."""
    body = '{"size": 1000, "content_type": "image/jpeg", "size": -1}'
    answer = attack.send("uploads", "POST", "/uploads", body)
    is_problem(answer, 422, "invalid_request", {"errors"})


@pytest.mark.parametrize("field", ["content_type", "sha256", "upload_id", "style"])
@pytest.mark.parametrize("letters", [5_000, 1_000_000])
def test_a_field_of_very_many_letters(attack: Attack, mallory: Person, field: str, letters: int) -> None:
    upload = field in ("content_type", "sha256")
    body = {**(UPLOAD if upload else {"upload_id": mallory.upload_id, "style": "classic"}), field: "가" * letters}
    path = "/uploads" if upload else "/generations"
    answer = attack.send(path[1:], "POST", path, json.dumps(body, ensure_ascii=False))
    assert answer.status in (415, 422)
    assert "가" not in answer.text
