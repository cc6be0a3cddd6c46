"""The bucket: what was written first stays, and URLs are for exactly one object."""

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.contract.backends import Backend
from tests.contract.racing import RACES, at_once
from tests.fakes.replicate import describe
from veil.domain.likeness import Likeness
from veil.domain.uploads import incoming_key, user_folder


@pytest.fixture
def key(user: str) -> str:
    return f"results/{user_folder(user)}/generation/0"


def test_what_is_not_there_reads_as_nothing(backend: Backend, key: str) -> None:
    assert backend.photos.read(key) is None


def test_what_is_written_once_stays(backend: Backend, key: str) -> None:
    first, second = describe(b"first"), describe(b"second, longer")
    assert backend.photos.write_once(key, b"first", first) == first
    assert backend.photos.write_once(key, b"second, longer", second) == first
    assert backend.photos.write_once(key, b"first", first) == first
    assert backend.photos.read(key) == b"first"


def test_what_was_found_of_its_bytes_stays_with_them(backend: Backend, key: str) -> None:
    """Also where somebody else's bytes were found to be something else."""
    first = replace(describe(b"first"), likeness=Likeness("fake", 80, 91, 1))
    other = replace(describe(b"other"), likeness=Likeness("fake", 80, 99, 1))
    assert backend.photos.write_once(key, b"first", first) == first
    assert backend.photos.write_once(key, b"other", other) == first
    assert backend.photos.write_once(key, b"third", describe(b"third")) == first
    unchecked = replace(first, likeness=Likeness("fake", 80))
    for _ in range(2):
        assert backend.photos.write_once(f"{key}1", b"first", unchecked) == unchecked


def test_deleting_takes_all_that_is_there(backend: Backend, key: str) -> None:
    keys = [f"{key}{number}" for number in range(3)]
    for one in keys[:2]:
        backend.photos.write_once(one, b"photo", describe(b"photo"))
    backend.photos.write_once(key, b"kept", describe(b"kept"))
    backend.photos.delete(keys)
    backend.photos.delete(keys)
    assert [backend.photos.read(one) for one in (key, *keys)] == [b"kept", None, None, None]


def test_a_deleted_object_may_be_written_once_more(backend: Backend, key: str) -> None:
    backend.photos.write_once(key, b"first", describe(b"first"))
    backend.photos.delete([key])
    second = describe(b"second")
    assert backend.photos.write_once(key, b"second", second) == second


def test_a_place_to_put_a_photo_names_all_that_it_is_for(backend: Backend, user: str) -> None:
    checksum = b64encode(sha256(b"photo").digest()).decode()
    key = incoming_key(user, "id")
    put = backend.photos.presign_put(key, "image/jpeg", 5, checksum, 300)
    assert put.headers == {"Content-Type": "image/jpeg", "x-amz-checksum-sha256": checksum}
    assert key in put.url
    without = backend.photos.presign_put(key, "image/png", 7, None, 300)
    assert without.headers == {"Content-Type": "image/png"}


def test_a_url_for_a_provider(backend: Backend, key: str) -> None:
    url, expires_at = backend.photos.presign_get(key, 900)
    assert key in url
    assert expires_at > 900
    assert backend.photos.presign_get(f"{key}1", 900)[0] != url


@RACES
def test_of_many_writers_at_once_all_are_told_what_stands(backend: Backend, key: str) -> None:
    every = [f"portrait {number}".encode() for number in range(8)]
    told = at_once([lambda data=data: backend.photos.write_once(key, data, describe(data)) for data in every])  # type: ignore[misc]
    stands = backend.photos.read(key)
    assert stands is not None
    assert set(map(str, told)) == {str(describe(stands))}
