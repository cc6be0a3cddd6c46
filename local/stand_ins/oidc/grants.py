"""What the issuer remembers: who is signed in in a browser, codes, and refresh tokens in families.

Each refresh replaces the token. One that was replaced works for ``grace`` seconds more, for a client whose answer was
lost; after that its use is taken for a theft, and every token of its family is dead (RFC 9700, section 4.14.2).
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest

from local.stand_ins.oidc.people import Person

CODE_SECONDS, REFRESH_SECONDS, SESSION_SECONDS = 300, 30 * 24 * 3600, 3600


class InvalidGrant(Exception):
    """A code or a refresh token that is good for nothing; the message says why."""


@dataclass(frozen=True)
class SignIn:
    """Who, and when (seconds since 1970)."""

    person: Person
    at: float


@dataclass(frozen=True)
class Asked:
    """What a client asked for at the authorization endpoint."""

    client: str
    redirect_uri: str
    scope: str
    challenge: str
    nonce: str | None


@dataclass
class Family:
    """All refresh tokens that descend from one sign-in."""

    asked: Asked
    sign_in: SignIn
    expires_at: float
    dead: bool = False


@dataclass
class _Code:
    asked: Asked
    sign_in: SignIn
    expires_at: float
    family: Family | None = None  # once it was redeemed


@dataclass
class _Token:
    family: Family
    replaced_at: float | None = None


@dataclass
class Grants:
    """All of it, in memory; every value that leaves is random and long."""

    clock: Callable[[], float]
    _sessions: dict[str, SignIn] = field(default_factory=dict)
    _codes: dict[str, _Code] = field(default_factory=dict)
    _tokens: dict[str, _Token] = field(default_factory=dict)

    def sign_in(self, person: Person) -> str:
        """Begin a browser's session."""
        session = _random()
        self._sessions[session] = SignIn(person, self.clock())
        return session

    def signed_in(self, session: str | None) -> SignIn | None:
        found = self._sessions.get(session or "")
        return found if found and self.clock() < found.at + SESSION_SECONDS else None

    def sign_out(self, session: str | None) -> None:
        self._sessions.pop(session or "", None)

    def code(self, asked: Asked, session: str) -> str:
        """A code for whoever is signed in."""
        code = _random()
        self._codes[code] = _Code(asked, self._sessions[session], self.clock() + CODE_SECONDS)
        return code

    def redeem(self, code: str, client: str, redirect_uri: str, verifier: str) -> tuple[Family, str]:
        """The family that the code begins, and its first refresh token; raise `InvalidGrant`.

        A code that comes a second time was seen by somebody else: what came of it is dead.
        """
        found = self._codes.get(code)
        if found is None or self.clock() >= found.expires_at:
            raise InvalidGrant("the code is unknown or too old")
        if found.family is not None:
            found.family.dead = True
            raise InvalidGrant("the code was used before")
        if (client, redirect_uri) != (found.asked.client, found.asked.redirect_uri):
            raise InvalidGrant("the code is another client's, or for another redirect_uri")
        if not compare_digest(challenge_of(verifier), found.asked.challenge):
            raise InvalidGrant("code_verifier does not fit")
        found.family = Family(found.asked, found.sign_in, self.clock() + REFRESH_SECONDS)
        return found.family, self._issue(found.family)

    def refresh(self, token: str, client: str, grace: float) -> tuple[Family, str]:
        """The token's family, and the refresh token that takes its place; raise `InvalidGrant`."""
        found = self._tokens.get(token)
        if found is None or client != found.family.asked.client:
            raise InvalidGrant("the refresh token is unknown")
        now = self.clock()
        if found.replaced_at is not None and now >= found.replaced_at + grace:
            found.family.dead = True
        if found.family.dead or now >= found.family.expires_at:
            raise InvalidGrant("the refresh token is revoked or too old")
        found.replaced_at = now if found.replaced_at is None else found.replaced_at
        return found.family, self._issue(found.family)

    def revoke(self, token: str, client: str) -> None:
        """End the token's whole family; an unknown one is nothing to end (RFC 7009)."""
        found = self._tokens.get(token)
        if found and found.family.asked.client == client:
            found.family.dead = True

    def end_all(self) -> None:
        """Nobody is signed in any more; access tokens live on to their end."""
        self._sessions.clear()
        self._codes.clear()
        self._tokens.clear()

    def _issue(self, family: Family) -> str:
        token = _random()
        self._tokens[token] = _Token(family)
        return token


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _random() -> str:
    return secrets.token_urlsafe(32)
