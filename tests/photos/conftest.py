"""The real reader with the limits that production has, and a view of what came out."""

from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO

import pytest
from PIL import Image

from veil.adapters.photos.pillow import PillowReader
from veil.domain.uploads import MAX_PIXELS, MIN_SIDE_PIXELS

collect_ignore = [] if find_spec("atheris") else ["test_fuzz.py"]  # it has wheels for Linux on x86-64 only

Read = Callable[[bytes, str], Image.Image]


@pytest.fixture(scope="session")
def reader() -> PillowReader:
    return PillowReader(MAX_PIXELS, MIN_SIDE_PIXELS)


@pytest.fixture(scope="session")
def read(reader: PillowReader) -> Read:
    """Read a photo: what stands in the result, decoded."""

    def decoded(data: bytes, content_type: str) -> Image.Image:
        photo = reader.read(data, content_type)
        with Image.open(BytesIO(photo.jpeg)) as image:
            image.load()
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (photo.width, photo.height))
        return image

    return decoded
