"""Texts that we hand out and take back: webhook tokens and list cursors, authenticated with a key of ours."""

from collections.abc import Callable
from hashlib import sha256

from itsdangerous import BadSignature, URLSafeSerializer

from veil.domain.errors import InvalidCursor, TokenNotFound
from veil.domain.ports import ImageRef


def _serializer(key: str, salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=salt, signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"})


class SealedTokens:
    """`veil.domain.ports.WebhookTokens`. ``key`` is asked for each time: a new one is in use soon, and voids what
    was handed out before.
    """

    def __init__(self, key: Callable[[], str]) -> None:
        self._key = key

    def seal(self, ref: ImageRef) -> str:
        fields = [ref.user, ref.generation_id, ref.index, ref.attempt]
        return str(_serializer(self._key(), "webhook-token").dumps(fields))

    def open(self, token: str) -> ImageRef:
        try:
            return ImageRef(*_serializer(self._key(), "webhook-token").loads(token))
        except BadSignature as error:
            raise TokenNotFound from error


class Cursors:
    """A cursor is the id to go on after, bound to its user and its list."""

    def __init__(self, key: Callable[[], str]) -> None:
        self._key = key

    def seal(self, user: str, listing: str, after: str | None) -> str | None:
        return str(_serializer(self._key(), f"cursor/{listing}/{user}").dumps(after)) if after else None

    def open(self, user: str, listing: str, cursor: str | None) -> str | None:
        """Raises `InvalidCursor` for one that is forged, or another user's or list's."""
        if cursor is None:
            return None
        try:
            return str(_serializer(self._key(), f"cursor/{listing}/{user}").loads(cursor))
        except BadSignature as error:
            raise InvalidCursor from error
