"""Texts that we give out and take back, authenticated with a key of ours: webhook tokens and list cursors."""

from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from veil.domain.errors import InvalidCursor, TokenNotFound
from veil.domain.ports import AttemptRef, Secret, WebhookTokens


def _serializer(key: str, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=salt, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"})


def _read(serializer: URLSafeSerializer, text: str) -> Any:
    """What was sealed. Raises `BadSignature`, also for a text that is not byte for byte what we issued: base64 accepts
    variants, with padding or line ends.
    """
    try:
        value = serializer.loads(text)
    except UnicodeEncodeError as error:  # half a surrogate pair
        raise BadSignature("not text") from error
    if serializer.dumps(value) != text:
        raise BadSignature("not as it was sealed")
    return value


def _unsealed(key: Secret, salt: str, text: str) -> Any:
    """What was sealed with any honoured value of the key; raises `BadSignature`.

    Itsdangerous would take all of them at once: we would read older values that are hardly ever needed.
    """
    refused = BadSignature("no key")
    for value in key.honoured():
        try:
            return _read(_serializer(value, salt), text)
        except BadSignature as error:
            refused = error
    raise refused


class SealedTokens(WebhookTokens):
    """Sealed with the key's current value, unsealed with any that is honoured."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def seal(self, ref: AttemptRef) -> str:
        fields = [ref.user, ref.generation_id, ref.index, ref.attempt]
        return str(_serializer(self._key(), "webhook-token").dumps(fields))

    def unseal(self, token: str) -> AttemptRef:
        try:
            return AttemptRef(*_unsealed(self._key, "webhook-token", token))
        except BadSignature as error:
            raise TokenNotFound from error


class Cursors:
    """A cursor is the id to go on after, bound to its user and its list."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def seal(self, user: str, listing: str, after: str | None) -> str | None:
        return str(_serializer(self._key(), f"cursor/{listing}/{user}").dumps(after)) if after else None

    def unseal(self, user: str, listing: str, cursor: str | None) -> str | None:
        """Raises `InvalidCursor` for one that is forged, or another user's or list's."""
        if cursor is None:
            return None
        try:
            return str(_unsealed(self._key, f"cursor/{listing}/{user}", cursor))
        except BadSignature as error:
            raise InvalidCursor from error
