"""Kakao, Naver, Apple and Google, each where the context has its client id. What each knows of a person beside their id
there is not asked for: Veil needs none of it.
"""

from collections.abc import Callable
from typing import NamedTuple

from aws_cdk import SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.context import Context
from infra.secret_names import SIGN_IN, name_of

type Made = (
    cognito.UserPoolIdentityProviderOidc
    | cognito.UserPoolIdentityProviderApple
    | cognito.UserPoolIdentityProviderGoogle
)


class Issuer(NamedTuple):
    """An OpenID provider, of which Cognito reads the discovery document, and its name in the pool."""

    name: str
    url: str


ISSUERS = {"kakao": Issuer("Kakao", "https://kauth.kakao.com"), "naver": Issuer("Naver", "https://nid.naver.com")}


def providers_of(scope: Construct, pool: cognito.UserPool, context: Context) -> dict[str, Made]:
    """Those of the stage, by our names for them, in the order in which they are shown.

    Their secrets are read by CloudFormation, from Secrets Manager; no template has them.
    """
    make: dict[str, Callable[[str, SecretValue], Made]] = {
        "kakao": lambda client, secret: _oidc(scope, pool, "kakao", client, secret),
        "naver": lambda client, secret: _oidc(scope, pool, "naver", client, secret),
        "apple": lambda client, secret: cognito.UserPoolIdentityProviderApple(
            scope,
            "Apple",
            user_pool=pool,
            client_id=client,
            team_id=str(context.apple_team_id),
            key_id=str(context.apple_key_id),
            private_key_value=secret,
            scopes=["email"],
        ),
        "google": lambda client, secret: cognito.UserPoolIdentityProviderGoogle(
            scope,
            "Google",
            user_pool=pool,
            client_id=client,
            client_secret_value=secret,
            scopes=["openid", "email", "profile"],
        ),
    }
    return {
        name: make[name](client, SecretValue.secrets_manager(name_of(context.stage, SIGN_IN[name])))
        for name, client in context.identity_providers.items()
    }


def _oidc(scope: Construct, pool: cognito.UserPool, name: str, client: str, secret: SecretValue) -> Made:
    return cognito.UserPoolIdentityProviderOidc(
        scope,
        ISSUERS[name].name,
        name=ISSUERS[name].name,
        user_pool=pool,
        issuer_url=ISSUERS[name].url,
        client_id=client,
        client_secret=secret.unsafe_unwrap(),  # a reference, which is all that the template has
        scopes=["openid"],
    )
