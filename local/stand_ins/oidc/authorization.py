"""What a browser asks for at ``/authorize``, and how it is told the outcome."""

import re
from collections.abc import Collection
from typing import Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from local.stand_ins.oidc.grants import Asked
from local.stand_ins.oidc.people import PROVIDERS

SCOPES = {"openid", "email", "profile"}
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class UnknownClient(Exception):
    """No client of ours, or an address that is not registered: the browser is sent nowhere."""


class Refusal(Exception):
    """An error that the client is told at its redirect_uri (RFC 6749, section 4.1.2.1)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


class Authorization(BaseModel):
    """The query of ``/authorize``; what it has beside these is ignored, as the protocol wants it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    client_id: str
    redirect_uri: str
    response_type: str = ""
    scope: str = "openid"
    state: str | None = Field(None, max_length=2048)
    nonce: str | None = Field(None, max_length=2048)
    code_challenge: str = ""
    code_challenge_method: str = ""
    identity_provider: str | None = None
    prompt: Literal["", "none", "login"] = ""
    lang: str = ""

    @classmethod
    def of(cls, query: QueryParams, clients: Collection[str], redirect_uris: Collection[str]) -> Self:
        """Raises `UnknownClient`; what else is wrong is `check`'s."""
        where = {"client_id": query.get("client_id"), "redirect_uri": query.get("redirect_uri")}
        if where["client_id"] not in clients:
            raise UnknownClient(f"client_id is none of {', '.join(clients)}")
        if where["redirect_uri"] not in redirect_uris:
            raise UnknownClient(f"redirect_uri is none of {', '.join(redirect_uris) or 'them: none is registered'}")
        try:
            return cls.model_validate(dict(query))
        except ValidationError as error:
            raise UnknownClient("; ".join(f"{wrong['loc'][0]}: {wrong['msg']}" for wrong in error.errors())) from None

    def check(self) -> Asked:
        """What is granted once somebody has signed in; raise `Refusal`."""
        if self.response_type != "code":
            raise Refusal("unsupported_response_type", "response_type has to be code")
        if self.code_challenge_method != "S256" or not CHALLENGE.fullmatch(self.code_challenge):
            raise Refusal("invalid_request", "PKCE is required: code_challenge, with code_challenge_method S256")
        if not set(self.scope.split()) <= SCOPES or "openid" not in self.scope.split():
            raise Refusal("invalid_scope", f"scope is openid, and may be {', '.join(sorted(SCOPES))}")
        if self.identity_provider is not None and self.identity_provider not in PROVIDERS:
            raise Refusal("invalid_request", f"identity_provider is one of {', '.join(PROVIDERS)}")
        return Asked(self.client_id, self.redirect_uri, self.scope, self.code_challenge, self.nonce)

    def answer(self, **parameters: str) -> str:
        """Where the browser goes, with the outcome; the state goes back as it came."""
        state = {} if self.state is None else {"state": self.state}
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{urlencode({**parameters, **state})}"
