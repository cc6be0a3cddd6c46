"""The check of a photo that has landed: once, though its message comes again, and the raw photo goes last."""

import pytest

from tests.fakes.world import World
from veil.domain.generation import StoredOutput
from veil.domain.photos import Face, FaceServiceDown, FaceServiceRefused, Photo, ReaderFailed, Rejected
from veil.domain.ports import StorageUnavailable
from veil.domain.uploads import Reason, Upload, UploadStatus, incoming_key, input_key


@pytest.fixture
def upload(world: World) -> Upload:
    """One whose photo has just landed."""
    upload, _ = world.create_upload("ada", "image/heic", 9, None)
    world.photos.land(incoming_key("ada", upload.id), b"raw photo", "image/heic")
    return upload


def raw(world: World, upload: Upload) -> bytes | None:
    return world.photos.read(incoming_key("ada", upload.id))


def plain(world: World, upload: Upload) -> bytes | None:
    return world.photos.read(input_key("ada", upload.id))


def check(world: World, upload: Upload) -> Upload:
    world.check(incoming_key("ada", upload.id))
    return world.get_upload("ada", upload.id)


def test_a_good_photo_is_ready_and_its_raw_bytes_are_gone(world: World, upload: Upload) -> None:
    world.reader.photo = Photo(b"plain", 700, 900)
    after = check(world, upload)
    assert (after.status, after.width, after.height) == (UploadStatus.READY, 700, 900)
    assert world.reader.read_bytes == [b"raw photo"]
    assert plain(world, upload) == b"plain"
    assert raw(world, upload) is None


@pytest.mark.parametrize("reason", [Reason.NOT_AN_IMAGE, Reason.TYPE_MISMATCH, Reason.UNREADABLE_IMAGE])
def test_what_cannot_be_read_is_rejected(world: World, upload: Upload, reason: Reason) -> None:
    world.reader.error = Rejected(reason)
    after = check(world, upload)
    assert (after.status, after.reason) == (UploadStatus.REJECTED, reason)
    assert raw(world, upload) is None
    assert plain(world, upload) is None


@pytest.mark.parametrize(
    ("faces", "reason"),
    [
        ([], Reason.NO_FACE),
        ([Face(300, 300), Face(20, 20)], Reason.MULTIPLE_FACES),
        ([Face(63, 200)], Reason.FACE_TOO_SMALL),
    ],
)
def test_there_must_be_one_face_and_large_enough(
    world: World, upload: Upload, faces: list[Face], reason: Reason
) -> None:
    world.faces.faces = faces
    after = check(world, upload)
    assert (after.status, after.reason) == (UploadStatus.REJECTED, reason)
    assert raw(world, upload) is None
    assert plain(world, upload) is None


def test_a_face_of_just_the_size_will_do(world: World, upload: Upload) -> None:
    world.faces.faces = [Face(64, 80)]
    assert check(world, upload).status is UploadStatus.READY


def test_what_the_face_service_cannot_read_is_rejected(world: World, upload: Upload) -> None:
    world.faces.error = Rejected(Reason.UNREADABLE_IMAGE)
    assert check(world, upload).reason is Reason.UNREADABLE_IMAGE


@pytest.mark.parametrize(("error", "alarms"), [(FaceServiceDown("429"), 0), (FaceServiceRefused("401"), 1)])
def test_a_face_service_that_does_not_answer_puts_it_off(
    world: World, upload: Upload, error: Exception, alarms: int
) -> None:
    world.faces.error = error
    with pytest.raises(type(error)):
        check(world, upload)
    assert world.get_upload("ada", upload.id).status is UploadStatus.CHECKING
    assert raw(world, upload) == b"raw photo"
    assert world.telemetry.total("FaceServiceRefused") == alarms
    world.faces.error = None
    assert check(world, upload).status is UploadStatus.READY
    assert raw(world, upload) is None


@pytest.mark.parametrize("rejected", [False, True])
def test_a_message_that_comes_again_changes_nothing(world: World, upload: Upload, rejected: bool) -> None:
    world.reader.error = Rejected(Reason.NOT_AN_IMAGE) if rejected else None
    before = check(world, upload)
    world.reader.error = None if rejected else Rejected(Reason.NOT_AN_IMAGE)
    assert check(world, upload) == before
    assert len(world.reader.read_bytes) == 1


