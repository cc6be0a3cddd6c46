"""A real face through the check with a real detector: one, none, two, or one that is too small."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from local.photos.make import MIMES, encode, quarters
from local.stand_ins import faces
from tests.fakes.world import World
from veil.adapters.photos.pillow import PillowReader
from veil.domain.photos import Face, Photo
from veil.domain.uploads import Reason, incoming_key
from veil.use_cases.check import CheckPhoto

PORTRAIT = Path(__file__).parents[2] / "local" / "photos" / "eileen-collins.jpg"


class LocalFaces:
    """`veil.domain.ports.FaceDetector`, by the stand-in's detector."""

    def detect(self, photo: Photo) -> list[Face]:
        with Image.open(BytesIO(photo.jpeg)) as image:
            return [Face(face.width, face.height) for face in faces.detect(image)]


@pytest.fixture(scope="session")
def portrait() -> Image.Image:
    with Image.open(PORTRAIT) as image:
        image.load()
    image.info.clear()
    return image


def end(reader: PillowReader, data: bytes, content_type: str) -> str:
    world = World()
    upload, _ = world.create_upload("ada", content_type, len(data), None)
    world.photos.land(incoming_key("ada", upload.id), data, content_type)
    CheckPhoto(world.uploads, world.photos, reader, LocalFaces(), world.telemetry)(incoming_key("ada", upload.id))
    after = world.get_upload("ada", upload.id)
    return after.reason or after.status


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_face_in_every_format(reader: PillowReader, portrait: Image.Image, kind: str) -> None:
    assert end(reader, encode(portrait, kind), MIMES[kind]) == "ready"


def test_faces_that_are_none_or_two_or_small(reader: PillowReader, portrait: Image.Image) -> None:
    two, far = Image.new("RGB", (1024, 512)), Image.new("RGB", (2000, 2000))
    two.paste(portrait, (0, 0))
    two.paste(portrait, (512, 0))
    far.paste(portrait.resize((500, 500)), (750, 750))
    found = [end(reader, encode(image, "PNG"), "image/png") for image in (quarters(), two, far)]
    assert found == [Reason.NO_FACE, Reason.MULTIPLE_FACES, Reason.FACE_TOO_SMALL]
