"""Requests by what is around their body: paths, methods, ids, headers, queries, and users of any name."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from local.simulated.functions import http_event
from tests.hostile.attack import Attack
from tests.hostile.people import Person
from tests.support.consents import AGREED
from tests.support.driver import is_problem
from veil.adapters.dynamodb.items import partition
from veil.domain.uploads import incoming_key, parse_incoming_key

SOME_ID = "01JDCK5T7Q8Z9A1B2C3D4E5F6G"

# As the gateway's fallback hands them on, which asks for no token.
NO_PATHS = [
    "",
    "/",
    "//",
    "*",
    "credits",
    "/nowhere",
    "/.env",
    "/.git/config",
    "/한글",
    "/\ud800",
    "//credits",
    "/credits/",
    "/credits//entries",
    "/CREDITS",
    "/Credits",
    "/credits.json",
    "/credits;x",
    "/credits?x",
    "/credits\0",
    "/credits%00",
    "/credits%2fentries",
    "/./credits",
    "/x/../credits",
    "/%2e%2e/credits",
    "/..%2fcredits",
    "/\\credits",
    "/default/credits",
    "http://veil.test/credits",
    "/generations/a/b/c",
    f"/generations/{SOME_ID}/",
    f"/generations//{SOME_ID}",
    f"/generations/{SOME_ID}/Selection",
    f"/generations/{SOME_ID}/selection/0",
    f"/generations/{SOME_ID}%2fselection/x",
    "/webhooks/stripe",
    "/webhooks/replicate",
    "/" + "a" * 100_000,
    "/" + "a/" * 50_000,
    "/" + "%2e" * 10_000,
]


@pytest.mark.parametrize("path", NO_PATHS, ids=lambda path: ascii(path[:40]))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_path_that_is_none(attack: Attack, method: str, path: str) -> None:
    is_problem(attack.send("gallery", method, path, user=None), 404, "not_found")


@pytest.mark.parametrize("odd", ["\0", '"', "`", "\\", "#", "?", "\ud800"], ids=ascii)
@pytest.mark.parametrize("path", ["/uploads/", "/generations/"])
def test_a_letter_that_no_id_has_is_not_called_a_wrong_method(attack: Attack, path: str, odd: str) -> None:
    is_problem(attack.send("gallery", "GET", f"{path}{odd}"), 404, "not_found")


def test_a_line_end_behind_a_path_opens_nothing(attack: Attack) -> None:
    """Powertools' patterns end in ``$``, which lets a line end pass; the gateway's do not, and ask for no token."""
    is_problem(attack.send("gallery", "GET", "/credits\n", user=None), 401, "unauthenticated")


METHODS = ["OPTIONS", "TRACE", "CONNECT", "PATCH", "PROPFIND", "GET ", "", "\0", "G\r\nET", "P" * 9_999]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: ascii(method[:20]))
@pytest.mark.parametrize("path", ["/credits", "/health", "/generations", f"/generations/{SOME_ID}"])
def test_a_method_that_is_none(attack: Attack, method: str, path: str) -> None:
    answer = attack.send("gallery", method, path, user=None)
    is_problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("header", ["x-http-method-override", "x-http-method", "x-method-override"])
def test_a_header_changes_no_method(attack: Attack, mallory: Person, header: str) -> None:
    answer = attack.send("gallery", "GET", f"/generations/{mallory.settled}", headers={header: "DELETE"})
    assert answer.status == 200


IDS: dict[str, Callable[[str], str]] = {
    "a letter": lambda _: "x",
    "nought": lambda _: "0",
    "lower case": str.lower,
    "cut short": lambda id_: id_[:-1],
    "a letter more": lambda id_: id_ + "0",
    "too large": lambda id_: "8" + id_[1:],
    "letters that Crockford left out": lambda _: "ILOU" * 6 + "IL",
    "full-width digits": lambda id_: id_.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    "Arabic digits": lambda id_: id_.translate({48 + digit: 0x660 + digit for digit in range(10)}),
    "with spaces": lambda id_: f" {id_} ",
    "with percent-encoded NUL": lambda id_: id_ + "%00",
    "of another item": lambda _: "CREDITS",
    "a sort key": lambda id_: f"GENERATION#{id_}".replace("#", "%23"),
    "two dots": lambda _: "..",
    "two dots, encoded": lambda _: "%2e%2e",
    "an encoded slash": lambda id_: f"..%2f{id_}",
    "Korean": lambda _: "한글",
    "5,000 letters": lambda _: "x" * 5_000,
    "SQL": lambda _: "' OR 1=1 --",
    "an operator": lambda _: "{$gt: ''}",
    "a template": lambda _: "{{7*7}}",
    "nobody's": lambda _: SOME_ID,
}
WITH_ID = [
    ("uploads", "GET", "/uploads/{}", None, "upload_not_found"),
    ("gallery", "GET", "/generations/{}", None, "generation_not_found"),
    ("gallery", "DELETE", "/generations/{}", None, "generation_not_found"),
    ("gallery", "PUT", "/generations/{}/selection", {"image": 0}, "generation_not_found"),
    ("gallery", "DELETE", "/generations/{}/selection", None, "generation_not_found"),
]


@pytest.mark.parametrize("case", IDS)
def test_an_id_that_is_none(attack: Attack, mallory: Person, case: str) -> None:
    """Made of an id of one's own: what looks like it is not it."""
    for function, method, path, body, code in WITH_ID:
        own = mallory.upload_id if function == "uploads" else mallory.settled
        is_problem(attack.send(function, method, path.format(IDS[case](own)), body), 404, code)


