"""A place to put one photo."""

import pytest

from tests.fakes.world import World
from veil.domain.errors import FileTooLarge, RateLimited, UnsupportedType, UploadNotFound
from veil.domain.uploads import (
    CONTENT_TYPES,
    MAX_UPLOAD_BYTES,
    MISSING_SECONDS,
    UPLOAD_LIFE_SECONDS,
    UploadStatus,
    incoming_key,
)


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_it_is_for_one_user_one_type_and_one_length(world: World, content_type: str) -> None:
    upload, put = world.create_upload("ada", content_type, MAX_UPLOAD_BYTES, "checksum")
    assert world.get_upload("ada", upload.id) == upload
    assert (upload.status, upload.content_type, upload.size) == (UploadStatus.PENDING, content_type, MAX_UPLOAD_BYTES)
    assert incoming_key("ada", upload.id) in put.url
    assert put.url.endswith(f"?length={MAX_UPLOAD_BYTES}&expires={world.clock() + 300:.0f}")
    assert put.headers == {"Content-Type": content_type, "x-amz-checksum-sha256": "checksum"}


@pytest.mark.parametrize(
    ("declared", "meant"),
    [
        ("image/jpg", "image/jpeg"),
        ("IMAGE/JPEG", "image/jpeg"),
        ("image/heif", "image/heic"),
        ("Image/HEIF", "image/heic"),
        ("image/PNG", "image/png"),
    ],
)
def test_a_type_by_another_name(world: World, declared: str, meant: str) -> None:
    upload, put = world.create_upload("ada", declared, 5, None)
    assert (upload.content_type, put.headers["Content-Type"]) == (meant, meant)


def test_a_wrong_type_or_size_takes_no_place_in_the_rate_limit(world: World) -> None:
    world.limiter.limit = 1
    for content_type in ("image/gif", "image/avif", "jpeg", ""):
        with pytest.raises(UnsupportedType):
            world.create_upload("ada", content_type, 5, None)
    with pytest.raises(FileTooLarge):
        world.create_upload("ada", "image/png", MAX_UPLOAD_BYTES + 1, None)
    world.create_upload("ada", "image/png", 5, None)
    with pytest.raises(RateLimited):
        world.create_upload("ada", "image/png", 5, None)
    assert len(world.store.uploads) == 1


def test_a_place_to_which_no_photo_came_is_gone_soon_after_its_url(world: World) -> None:
    """It is no longer "still being checked"; one whose check has begun is, however long that takes."""
    empty, _ = world.create_upload("ada", "image/png", 5, None)
    landed, _ = world.create_upload("ada", "image/png", 5, None)
    world.uploads.begin_check(landed)
    world.clock.advance(MISSING_SECONDS - 1)
    assert world.get_upload("ada", empty.id) == empty
    world.clock.advance(1)
    with pytest.raises(UploadNotFound):
        world.get_upload("ada", empty.id)
    assert world.get_upload("ada", landed.id).status is UploadStatus.CHECKING


def test_what_is_not_ones_own_or_no_id_or_a_day_old_is_not_found(world: World) -> None:
    upload, _ = world.create_upload("ada", "image/png", 5, None)
    for user, upload_id in (("bob", upload.id), ("ada", "none"), ("ada", world.ids(world.clock()))):
        with pytest.raises(UploadNotFound):
            world.get_upload(user, upload_id)
    world.uploads.ready(upload, 600, 800)
    world.clock.advance(UPLOAD_LIFE_SECONDS - 1)
    assert world.get_upload("ada", upload.id).status is UploadStatus.READY
    world.clock.advance(1)
    with pytest.raises(UploadNotFound):
        world.get_upload("ada", upload.id)
