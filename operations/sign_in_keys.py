"""The keys of the providers that people sign in with: put before a deployment, since CloudFormation reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.context import Context
from infra.secret_names import SIGN_IN, name_of
from operations import sign_in_trials
from operations.account import Account
from operations.put_keys import PutKeys, stored
from operations.trials import Trial

NAMES = tuple(secret.name for secret in SIGN_IN.values())
PROVIDERS = {secret.name: provider for provider, secret in SIGN_IN.items()}
IN_THE_POOL = {"kakao": "Kakao", "naver": "Naver", "apple": "SignInWithApple", "google": "Google"}
WHERE = {
    "kakao": "developers.kakao.com, the app, Kakao Login, Security, Client secret (switched on)",
    "naver": "developers.naver.com, My application, Client Secret",
    "apple": "developer.apple.com, Keys, Sign in with Apple: a file; use --file apple-private-key=AuthKey_….p8",
    "google": "console.cloud.google.com, Credentials, the OAuth client, Client secret",
}


def redirect_uri(stage: str, account: Account) -> str:
    """What is registered at each provider: where it sends people back to, the user pool's login."""
    return f"https://veil-{stage}-{account.number}.auth.{account.region}.amazoncognito.com/oauth2/idpresponse"


def missing(context: Context, store: Any) -> list[str]:
    """The names of those that the stage needs and has not."""
    needed = [SIGN_IN[provider] for provider in context.identity_providers]
    return [secret.name for secret in needed if stored(store, name_of(context.stage, secret)) is None]


@dataclass(kw_only=True)
class PutSignInKeys(PutKeys):
    """``hand_over`` gives a new key to the user pool, where it is deployed with that provider."""

    context: Context
    redirect_uri: str
    hand_over: Callable[[str, str], None]
    urls: Mapping[str, str] = field(default_factory=lambda: sign_in_trials.TOKEN_URLS)

    def put(self, name: str, given: str | None) -> bool:
        """The pool is told each time: a run before may have been stopped between the two."""
        well = super().put(name, given)
        if well:
            self.hand_over(PROVIDERS[name], self.stored(name) or "")
        return well

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(SIGN_IN[provider].name for provider in self.context.identity_providers)

    def where(self, name: str) -> str:
        return f"{WHERE[PROVIDERS[name]]}; registered there: {self.redirect_uri}"

    def trial(self, name: str, value: str) -> Trial:
        provider = PROVIDERS[name]
        return sign_in_trials.key(provider, self.urls[provider], self.context, value, self.redirect_uri)

    def plain(self, name: str, value: str) -> str:
        """Of Apple's file, its letters alone."""
        if PROVIDERS[name] != "apple":
            return value.strip()
        return "".join(line.strip() for line in value.splitlines() if not line.startswith("-----"))

    def write(self, name: str, value: str) -> None:
        try:
            super().write(name, value)
        except self.store.exceptions.ResourceNotFoundException:
            description = SIGN_IN[PROVIDERS[name]].description
            self.store.create_secret(Name=self.id(name), Description=description, SecretString=value)


def hand_over(cognito: Any, pool: str, provider: str, value: str) -> None:
    """Let the pool use ``value`` from now on; a provider that it does not have yet reads it when it is made."""
    known = {"UserPoolId": pool, "ProviderName": IN_THE_POOL[provider]}
    try:
        details = cognito.describe_identity_provider(**known)["IdentityProvider"]["ProviderDetails"]
    except cognito.exceptions.ResourceNotFoundException:
        return
    key = "private_key" if provider == "apple" else "client_secret"
    cognito.update_identity_provider(**known, ProviderDetails={**details, key: value})


def take_away(stage: str, store: Any) -> None:
    """All of a stage's; one that is not there is gone already."""
    for secret in SIGN_IN.values():
        store.delete_secret(SecretId=name_of(stage, secret), ForceDeleteWithoutRecovery=True)
