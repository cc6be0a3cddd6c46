"""What stands for a user where their id must not stand."""

import hmac
from collections.abc import Callable
from threading import Lock
from time import time

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from veil.domain.ports import Secret, StorageUnavailable, UserHash
from veil.observability import logger

# Lines of the log wait for the key: it is given up after two tries, 3 s at the worst.
PATIENCE = Config(connect_timeout=0.5, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})
QUIET_SECONDS = 60  # how long no line asks for a key that could not be had
DIGITS_IN_LOGS = 16


class KeyedUserHash:
    """`veil.domain.ports.UserHash`: HMAC-SHA256. Whoever guesses an id can't recognise it without the key.

    The key is read once in a process: it never has to rotate, and after a rotation nobody's hash is what it was.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key
        self._value: bytes | None = None

    def __call__(self, user: str) -> str:
        if self._value is None:
            self._value = self._key().encode()
        return hmac.digest(self._value, user.encode(), "sha256").hex()


class HashInLogs:
    """The first digits of a user's hash; None while the key can't be had, which no line fails or waits for again."""

    def __init__(self, user_hash: UserHash, clock: Callable[[], float] = time) -> None:
        self._user_hash = user_hash
        self._clock = clock
        self._lock = Lock()  # of several lines at once, one asks for the key, and the others need not ask again
        self._quiet_until = 0.0

    def __call__(self, user: str) -> str | None:
        with self._lock:
            if self._clock() < self._quiet_until:
                return None
            try:
                return self._user_hash(user)[:DIGITS_IN_LOGS]
            except (StorageUnavailable, BotoCoreError, ClientError) as error:  # a right that is missing, too
                self._quiet_until = self._clock() + QUIET_SECONDS
                why = repr(error)
        logger.warning("the log names no users", extra={"why": why})
        return None
