"""How an access token of a stage is had, for a command that acts as a user."""

import secrets
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
from botocore.exceptions import ClientError

from operations.errors import OperationError
from operations.visit import sign_in

VARIABLE = "VEIL_TOKEN"
SECONDS = 30


class UserPool(NamedTuple):
    """The stack's own Cognito user pool, and the app's client there."""

    id: str
    client: str


@dataclass(frozen=True)
class Access:
    """What a stage's tokens come from: its user pool, the local issuer's ``token_url``, or else an issuer of the team's
    own, whose tokens only the team can get.
    """

    pool: UserPool | None = None
    token_url: str | None = None

    def token(self, cognito: Callable[[], Any], environ: Mapping[str, str], command: str | None = None) -> str:
        """The token that ``VEIL_TOKEN`` holds or ``command`` prints, else one of a user whom nobody has seen before.

        Raises `OperationError`.
        """
        if command is not None:
            return _printed_by(command)
        if given := environ.get(VARIABLE, "").strip():
            return given
        if self.token_url is not None:
            return _of_local_issuer(self.token_url)
        if self.pool is not None:
            return _of_pool(cognito(), self.pool)
        raise OperationError(
            f"this stage trusts an issuer of your own: set {VARIABLE} to an access token of it, or give the command "
            "that prints one with --token-command"
        )


def _of_local_issuer(url: str) -> str:
    ask = sign_in(url, f"smoke-{uuid4()}")
    try:
        answer = httpx.post(ask.url, json=ask.json, trust_env=False, timeout=SECONDS)
    except httpx.TransportError as error:
        raise OperationError(f"{url} does not answer: {error}") from error
    return str(ask.accept(answer).json()["access_token"])


def _of_pool(cognito: Any, pool: UserPool) -> str:
    """A token of a user that is made for it. The user is gone at once, the token is good for its hour: the API asks
    the issuer's keys, not the pool.
    """
    user = {"UserPoolId": pool.id, "Username": f"smoke-{uuid4()}@veil.invalid"}
    password = f"{secrets.token_urlsafe(24)}aA1!"
    mail = [{"Name": "email", "Value": user["Username"]}, {"Name": "email_verified", "Value": "true"}]
    try:
        cognito.admin_create_user(**user, UserAttributes=mail, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**user, Password=password, Permanent=True)
        signed_in = cognito.admin_initiate_auth(
            UserPoolId=pool.id,
            ClientId=pool.client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user["Username"], "PASSWORD": password},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidParameterException" and "flow" in str(error).lower():
            raise OperationError("the app's client allows no sign-in by admins yet: make deploy this stage") from error
        raise
    finally:
        with suppress(cognito.exceptions.UserNotFoundException):  # it could not be made
            cognito.admin_delete_user(**user)
    return str(signed_in["AuthenticationResult"]["AccessToken"])


def _printed_by(command: str) -> str:
    """The last word of what it prints: some print more than the token."""
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - the team's own
    words = done.stdout.split()
    if done.returncode or not words:
        raise OperationError(
            f"the token's command failed (exit status {done.returncode}): {done.stderr.strip()[-300:]}"
        )
    return words[-1]
