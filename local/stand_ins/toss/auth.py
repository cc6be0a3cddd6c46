"""Which merchant calls: Basic authentication with a secret key and no password.

Source: https://docs.tosspayments.com/reference/using-api/authorization
"""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable

from local.stand_ins.toss.errors import Refused
from local.stand_ins.toss.settings import Merchant

# a widget's pair, a client key where the secret one belongs
_ANOTHER_KIND = re.compile(r"(test|live)_(gsk|gck|ck)_")


def authenticate(authorization: str, merchants: Iterable[Merchant]) -> Merchant:
    """The merchant whose secret key the header holds. Raises `Refused`."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise Refused("UNAUTHORIZED_KEY")
    try:
        key, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("INCORRECT_BASIC_AUTH_FORMAT") from None
    if not colon or password:
        raise Refused("INCORRECT_BASIC_AUTH_FORMAT")
    if _ANOTHER_KIND.match(key):
        raise Refused("INVALID_API_KEY")
    for merchant in merchants:
        if hmac.compare_digest(key.encode(), merchant.secret_key.encode()):
            return merchant
    raise Refused("UNAUTHORIZED_KEY")
