"""What a browser meets when it signs in: the login page, PKCE, codes, refresh tokens that rotate, and the way out."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from local.stand_ins import ProvidersConfig
from local.stand_ins.oidc.grants import challenge_of

VERIFIER = "v" * 43
Rule = Callable[..., None]


@pytest.fixture
def asked(config: ProvidersConfig) -> dict[str, str]:
    """What the web client sends a browser to ``/authorize`` with."""
    return {
        "client_id": config.web_client,
        "redirect_uri": config.redirect_uris[0],
        "response_type": "code",
        "scope": "openid profile",
        "state": "a state&=",
        "nonce": "a nonce",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }


@pytest.fixture
def browser(config: ProvidersConfig) -> Iterator[httpx.Client]:
    """Keeps cookies; one for each test."""
    with httpx.Client(base_url=config.base_url, trust_env=False, timeout=5) as client:
        yield client


def _sent_to(answer: httpx.Response) -> dict[str, str]:
    """The query of the client's address, to which the browser goes."""
    assert answer.status_code == 303, answer.text
    where = urlsplit(answer.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == "http://127.0.0.1:9999/signed-in"
    return {name: values[0] for name, values in parse_qs(where.query).items()}


def _code(browser: httpx.Client, asked: dict[str, str], **form: str) -> str:
    page = browser.get("/oidc/authorize", params=asked)
    [action, *_] = re.findall(r'action="([^"]+)"', page.text)
    came = _sent_to(browser.post(action.replace("&amp;", "&"), data=form or {"name": "alice"}))
    assert came["state"] == asked["state"]
    return came["code"]


def _tokens(browser: httpx.Client, asked: dict[str, str], **form: str) -> httpx.Response:
    fields = {"grant_type": "authorization_code", "code_verifier": VERIFIER}
    fields |= {name: asked[name] for name in ("client_id", "redirect_uri")}
    return browser.post("/oidc/token", data=fields | form)


def _refresh(browser: httpx.Client, asked: dict[str, str], token: str) -> httpx.Response:
    fields = {"grant_type": "refresh_token", "client_id": asked["client_id"], "refresh_token": token}
    return browser.post("/oidc/token", data=fields)


def _claims(browser: httpx.Client, token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(browser.get("/oidc/jwks").json())
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def _refused(answer: httpx.Response, error: str, status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_whole_way_in(browser: httpx.Client, asked: dict[str, str], config: ProvidersConfig) -> None:
    answer = _tokens(browser, asked, code=_code(browser, asked))
    given = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    access, identity = (_claims(browser, given[name]) for name in ("access_token", "id_token"))
    for claims in (access, identity):
        assert (claims["iss"], claims["aud"], claims["sub"]) == (f"{config.base_url}/oidc", config.web_client, "alice")
        assert claims["auth_time"] <= claims["iat"]
    assert identity["nonce"] == "a nonce"
    assert "nonce" not in access
    assert access["scope"] == "openid profile"


def test_discovery_names_what_is_there(browser: httpx.Client, config: ProvidersConfig) -> None:
    found = browser.get("/oidc/.well-known/openid-configuration").json()
    assert found["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint", "end_session_endpoint", "jwks_uri"):
        assert found[name].startswith(f"{config.base_url}/oidc/")
        assert browser.get(found[name]).status_code != 404


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
@pytest.mark.parametrize(
    "value", ["", "other", "http://127.0.0.1:9999/signed-in/", "http://127.0.0.1:9999/signed-in?x"]
)
def test_nobody_is_sent_to_a_stranger(browser: httpx.Client, asked: dict[str, str], name: str, value: str) -> None:
    for answer in (
        browser.get("/oidc/authorize", params=asked | {name: value}),
        browser.post("/oidc/login", params=asked | {name: value}, data={"name": "alice"}),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers


WRONG = {
    "response_type": ("token", "unsupported_response_type"),
    "code_challenge": ("", "invalid_request"),
    "code_challenge_method": ("plain", "invalid_request"),
    "scope": ("openid everything", "invalid_scope"),
    "identity_provider": ("kakao", "invalid_request"),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_client_is_told_what_is_wrong(browser: httpx.Client, asked: dict[str, str], name: str) -> None:
    value, error = WRONG[name]
    for answer in (
        browser.get("/oidc/authorize", params=asked | {name: value}),
        browser.post("/oidc/login", params=asked | {name: value}, data={"name": "alice"}),
    ):
        came = _sent_to(answer)
        assert (came["error"], came["state"], "code" in came) == (error, asked["state"], False)


@pytest.mark.parametrize(
    "form",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": "short"},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:9999/"},
        {"client_id": "veil"},
        {"code": "another"},
    ],
)
def test_a_code_is_for_who_asked(browser: httpx.Client, asked: dict[str, str], form: dict[str, str]) -> None:
    code = _code(browser, asked)
    assert _tokens(browser, asked, **{"code": code, **form}).json()["error"] in ("invalid_grant", "invalid_request")
    assert _tokens(browser, asked, code=code).status_code == 200


def test_a_code_works_once_and_a_second_use_ends_all(browser: httpx.Client, asked: dict[str, str]) -> None:
    code = _code(browser, asked)
    first = _tokens(browser, asked, code=code).json()
    _refused(_tokens(browser, asked, code=code), "invalid_grant")
    _refused(_refresh(browser, asked, first["refresh_token"]), "invalid_grant")


def test_refresh_tokens_rotate(browser: httpx.Client, asked: dict[str, str]) -> None:
    first = _tokens(browser, asked, code=_code(browser, asked)).json()
    second = _refresh(browser, asked, first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    before, after = (_claims(browser, each["id_token"]) for each in (first, second))
    assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])
    assert "nonce" not in after
    assert _refresh(browser, asked, second["refresh_token"]).status_code == 200


def test_a_lost_answer_can_be_asked_for_again(browser: httpx.Client, asked: dict[str, str], rule: Rule) -> None:
    first = _tokens(browser, asked, code=_code(browser, asked)).json()["refresh_token"]
    rule(oidc={"token": ["lost"]})
    with pytest.raises(httpx.RemoteProtocolError):
        _refresh(browser, asked, first)
    assert _refresh(browser, asked, first).status_code == 200


def test_a_stolen_refresh_token_ends_its_family(browser: httpx.Client, asked: dict[str, str], rule: Rule) -> None:
    rule(oidc={"grace": 0})
    first = _tokens(browser, asked, code=_code(browser, asked)).json()["refresh_token"]
    second = _refresh(browser, asked, first).json()["refresh_token"]
    _refused(_refresh(browser, asked, first), "invalid_grant")
    _refused(_refresh(browser, asked, second), "invalid_grant")


def test_a_refresh_token_is_its_clients(browser: httpx.Client, asked: dict[str, str]) -> None:
    token = _tokens(browser, asked, code=_code(browser, asked)).json()["refresh_token"]
    _refused(_refresh(browser, asked | {"client_id": "veil"}, token), "invalid_grant")
    _refused(_refresh(browser, asked | {"client_id": "stranger"}, token), "invalid_client", 401)
    _refused(_refresh(browser, asked | {"client_id": ""}, token), "invalid_request")
    assert _refresh(browser, asked, token).status_code == 200


def test_revocation(browser: httpx.Client, asked: dict[str, str]) -> None:
    token = _tokens(browser, asked, code=_code(browser, asked)).json()["refresh_token"]
    for client, status in (("stranger", 401), (asked["client_id"], 200), (asked["client_id"], 200)):
        answer = browser.post("/oidc/revoke", data={"token": token, "client_id": client})
        assert answer.status_code == status
    _refused(_refresh(browser, asked, token), "invalid_grant")


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}, {"grant_type": "client_credentials"}])
def test_no_other_grant(browser: httpx.Client, asked: dict[str, str], form: dict[str, str]) -> None:
    _refused(browser.post("/oidc/token", data={"client_id": asked["client_id"], **form}), "unsupported_grant_type")


