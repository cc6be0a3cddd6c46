"""Users' hashes: keyed, the same in every process, and no line of the log waits or fails for their key."""

import io
import json
import logging
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from tests.fakes.clock import FakeClock
from tests.fakes.secrets import FakeSecret
from veil.adapters.telemetry import PowertoolsTelemetry
from veil.adapters.user_hash import QUIET_SECONDS, HashInLogs, KeyedUserHash
from veil.domain.ports import StorageUnavailable
from veil.observability import logger, users

DENIED = ClientError({"Error": {"Code": "AccessDeniedException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Get")


class Key(FakeSecret):
    """A key that can't be had as long as it ``raises``."""

    def __init__(self, value: str = "a key") -> None:
        super().__init__(value)
        self.raises: Exception | None = None
        self.reads = 0

    def __call__(self) -> str:
        self.reads += 1
        if self.raises:
            raise self.raises
        return super().__call__()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    handler, out = logger.registered_handler, io.StringIO()
    assert isinstance(handler, logging.StreamHandler)
    monkeypatch.setattr(users, "hash_of", users.hash_of)
    before = handler.setStream(out)
    yield out
    users.of_request = None
    handler.setStream(before)


def _lines(written: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_the_hash_of_rfc_4231() -> None:
    """Its second test case: HMAC-SHA256 under the key "Jefe"."""
    assert KeyedUserHash(Key("Jefe"))("what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_who_guesses_an_id_does_not_recognise_it() -> None:
    one, another = KeyedUserHash(Key("one")), KeyedUserHash(Key("another"))
    assert len({one("ada"), another("ada"), one("bob"), sha256(b"ada").hexdigest()}) == 4
    assert one("사용자") == KeyedUserHash(Key("one"))("사용자")


def test_the_key_is_read_once() -> None:
    key = Key()
    user_hash = KeyedUserHash(key)
    before = user_hash("ada")
    key.rotate("another key")
    assert (user_hash("ada"), user_hash("bob"), key.reads) == (before, user_hash("bob"), 1)


def test_without_the_key_there_is_no_hash() -> None:
    key = Key()
    key.raises = StorageUnavailable("secretsmanager")
    user_hash = KeyedUserHash(key)
    with pytest.raises(StorageUnavailable):
        user_hash("ada")
    key.raises = None
    assert user_hash("ada") == KeyedUserHash(Key())("ada")


def test_a_line_names_its_user_and_a_request_is_hashed_when_it_logs(written: io.StringIO) -> None:
    key = Key()
    users.hash_of = HashInLogs(KeyedUserHash(key))
    telemetry = PowertoolsTelemetry("test")
    users.of_request = "ada"
    assert key.reads == 0
    logger.info("of the request")
    telemetry.log("of another", user="bob")
    users.of_request = None
    logger.info("of nobody")
    wanted = [KeyedUserHash(Key())(user)[:16] for user in ("ada", "bob")]
    assert [line.get("user") for line in _lines(written)] == [*wanted, None]


@pytest.mark.parametrize(
    "error", [StorageUnavailable("EndpointConnectionError"), DENIED, NoCredentialsError()], ids=repr
)
def test_a_line_is_written_without_the_key(written: io.StringIO, error: Exception) -> None:
    """It is said once a minute, and no other line asks for the key meanwhile."""
    key, clock = Key(), FakeClock()
    key.raises = error
    users.hash_of = HashInLogs(KeyedUserHash(key), clock)
    users.of_request = "ada"
    logger.info("one")
    logger.info("two")
    assert key.reads == 1
    clock.advance(QUIET_SECONDS)
    key.raises = None
    logger.info("three")
    lines = _lines(written)
    assert [line["message"] for line in lines] == ["the log names no users", "one", "two", "three"]
    assert [line.get("user") for line in lines] == [None] * 3 + [KeyedUserHash(Key())("ada")[:16]]
    assert (lines[0]["level"], lines[0]["why"]) == ("WARNING", repr(error))