def test_a_photo_put_again_after_its_check_is_deleted_unread(world: World, upload: Upload) -> None:
    before = check(world, upload)
    world.photos.land(incoming_key("ada", upload.id), b"another", "image/heic")
    assert check(world, upload) == before
    assert raw(world, upload) is None
    assert plain(world, upload) == b"a plain jpeg"


def test_a_message_whose_photo_another_check_has_just_deleted_is_done(world: World, upload: Upload) -> None:
    world.photos.delete([incoming_key("ada", upload.id)])
    assert check(world, upload).status is UploadStatus.CHECKING
    assert world.reader.read_bytes == []


def test_of_two_checks_at_once_the_first_to_end_decides(
    world: World, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = world.reader.read

    def meanwhile(data: bytes, content_type: str) -> Photo:
        """The other check, which finds nothing wrong, runs from start to end."""
        monkeypatch.setattr(world.reader, "read", read)
        check(world, upload)
        raise Rejected(Reason.UNREADABLE_IMAGE)

    monkeypatch.setattr(world.reader, "read", meanwhile)
    assert check(world, upload).status is UploadStatus.READY
    assert plain(world, upload) == b"a plain jpeg"


@pytest.mark.parametrize("port", ["photos.write_once", "uploads.ready"])
def test_of_a_photo_put_twice_the_size_is_told_that_stands(
    world: World, upload: Upload, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    """While its check is between two steps, another photo lands, and is checked from start to end."""
    owner, name = port.split(".")
    step = getattr(getattr(world, owner), name)

    def meanwhile(*arguments: object) -> object:
        monkeypatch.undo()
        world.photos.land(incoming_key("ada", upload.id), b"another", "image/heic")
        world.reader.photo = Photo(b"another plain jpeg", 512, 300)
        check(world, upload)
        return step(*arguments)

    monkeypatch.setattr(getattr(world, owner), name, meanwhile)
    told = check(world, upload)
    sizes = {b"a plain jpeg": (768, 1024), b"another plain jpeg": (512, 300)}
    assert sizes[plain(world, upload) or b""] == (told.width, told.height)


def test_the_plain_photo_of_a_check_that_ended_second_is_taken_back(
    world: World, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one rejected the photo meanwhile: what was rejected leaves no bytes."""
    write = world.photos.write_once

    def meanwhile(key: str, data: bytes, output: StoredOutput) -> StoredOutput:
        world.uploads.reject(upload, Reason.NO_FACE)
        return write(key, data, output)

    monkeypatch.setattr(world.photos, "write_once", meanwhile)
    assert check(world, upload).reason is Reason.NO_FACE
    assert plain(world, upload) is None
    assert raw(world, upload) is None


def test_a_photo_that_cannot_be_read_has_a_verdict_at_the_last_try(world: World, upload: Upload) -> None:
    key = incoming_key("ada", upload.id)
    world.reader.error = ReaderFailed("no answer within 40 s")
    with pytest.raises(ReaderFailed):
        world.check(key)
    assert world.get_upload("ada", upload.id).status is UploadStatus.CHECKING
    world.check(key, last_try=True)
    assert world.get_upload("ada", upload.id).reason is Reason.UNREADABLE_IMAGE
    assert raw(world, upload) is None
    assert world.telemetry.total("PhotoDefects") == 1


@pytest.mark.parametrize("port", ["photos.write_once", "uploads.ready", "photos.delete"])
def test_a_crash_at_any_step_is_made_good_by_the_next_message(
    world: World, upload: Upload, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    def fail(*_: object) -> None:
        raise StorageUnavailable("throttled")

    owner, name = port.split(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(world, owner), name, fail)
        with pytest.raises(StorageUnavailable):
            check(world, upload)
    assert raw(world, upload) == b"raw photo"
    assert check(world, upload).status is UploadStatus.READY
    assert raw(world, upload) is None


@pytest.mark.parametrize("key", ["incoming/!/x", "incoming/YWRh", "incoming/YWRh/unknown", "other/YWRh/x", "x"])
def test_an_object_of_no_upload_is_deleted(world: World, key: str) -> None:
    world.photos.land(key, b"whatever", "image/jpeg")
    world.check(key)
    assert world.photos.read(key) is None
    assert world.reader.read_bytes == []


def test_a_key_that_is_not_ascii_is_nobodys(world: World) -> None:
    world.photos.land("incoming/é/x", b"whatever", "image/jpeg")
    world.check("incoming/é/x")
    assert world.photos.read("incoming/é/x") is None
