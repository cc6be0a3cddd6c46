"""The tokens that the issuer signs, with one RSA key that is given or made for this run."""

import secrets
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import BaseModel, ConfigDict, Field

from local.stand_ins.oidc.grants import Family

ALGORITHM = "RS256"


class TokenRequest(BaseModel):
    """JSON body of ``POST /token``; a negative ``expires_in`` makes a token that is already too old."""

    model_config = ConfigDict(extra="forbid")

    sub: str = Field(min_length=1)
    aud: str | None = None
    scope: str = "openid"
    expires_in: int = 3600


class Tokens:
    """``key`` is a private key as PEM, or None for one of this run."""

    def __init__(self, issuer: str, key: str | None) -> None:
        self._issuer = issuer
        self._key = RSAKey.import_key(key) if key else RSAKey.generate_key(2048)
        self._kid = self._key.thumbprint()

    def keys(self) -> dict[str, Any]:
        """The public keys, as a JSON Web Key Set."""
        public = {**self._key.as_dict(private=False), "kid": self._kid, "use": "sig", "alg": ALGORITHM}
        return {"keys": [public]}

    def for_anybody(self, wanted: TokenRequest, audience: str) -> dict[str, Any]:
        """The answer to whoever asks for a token of any ``sub``."""
        claims = {"aud": wanted.aud or audience, "sub": wanted.sub, "scope": wanted.scope}
        token = self._signed(claims, wanted.expires_in)
        return {"access_token": token, "token_type": "Bearer", "expires_in": wanted.expires_in}

    def for_client(self, family: Family, refresh_token: str, expires_in: int, *, nonce: str | None) -> dict[str, Any]:
        """The answer to a code (with its ``nonce``) or a refresh token."""
        asked, who = family.asked, family.sign_in.person
        common = {"aud": asked.client, "sub": who.sub, "auth_time": int(family.sign_in.at)}
        access = {**common, "scope": asked.scope, "client_id": asked.client, "token_use": "access", "username": who.sub}
        about = {"name": who.name, "email": who.email, "email_verified": who.email and True, "nonce": nonce}
        identity = {**common, "token_use": "id", **{name: value for name, value in about.items() if value is not None}}
        return {
            "access_token": self._signed(access, expires_in),
            "id_token": self._signed(identity, expires_in),
            "refresh_token": refresh_token,
            "token_type": "Bearer",
            "expires_in": expires_in,
            "scope": asked.scope,
        }

    def _signed(self, claims: dict[str, Any], expires_in: int) -> str:
        now = int(time.time())
        dated = {"iat": min(now, now + expires_in), "exp": now + expires_in, "jti": secrets.token_urlsafe(12)}
        header = {"alg": ALGORITHM, "typ": "JWT", "kid": self._kid}
        return jwt.encode(header, {"iss": self._issuer, **claims, **dated}, self._key)
