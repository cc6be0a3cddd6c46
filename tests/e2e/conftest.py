"""The end-to-end tests: each of them needs the deployed local cloud."""

from pathlib import Path

import pytest

from local.demo import PHOTO
from operations.client import VeilClient

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.cloud)


@pytest.fixture
def ready(alice: VeilClient) -> str:
    """The id of an upload of alice's that is ready."""
    photo = PHOTO.read_bytes()
    upload = alice.ask_upload(photo, "image/jpeg")
    alice.put_photo(upload, photo)
    checked = alice.wait_for_upload(upload["upload_id"])
    assert checked["status"] == "ready", checked
    return str(upload["upload_id"])
