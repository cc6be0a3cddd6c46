"""Texts that we hand out and take back: webhook tokens and list cursors, authenticated with a key of ours."""

from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from veil.adapters.aws.secrets import Secret
from veil.domain.errors import InvalidCursor, TokenNotFound
from veil.domain.ports import AttemptRef


def _serializer(key: str, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=salt, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"})


def _read(serializer: URLSafeSerializer, text: str) -> Any:
    """What was sealed, from the very text that it was sealed as: base64 would read others as the same, with padding or
    line ends in them. Raises `BadSignature`.
    """
    try:
        value = serializer.loads(text)
    except UnicodeEncodeError as error:  # half a surrogate pair
        raise BadSignature("no text") from error
    if serializer.dumps(value) != text:
        raise BadSignature("not as it was sealed")
    return value


def _unsealed(key: Secret, salt: str, text: str) -> Any:
    """What was sealed with any value of the key that is honoured; raises `BadSignature`.

    Itsdangerous would take all of them at once, and so make us read those that are hardly ever needed.
    """
    refused = BadSignature("no key")
    for value in key.honoured():
        try:
            return _read(_serializer(value, salt), text)
        except BadSignature as error:
            refused = error
    raise refused


class SealedTokens:
    """`veil.domain.ports.WebhookTokens`. Sealed with the key's current value, and opened with any that is honoured."""

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
