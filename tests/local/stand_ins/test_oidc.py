"""The local issuer, checked as a JWT authorizer would: discovery, keys, signature, claims."""

import httpx
import pytest
from joserfc import errors, jwt
from joserfc.jwk import KeySet

from local.stand_ins import ProvidersConfig


def _keys(http: httpx.Client) -> KeySet:
    discovery = http.get("/oidc/.well-known/openid-configuration").json()
    return KeySet.import_key_set(http.get(discovery["jwks_uri"]).json())


def _token(http: httpx.Client, **wanted: object) -> jwt.Token:
    answer = http.post("/oidc/token", json={"sub": "alice", **wanted}).json()
    assert answer["token_type"] == "Bearer"
    return jwt.decode(answer["access_token"], _keys(http), algorithms=["RS256"])


def test_token_carries_what_the_authorizer_checks(http: httpx.Client, config: ProvidersConfig) -> None:
    token = _token(http)
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": f"{config.base_url}/oidc"}, aud={"essential": True, "value": "veil"}
    ).validate(token.claims)
    assert token.claims["sub"] == "alice"
    assert token.header["kid"] == _keys(http).keys[0].kid


def test_issuer_is_the_discovery_documents(http: httpx.Client, config: ProvidersConfig) -> None:
    assert http.get("/oidc/.well-known/openid-configuration").json()["issuer"] == f"{config.base_url}/oidc"


def test_keys_are_public_only(http: httpx.Client) -> None:
    (key,) = http.get("/oidc/jwks").json()["keys"]
    assert not {"d", "p", "q"} & key.keys()


def test_a_token_can_be_too_old(http: httpx.Client) -> None:
    with pytest.raises(errors.ExpiredTokenError):
        jwt.JWTClaimsRegistry().validate(_token(http, expires_in=-60).claims)


def test_a_token_can_be_for_another_audience(http: httpx.Client) -> None:
    assert _token(http, aud="other").claims["aud"] == "other"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"sub": ""}', b'{"sub": "a", "admin": true}'])
def test_a_wrong_request_is_refused(http: httpx.Client, body: bytes) -> None:
    assert http.post("/oidc/token", content=body).status_code == 400
