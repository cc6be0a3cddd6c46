"""Uploads: a settled one stays as it is, whichever of two checks ends last."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.contract.backends import Backend
from tests.fakes.clock import START
from veil.domain.ports import Uploads
from veil.domain.uploads import Reason, Upload, UploadStatus

SETTLE: dict[str, Callable[[Uploads, Upload], bool | None]] = {
    "ready": lambda uploads, upload: uploads.ready(upload, 768, 1024),
    "rejected": lambda uploads, upload: uploads.reject(upload, Reason.NO_FACE),
}


def created(backend: Backend, user: str) -> Upload:
    upload = Upload(user, backend.new_id(START), "image/heic", 123_456, START + 0.5)
    backend.uploads.create(upload)
    return upload


def test_an_upload_comes_back_as_it_was_made(backend: Backend, user: str) -> None:
    upload = created(backend, user)
    assert backend.uploads.get(user, upload.id) == upload
    assert backend.uploads.get(f"{user}2", upload.id) is None
    assert backend.uploads.get(user, backend.new_id(START)) is None


@pytest.mark.parametrize("end", SETTLE)
def test_a_creation_that_arrives_again_late_changes_nothing(backend: Backend, user: str, end: str) -> None:
    upload = created(backend, user)
    SETTLE[end](backend.uploads, upload)
    settled = backend.uploads.get(user, upload.id)
    backend.uploads.create(upload)  # its first try hung on its way until the second one was long done
    assert backend.uploads.get(user, upload.id) == settled


def test_a_check_begins_and_may_begin_again(backend: Backend, user: str) -> None:
    upload = created(backend, user)
    for _ in range(2):  # the first one may have crashed
        assert backend.uploads.begin_check(upload)
        assert backend.uploads.get(user, upload.id) == replace(upload, status=UploadStatus.CHECKING)


def test_a_photo_is_ready_with_its_pixels(backend: Backend, user: str) -> None:
    upload = created(backend, user)
    backend.uploads.begin_check(upload)
    assert backend.uploads.ready(upload, 768, 1024)
    expected = replace(upload, status=UploadStatus.READY, width=768, height=1024)
    assert backend.uploads.get(user, upload.id) == expected


@pytest.mark.parametrize("reason", list(Reason))
def test_a_photo_is_rejected_with_its_reason(backend: Backend, user: str, reason: Reason) -> None:
    upload = created(backend, user)
    backend.uploads.begin_check(upload)
    backend.uploads.reject(upload, reason)
    assert backend.uploads.get(user, upload.id) == replace(upload, status=UploadStatus.REJECTED, reason=reason)


@pytest.mark.parametrize("settle", list(SETTLE))
def test_a_settled_upload_stays_as_it_is(backend: Backend, user: str, settle: str) -> None:
    upload = created(backend, user)
    SETTLE[settle](backend.uploads, upload)
    before = backend.uploads.get(user, upload.id)
    assert not backend.uploads.begin_check(upload)
    assert not backend.uploads.ready(upload, 1, 1)
    backend.uploads.reject(upload, Reason.UNREADABLE_IMAGE)
    assert backend.uploads.get(user, upload.id) == before


def test_an_upload_that_is_not_there_does_not_appear(backend: Backend, user: str) -> None:
    upload = Upload(user, backend.new_id(START), "image/jpeg", 5, START)
    assert not backend.uploads.begin_check(upload)
    for settle in SETTLE.values():
        settle(backend.uploads, upload)
    assert backend.uploads.get(user, upload.id) is None