def test_everybody_can_be_signed_out(browser: httpx.Client, asked: dict[str, str]) -> None:
    token = _tokens(browser, asked, code=_code(browser, asked)).json()["refresh_token"]
    assert browser.delete("/_control/oidc/sessions").status_code == 204
    _refused(_refresh(browser, asked, token), "invalid_grant")
    assert "alice" not in browser.get("/oidc/authorize", params=asked).text


def test_an_access_token_can_be_short(browser: httpx.Client, asked: dict[str, str], rule: Rule) -> None:
    rule(oidc={"expires_in": 7})
    given = _tokens(browser, asked, code=_code(browser, asked)).json()
    claims = _claims(browser, given["access_token"])
    assert given["expires_in"] == claims["exp"] - claims["iat"] == 7


def test_it_can_be_down(browser: httpx.Client, asked: dict[str, str], rule: Rule) -> None:
    rule(oidc={"authorize": [503], "token": [500]})
    assert browser.get("/oidc/authorize", params=asked).status_code == 503
    code = _code(browser, asked)
    assert _tokens(browser, asked, code=code).status_code == 500
    assert _tokens(browser, asked, code=code).status_code == 200


@pytest.mark.parametrize("provider", ["Kakao", "Naver", "SignInWithApple", "Google"])
def test_a_provider_is_one_click_or_none(browser: httpx.Client, asked: dict[str, str], provider: str) -> None:
    straight = _sent_to(browser.get("/oidc/authorize", params=asked | {"identity_provider": provider}))["code"]
    pressed = _code(browser, asked, provider=provider)
    subs = {
        _claims(browser, _tokens(browser, asked, code=code).json()["id_token"])["sub"] for code in (straight, pressed)
    }
    assert len(subs) == 1


