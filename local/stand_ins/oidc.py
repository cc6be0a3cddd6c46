"""An OpenID Connect issuer that gives anyone a token for any ``sub``: discovery, keys, ``POST /token``."""

import secrets
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.stand_ins.config import ProvidersConfig
from local.stand_ins.control import Control


class TokenRequest(BaseModel):
    """Body of ``POST /token``; a negative ``expires_in`` makes a token that is already too old."""

    model_config = ConfigDict(extra="forbid")

    sub: str = Field(min_length=1)
    aud: str | None = None
    scope: str = "openid"
    expires_in: int = 3600


class Issuer:
    """Signs with one RSA key, given or made for this run."""

    def __init__(self, config: ProvidersConfig, control: Control) -> None:
        self._issuer, self._audience, self._control = f"{config.base_url}/oidc", config.audience, control
        self._key = RSAKey.import_key(config.issuer_key) if config.issuer_key else RSAKey.generate_key(2048)
        self._kid = self._key.thumbprint()
        self.routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._jwks),
            Route("/token", self._token, methods=["POST"]),
        ]

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self._issuer,
                "jwks_uri": f"{self._issuer}/jwks",
                "token_endpoint": f"{self._issuer}/token",
                "authorization_endpoint": f"{self._issuer}/authorize",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _jwks(self, _: Request) -> Response:
        public: dict[str, Any] = {**self._key.as_dict(private=False), "kid": self._kid, "use": "sig", "alg": "RS256"}
        return JSONResponse({"keys": [public]})

    async def _token(self, request: Request) -> Response:
        try:
            wanted = TokenRequest.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"error": "invalid_request", "error_description": str(error)}, 400)
        self._control.counters["oidc.token"] += 1
        now = int(time.time())
        claims = {
            "iss": self._issuer,
            "aud": wanted.aud or self._audience,
            "sub": wanted.sub,
            "iat": min(now, now + wanted.expires_in),
            "exp": now + wanted.expires_in,
            "jti": secrets.token_urlsafe(12),
            "scope": wanted.scope,
        }
        token = jwt.encode({"alg": "RS256", "typ": "JWT", "kid": self._kid}, claims, self._key)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": wanted.expires_in})