CRLF = "x\r\nset-cookie: stolen=1\r\n\r\n<script>"
HEADER_VALUES = {
    "line ends": CRLF,
    "a bare line feed": "x\nset-cookie: stolen=1",
    "NUL": "\0",
    "100 kB": "x" * 100_000,
    "half a surrogate pair": "\ud800",
    "Korean": "한글",
    "what Log4j would look up": "${jndi:ldap://127.0.0.1/a}",
    "numbers that are none": "en;q=nan,ko;q=inf,en;q=1e999",
    "100,000 commas": "," * 100_000,
    "50,000 quotes": '"' * 99_999,
}
HEADERS = [
    "accept", "accept-language", "content-length", "content-type", "cookie", "forwarded", "host", "if-none-match",
    "idempotency-key", "origin", "range", "transfer-encoding", "x-amzn-trace-id", "x-forwarded-for", "x-request-id",
]  # fmt: skip


@pytest.mark.parametrize("case", HEADER_VALUES)
@pytest.mark.parametrize("path", ["/styles", f"/generations/{SOME_ID}"])
def test_a_header_comes_back_in_nothing(attack: Attack, path: str, case: str) -> None:
    """Nothing that a header says is echoed: neither in a header (`Attack` looks for line ends there) nor in a body."""
    honest = attack.send("gallery", "GET", path)
    for header in HEADERS:
        answer = attack.send("gallery", "GET", path, headers={header: HEADER_VALUES[case]})
        assert set(answer.headers) == set(honest.headers)
        assert answer.status == honest.status
        assert not any(piece in answer.text for piece in ("stolen", "jndi", "xxxx"))


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "a\tb", "a\nb", CRLF, "\x7f", "\0", "\ud800", "é"], ids=ascii)
def test_an_idempotency_key_that_is_none(attack: Attack, mallory: Person, key: str) -> None:
    body = {"upload_id": mallory.upload_id, "style": "classic"}
    answer = attack.send("generations", "POST", "/generations", body, headers={"idempotency-key": key})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert [each["field"] for each in answer.json["errors"]] == ["idempotency-key"]


LIMITS = ["0", "51", "-1", "1.5", "many", "", "9" * 50, "9" * 9_999, "0x10", "²", "٣", "1,2", "NaN", "1\0", "\ud800"]


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: ascii(limit[:20]))
@pytest.mark.parametrize("path", ["/generations", "/credits/entries"])
def test_a_limit_that_is_none(attack: Attack, path: str, limit: str) -> None:
    answer = attack.send("gallery", "GET", path, raw={"queryStringParameters": {"limit": limit}})
    is_problem(answer, 422, "invalid_request", {"errors"})
    assert [each["field"] for each in answer.json["errors"]] == ["limit"]


