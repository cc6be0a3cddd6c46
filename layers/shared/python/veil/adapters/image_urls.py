"""Signed URLs of images, as CloudFront verifies them: a canned policy, signed by the key in the secret.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
"""

import json
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from time import time
from typing import Protocol

from veil.domain.delivery import ImageUrls

GOOD_SECONDS = 900
SAME_SECONDS = 60  # an answer with the same images is the same answer, byte for byte, for so long
SETTLED_SECONDS = 600  # by when every edge knows a new key; until then the one before it signs
CLOUDFRONTS = bytes.maketrans(b"+=/", b"-_~")  # its letters for base64's that a URL can't hold


class SettlingSecret(Protocol):
    """A secret whose new value is used once it has stood for a while."""

    def settled(self, seconds: float) -> str:
        """Raises `StorageUnavailable`."""


def canned_policy(resource: str, expires: int) -> bytes:
    """The text that is signed, to the letter: CloudFront makes it anew out of the URL."""
    statement = {"Resource": resource, "Condition": {"DateLessThan": {"AWS:EpochTime": expires}}}
    return json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()


class SignedImageUrls(ImageUrls):
    """``web_url``: the edge as people reach it, which is what is signed."""

    def __init__(self, web_url: str, key: SettlingSecret, clock: Callable[[], float] = time) -> None:
        self._web_url, self._key, self._clock = web_url.rstrip("/"), key, clock
        self._signed = lru_cache(maxsize=1024)(self._sign)

    def sign(self, key: str, file: str | None = None) -> tuple[str, float]:
        """Good for 15 to 16 minutes: all processes sign the same URL until the clock's next minute."""
        until = (int(self._clock() // SAME_SECONDS) + 1) * SAME_SECONDS
        expires = until + GOOD_SECONDS
        return self._signed(self._key.settled(SETTLED_SECONDS), key, file, expires), float(expires)

    def _sign(self, secret: str, key: str, file: str | None, expires: int) -> str:
        key_id, signer = _signer(secret)
        resource = f"{self._web_url}/{key}" + (f"?download={file}" if file else "")
        signature = b64encode(signer(canned_policy(resource, expires))).translate(CLOUDFRONTS).decode()
        own = f"Expires={expires}&Signature={signature}&Key-Pair-Id={key_id}&Hash-Algorithm=SHA256"
        return f"{resource}{'&' if file else '?'}{own}"


@lru_cache(maxsize=2)
def _signer(secret: str) -> tuple[str, Callable[[bytes], bytes]]:
    """A key's id and what signs with it."""
    from veil.adapters.delivery_keys import Signer  # noqa: PLC0415 - 30 ms of a cold start, if anyone has images

    value = json.loads(secret)
    return value["key_id"], Signer(value["pem"])
