"""A provider's key is tried with a code that never was: who does not know the key says ``invalid_client``, who knows it
says ``invalid_grant`` (RFC 6749, section 5.2). Nobody is signed in, and nothing is left there.
"""

import time

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from infra.context import Context
from operations.trials import SECONDS, Trial, Verdict

TOKEN_URLS = {
    "kakao": "https://kauth.kakao.com/oauth/token",
    "naver": "https://nid.naver.com/oauth2/token",
    "apple": "https://appleid.apple.com/auth/token",
    "google": "https://oauth2.googleapis.com/token",
}
APPLE = "https://appleid.apple.com"


def key(provider: str, url: str, context: Context, value: str, redirect_uri: str) -> Trial:
    """Whether ``provider`` knows ``value`` as its client's of the context."""
    client = context.identity_providers.get(provider)
    if client is None:
        return Trial(Verdict.REFUSED, f"this stage has no {provider}_client_id")
    secret = _apples(context, value) if provider == "apple" else value
    if isinstance(secret, Trial):
        return secret
    form = {
        "grant_type": "authorization_code",
        "code": "veil-trial",
        "client_id": client,
        "client_secret": secret,
        "redirect_uri": redirect_uri,
    }
    try:
        answer = httpx.post(url, data=form, timeout=SECONDS)
    except httpx.HTTPError as error:
        return Trial(Verdict.UNKNOWN, f"{url} does not answer ({type(error).__name__})")
    return _judged(answer)


def _judged(answer: httpx.Response) -> Trial:
    try:
        error = str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return Trial(Verdict.UNKNOWN, f"the provider answered {answer.status_code}")
    if error == "invalid_grant":
        return Trial(Verdict.WORKS, "")
    if error in ("invalid_client", "unauthorized_client"):
        return Trial(Verdict.REFUSED, "the provider does not accept it with this client id")
    return Trial(Verdict.UNKNOWN, f"the provider answered {error[:40]}")


def _apples(context: Context, value: str) -> str | Trial:
    """What Apple takes for a secret: a claim signed by the key, good for five minutes."""
    try:
        signer = ECKey.import_key(f"-----BEGIN PRIVATE KEY-----\n{value}\n-----END PRIVATE KEY-----\n")
        now = int(time.time())
        claims = {
            "iss": context.apple_team_id,
            "sub": context.apple_client_id,
            "aud": APPLE,
            "iat": now,
            "exp": now + 300,
        }
        return jwt.encode({"alg": "ES256", "kid": context.apple_key_id}, claims, signer)
    except (JoseError, ValueError):
        return Trial(Verdict.REFUSED, "it is no key of Apple's: give the file, --file apple-private-key=AuthKey_….p8")