@pytest.mark.parametrize("name", ["", "user", "sub", "limit[]", "limit[$gt]", "LIMIT", "__proto__", "\0", "x" * 9_999])
def test_a_parameter_that_nobody_asked_for(attack: Attack, mallory: Person, victim: Person, name: str) -> None:
    answer = attack.send("gallery", "GET", "/generations", raw={"queryStringParameters": {name: victim.user}})
    assert answer.status == 200
    assert victim.running not in answer.text


# A token's ``sub``; the gateway hands on what the issuer has signed.
NOBODIES = {
    "empty": "",
    "256 letters": "x" * 256,
    "86 letters of three bytes": "한" * 86,
    "a thousand letters": "x" * 1_024,
    "a number": 7,
    "a list": ["alice"],
    "an object": {"S": "alice"},
    "true": True,
    "half a surrogate pair": "alice\ud800",
}


@pytest.mark.parametrize("case", NOBODIES)
def test_a_token_that_names_nobody(attack: Attack, case: str) -> None:
    is_problem(attack.send("gallery", "GET", "/credits", user=NOBODIES[case]), 401, "unauthenticated")


@pytest.mark.parametrize("claims", [{}, {"sub": None}, {"Sub": "alice"}, {"user": "alice"}], ids=str)
def test_a_token_without_a_user(attack: Attack, claims: dict[str, Any]) -> None:
    context = http_event("GET", "/credits")["requestContext"] | {"authorizer": {"jwt": {"claims": claims}}}
    answer = attack.send("gallery", "GET", "/credits", raw={"requestContext": context})
    is_problem(answer, 401, "unauthenticated")


USERS = [
    "a",
    " ",
    "  ",
    "x" * 255,
    "한글|사용자",
    "\0",
    "a\nb",
    "a/b",
    "../a",
    "a%2fb",
    "a#GENERATION",
    "USER#a",
    "a\u200b",
    "á",
    unicodedata.normalize("NFD", "á"),
    "A",
    "K",
    "\u212a",
    "{user}",
    "*",
    "a|b",
    "a:b",
]


def _of(user: str, pk: str) -> bool:
    """Their partition, or the day's counter of what newcomers were granted."""
    return pk == partition(user) or pk.startswith("WELCOMES#")


@pytest.mark.parametrize("user", USERS, ids=ascii)
def test_users_of_any_name_have_an_account_of_their_own(attack: Attack, user: str) -> None:
    """Each is greeted once, and finds what is theirs and nothing else: no two names are one user."""
    others = {key: item for key, item in attack.before["items"].items() if not _of(user, key[0])}
    assert attack.send_freely("gallery", "GET", "/credits", user=user).json == {"available": 8, "held": 0, "owed": 0}
    entries = attack.send_freely("gallery", "GET", "/credits/entries", user=user).json["items"]
    assert [entry["reference"] for entry in entries] == ["welcome"]
    assert attack.send_freely("gallery", "GET", "/generations", user=user).json["items"] == []
    agreed = attack.send_freely("gallery", AGREED.method, AGREED.url, AGREED.json, user=user)
    assert agreed.status == 200
    given = attack.send_freely("uploads", "POST", "/uploads", {"content_type": "image/png", "size": 7}, user=user)
    upload_id = given.json["upload_id"]
    assert attack.send_freely("uploads", "GET", f"/uploads/{upload_id}", user=user).status == 200
    assert incoming_key(user, upload_id) in given.json["url"]
    assert parse_incoming_key(incoming_key(user, upload_id)) == (user, upload_id)
    after = attack.state()["items"]
    assert {key: after[key] for key in others} == others
    new = {key[0] for key in after.keys() - attack.before["items"].keys()}
    assert all(_of(user, pk) for pk in new)
