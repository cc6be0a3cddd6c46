"""A browser's sign-in on the deployed cloud: the page, a code, a token that the API takes, its renewal, the way out."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.cloud.options import WEB_CLIENT
from local.cloud.running import RunningCloud
from local.stand_ins.oidc.grants import challenge_of

VERIFIER = "verifier-" * 5


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=35) as client:
        yield client


def _told(browser: httpx.Client, running: RunningCloud) -> dict[str, str]:
    """What the web client reads first."""
    config = running.site.config
    assert config["client_id"] == WEB_CLIENT
    return dict(browser.get(f"{config['issuer']}/.well-known/openid-configuration").json())


def _status(browser: httpx.Client, running: RunningCloud, token: str) -> int:
    return browser.get(f"{running.api_url}/credits", headers={"authorization": f"Bearer {token}"}).status_code


def test_from_the_page_to_the_api_and_out(browser: httpx.Client, running: RunningCloud) -> None:
    issuer = _told(browser, running)
    back = f"{running.web_url}/signed-in"
    asked = {
        "client_id": WEB_CLIENT,
        "redirect_uri": back,
        "response_type": "code",
        "scope": "openid email profile",
        "state": "state",
        "nonce": "nonce",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    }
    page = browser.get(issuer["authorization_endpoint"], params=asked)
    action = re.findall(r'action="([^"]+)"', page.text)[0].replace("&amp;", "&")
    answer = browser.post(str(page.url.join(action)), data={"provider": "Kakao"})
    where = urlsplit(answer.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == back
    form = {
        "grant_type": "authorization_code",
        "client_id": WEB_CLIENT,
        "redirect_uri": back,
        "code_verifier": VERIFIER,
    }
    given = browser.post(issuer["token_endpoint"], data={**form, "code": parse_qs(where.query)["code"][0]}).json()
    assert _status(browser, running, given["access_token"]) == 200
    assert _status(browser, running, given["refresh_token"]) == 401

    form = {"grant_type": "refresh_token", "client_id": WEB_CLIENT, "refresh_token": given["refresh_token"]}
    renewed = browser.post(issuer["token_endpoint"], data=form).json()
    assert _status(browser, running, renewed["access_token"]) == 200

    ended = {"token": renewed["refresh_token"], "client_id": WEB_CLIENT}
    assert browser.post(issuer["revocation_endpoint"], data=ended).status_code == 200
    assert browser.post(issuer["token_endpoint"], data={**form, "refresh_token": ended["token"]}).status_code == 400
    out = browser.get(issuer["end_session_endpoint"], params={"logout_uri": f"{running.web_url}/"})
    assert (out.status_code, out.headers["location"]) == (303, f"{running.web_url}/")


def test_the_stack_says_who_signs_people_in(running: RunningCloud) -> None:
    found = {name: running.site.config[name] for name in ("issuer", "client_id", "identity_providers")}
    assert found == {"issuer": f"{running.providers_url}/oidc", "client_id": "veil-web", "identity_providers": []}


@pytest.mark.parametrize("style", ["classic", "cinematic"])
def test_a_style_names_pictures_of_the_edge(browser: httpx.Client, running: RunningCloud, style: str) -> None:
    shown = browser.get(f"{running.api_url}/styles").json()
    (found,) = [each for each in shown["styles"] if each["id"] == style]
    assert (shown["credits"], len(found["samples"])) == (4, 3)
    assert all(url.startswith(f"{running.web_url}/samples/{style}-") for url in found["samples"])
    for url in found["samples"]:
        picture = browser.get(url)
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