def test_a_second_time_is_one_click(browser: httpx.Client, asked: dict[str, str]) -> None:
    first = _claims(browser, _tokens(browser, asked, code=_code(browser, asked)).json()["id_token"])
    assert "alice 님으로 계속하기" in browser.get("/oidc/authorize", params=asked).text
    code = _code(browser, asked, go_on="1")
    assert _claims(browser, _tokens(browser, asked, code=code).json()["id_token"])["auth_time"] == first["auth_time"]
    silent = _sent_to(browser.get("/oidc/authorize", params=asked | {"prompt": "none"}))
    assert silent["code"]
    assert "alice" not in browser.get("/oidc/authorize", params=asked | {"prompt": "login"}).text


def test_nobody_is_signed_in_silently(browser: httpx.Client, asked: dict[str, str]) -> None:
    assert _sent_to(browser.get("/oidc/authorize", params=asked | {"prompt": "none"}))["error"] == "login_required"
    answer = browser.post("/oidc/login", params=asked, data={"go_on": "1"})
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["logout_uri", "post_logout_redirect_uri"])
def test_signing_out(browser: httpx.Client, asked: dict[str, str], config: ProvidersConfig, name: str) -> None:
    _code(browser, asked)
    assert browser.cookies
    stranger = browser.get("/oidc/logout", params={name: "https://evil.example/", "client_id": asked["client_id"]})
    assert (stranger.status_code, bool(browser.cookies)) == (400, True)
    answer = browser.get("/oidc/logout", params={name: config.logout_uris[0], "client_id": asked["client_id"]})
    assert (answer.status_code, answer.headers["location"]) == (303, config.logout_uris[0])
    assert not browser.cookies
    assert "alice" not in browser.get("/oidc/authorize", params=asked).text


def test_somebody_who_cancels(browser: httpx.Client, asked: dict[str, str]) -> None:
    came = _sent_to(browser.post("/oidc/login", params=asked, data={"cancel": "1"}))
    assert (came["error"], came["state"]) == ("access_denied", asked["state"])


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\x00b"])
def test_a_name_that_is_none(browser: httpx.Client, asked: dict[str, str], name: str) -> None:
    answer = browser.post("/oidc/login", params=asked, data={"name": name}, headers={"accept-language": "en"})
    assert answer.status_code == 400
    assert "Enter a name" in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(
    ("accepted", "lang", "words"), [("ko", "", "카카오로"), ("en-GB", "", "with Kakao"), ("ko", "en", "with")]
)
def test_the_pages_language(browser: httpx.Client, asked: dict[str, str], accepted: str, lang: str, words: str) -> None:
    answer = browser.get("/oidc/authorize", params=asked | {"lang": lang}, headers={"accept-language": accepted})
    assert words in answer.text
    assert f'<html lang="{answer.headers["content-language"]}">' in answer.text


def test_the_page_runs_nothing_and_repeats_nothing(browser: httpx.Client, asked: dict[str, str]) -> None:
    browser.post("/oidc/login", params=asked, data={"name": "<img src=x onerror=alert(1)>"})
    answer = browser.get("/oidc/authorize", params=asked | {"state": '"><script>alert(1)</script>'})
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "style=" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:9999;")
    assert browser.get("/oidc/login.css").headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("origin", ["http://127.0.0.1:9999", "https://evil.example"])
def test_only_the_web_client_may_read(browser: httpx.Client, config: ProvidersConfig, origin: str) -> None:
    allowed = origin if origin in config.web_origins else None
    for method, path in (
        ("POST", "token"),
        ("POST", "revoke"),
        ("GET", "jwks"),
        ("GET", ".well-known/openid-configuration"),
    ):
        answer = browser.request(method, f"/oidc/{path}", headers={"origin": origin})
        assert answer.headers.get("access-control-allow-origin") == allowed
        assert "access-control-allow-credentials" not in answer.headers
    asked_before = {"origin": origin, "access-control-request-method": "POST"}
    assert browser.options("/oidc/token", headers=asked_before).headers.get("access-control-allow-origin") == allowed
    page = browser.get("/oidc/authorize", headers={"origin": origin})
    assert "access-control-allow-origin" not in page.headers
