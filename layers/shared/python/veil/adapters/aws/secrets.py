"""Secrets, from Secrets Manager, that may change under a running function.

Powertools' provider is not used: its cache takes a value's stages for one, and hides when a value was put.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from time import time
from typing import Any

from botocore.exceptions import ClientError

from veil.adapters.aws.client import aws_errors, client
from veil.domain.ports import Secret

MAX_AGE_SECONDS = 300  # how long a value is in use unasked
REREAD_SECONDS = 5  # whatever strangers send, a process asks for a secret no more often than this
GRACE_SECONDS = 3600  # how long the value before is honoured: by then every generation has ended


@dataclass(frozen=True, slots=True)
class _Version:
    id: str
    value: str
    created_at: float  # when it was put, which is when the one before was replaced; Unix seconds


class ManagedSecret(Secret):
    """One secret of Secrets Manager; whatever goes out is made with its current value."""

    def __init__(
        self, name: str, clock: Callable[[], float] = time, *, manager: Callable[[], Any] | None = None
    ) -> None:
        """``manager``: another client of Secrets Manager than the process's own."""
        self.name = name
        self._clock = clock
        self._manager = manager or (lambda: client("secretsmanager"))
        self._lock = Lock()  # four starts ask for it at once
        self._version: _Version | None = None
        self._read_at = self._asked_at = 0.0
        self._before: dict[str, str | None] = {}  # the value before, by the id of the version after it

    def __call__(self) -> str:
        """Raises `StorageUnavailable`."""
        return self._current().value

    def settled(self, seconds: float) -> str:
        """The current value, once it has stood for so long; until then the one before it, where there is one.

        Raises `StorageUnavailable`.
        """
        version = self._current()
        if self._clock() - version.created_at < seconds and (before := self._value_before(version)):
            return before
        return version.value

    def renew(self) -> None:
        """A provider refused this value: read the secret again, at most every `REREAD_SECONDS`."""
        with self._lock:
            if self._clock() - self._asked_at >= REREAD_SECONDS:
                self._read()

    def honoured(self) -> Iterator[str]:
        """The current value; the one before it, for an hour after the rotation; and one that was put since we last
        looked. A value is read only when those before it did not fit.
        """
        tried = None
        while (version := self._current()) != tried:
            yield from self._values(version)
            self.renew()
            tried = version

    def signing(self) -> Sequence[str]:
        """Nothing is read anew for it: whoever verifies honours the value before for longer than we keep it in use."""
        return list(self._values(self._current()))

    def _values(self, version: _Version) -> Iterator[str]:
        yield version.value
        if before := self._value_before(version):
            yield before

    def _current(self) -> _Version:
        with self._lock:
            if self._version is None or self._clock() - self._read_at >= MAX_AGE_SECONDS:
                return self._read()
            return self._version

    def _read(self) -> _Version:
        self._asked_at = self._clock()  # one that fails is an asking, too
        with aws_errors():
            answer = self._get("AWSCURRENT")
        self._version = _Version(answer["VersionId"], _value(answer), answer["CreatedDate"].timestamp())
        self._read_at = self._asked_at
        return self._version

    def _value_before(self, version: _Version) -> str | None:
        """The value that this one replaced, unless that is too long ago; read once."""
        if self._clock() - version.created_at >= GRACE_SECONDS:
            return None
        with self._lock:
            if version.id not in self._before:
                self._before = {version.id: self._read_before()}
            return self._before[version.id]

    def _read_before(self) -> str | None:
        with aws_errors():
            try:
                return _value(self._get("AWSPREVIOUS"))
            except ClientError as error:
                if error.response["Error"]["Code"] == "ResourceNotFoundException":  # its first value
                    return None
                raise

    def _get(self, stage: str) -> Any:
        return self._manager().get_secret_value(SecretId=self.name, VersionStage=stage)


def _value(answer: Any) -> str:
    return str(answer["SecretString"]).strip()  # a pasted line break is no secret
