"""Access tokens that nobody gave, on the deployed local cloud.

The gateway's authorizer decides over tokens before any function runs; its body is then ``{"message"}``, as AWS's is.
"""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from local.cloud.running import RunningCloud
from operations.client import VeilClient

pytestmark = pytest.mark.cloud


class Token(NamedTuple):
    """A good one in its parts, as text, and where it came from."""

    header: str
    claims: str
    signature: str
    running: RunningCloud

    @property
    def text(self) -> str:
        return f"{self.header}.{self.claims}.{self.signature}"

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (self.header, self.claims))
        return header, claims

    def issued(self, **wanted: Any) -> str:
        """One that the issuer itself has signed."""
        answer = httpx.post(self.running.token_url, json={"sub": "alice", **wanted}, trust_env=False)
        return str(answer.raise_for_status().json()["access_token"])

    def signed(self, key: Any = None, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Signed by another key, with members of its header and its claims changed."""
        known_header, known_claims = self.parts()
        return jwt.encode({**known_header, **(header or {})}, {**known_claims, **claims}, key or OTHER)

    def public_key(self) -> RSAKey:
        _, claims = self.parts()
        [found] = httpx.get(f"{claims['iss']}/jwks", trust_env=False).json()["keys"]
        return RSAKey.import_key({name: found[name] for name in ("kty", "n", "e")})


OTHER = RSAKey.generate_key(2048)


def _encoded(members: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()


def _by_public_key(token: Token) -> str:
    """The verifier's public key, taken for a shared secret; by hand, since the library refuses to."""
    message = f"{_encoded({**token.parts()[0], 'alg': 'HS256'})}.{token.claims}"
    signature = hmac.digest(token.public_key().as_pem(private=False), message.encode(), "sha256")
    return f"{message}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


TOKENS: dict[str, Callable[[Token], str]] = {
    "none": lambda _: "",
    "no token": lambda _: "Bearer",
    "rubbish": lambda _: "Bearer a.b.c",
    "60 kB": lambda _: "Bearer " + "x" * 60_000,
    "another scheme": lambda token: f"Basic {token.text}",
    "alg none": lambda token: f"Bearer {_encoded({**token.parts()[0], 'alg': 'none'})}.{token.claims}.",
    "alg none, signature kept": lambda token: (
        f"Bearer {_encoded({**token.parts()[0], 'alg': 'none'})}.{token.claims}.{token.signature}"
    ),
    "alg HS256 by the public key": lambda token: f"Bearer {_by_public_key(token)}",
    "another key": lambda token: f"Bearer {token.signed()}",
    "another key of another name": lambda token: f"Bearer {token.signed(header={'kid': 'x'})}",
    "another key, which it brings": lambda token: (
        f"Bearer {token.signed(header={'jwk': OTHER.as_dict(private=False)})}"
    ),
    "another key, and where to find it": lambda token: (
        f"Bearer {token.signed(header={'jku': 'https://evil.example/k'})}"
    ),
    "no name of a key": lambda token: f"Bearer {_encoded({'alg': 'RS256'})}.{token.claims}.{token.signature}",
    "another user": lambda token: (
        f"Bearer {token.header}.{_encoded({**token.parts()[1], 'sub': 'bob'})}.{token.signature}"
    ),
    "the signature cut short": lambda token: f"Bearer {token.text[:-4]}",
    "no signature": lambda token: f"Bearer {token.header}.{token.claims}.",
    "two parts": lambda token: f"Bearer {token.header}.{token.claims}",
    "five parts": lambda token: f"Bearer {token.text}.a.b",
    "expired": lambda token: f"Bearer {token.issued(expires_in=-10)}",
    "another audience": lambda token: f"Bearer {token.issued(aud='another')}",
    "another issuer": lambda token: f"Bearer {token.signed(iss='https://evil.example')}",
    "a user of 300 letters": lambda token: f"Bearer {token.issued(sub='x' * 300)}",
}


@pytest.fixture
def token(alice: VeilClient, running: RunningCloud) -> Token:
    header, claims, signature = alice.api.headers["authorization"].removeprefix("Bearer ").split(".")
    return Token(header, claims, signature, running)


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_that_nobody_gave(running: RunningCloud, token: Token, case: str) -> None:
    headers = {"authorization": TOKENS[case](token)}
    upload = {"content_type": "image/jpeg", "size": 1000}
    for method, path, body in (("GET", "/credits", None), ("POST", "/uploads", upload)):
        answer = httpx.request(method, running.api_url + path, headers=headers, json=body, trust_env=False)
        assert answer.status_code in (401, 431), answer.text  # 431: no server takes a header of that size
        assert set(answer.json() if answer.status_code == 401 else {"message"}) & {"message", "code"}


def test_a_token_that_was_given(running: RunningCloud, token: Token) -> None:
    """The other side of that table."""
    headers = {"authorization": f"Bearer {token.text}"}
    assert httpx.get(f"{running.api_url}/credits", headers=headers, trust_env=False).status_code == 200
