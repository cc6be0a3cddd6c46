"""The detector of the stand-ins: each face once, wherever, however large and however it is turned."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from local.processes import ROOT
from local.stand_ins import centerface, faces


def _many(photo: Image.Image, across: int, down: int) -> Image.Image:
    small = photo.resize((256, 256))
    sheet = Image.new("RGB", (256 * across, 256 * down))
    for index in range(across * down):
        sheet.paste(small, (index % across * 256, index // across * 256))
    return sheet


@pytest.mark.parametrize("degrees", [0, 10, 45, 90, 135, 180, 270, 345])
def test_a_face_that_is_turned(photo: Image.Image, degrees: int) -> None:
    assert len(faces.detect(photo.rotate(degrees, expand=True))) == 1


@pytest.mark.parametrize("side", [160, 333, 640, 2048])
def test_a_box_is_in_the_pictures_own_pixels(photo: Image.Image, side: int) -> None:
    (face,) = faces.detect(photo.resize((side, side)))
    box = [face.left, face.top, face.width, face.height]
    assert [value / side for value in box] == pytest.approx([0.35, 0.12, 0.174, 0.23], abs=0.025)
    assert 80 <= face.confidence <= 100


@pytest.mark.parametrize(
    "changed",
    [
        ImageOps.mirror,
        ImageOps.grayscale,
        lambda photo: ImageEnhance.Brightness(photo).enhance(0.3),
        lambda photo: ImageEnhance.Brightness(photo).enhance(1.8),
        lambda photo: photo.filter(ImageFilter.GaussianBlur(8)),
        lambda photo: photo.resize((512, 900)),
    ],
    ids=["mirrored", "grey", "dark", "bright", "blurred", "stretched"],
)
def test_a_face_that_is_changed(photo: Image.Image, changed: object) -> None:
    assert callable(changed)
    assert len(faces.detect(changed(photo))) == 1


@pytest.mark.parametrize(("across", "down"), [(1, 2), (3, 3), (6, 6)])
def test_as_many_as_there_are(photo: Image.Image, across: int, down: int) -> None:
    assert len(faces.detect(_many(photo, across, down))) == across * down


@pytest.mark.parametrize("size", [(1, 1), (3000, 20), (512, 512)])
def test_none_where_there_is_none(size: tuple[int, int]) -> None:
    assert faces.detect(Image.new("RGB", size, "white")) == []


def test_a_box_ends_with_the_picture(photo: Image.Image) -> None:
    (face,) = faces.detect(photo.crop((170, 70, 280, 210)).resize((1100, 1400)))
    assert (face.left >= 0, face.top, face.left + face.width <= 1100) == (True, 0, True)


def test_many_at_once_are_answered_as_one_by_one(photo: Image.Image) -> None:
    pictures = [photo.resize((side, side)) for side in range(200, 320, 10)]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(faces.detect, pictures))
    faces._found.cache_clear()
    assert at_once == [faces.detect(picture) for picture in pictures]


def test_a_picture_that_was_seen_is_remembered(photo: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    before = faces.detect(photo)
    monkeypatch.setattr(centerface, "find", pytest.fail)
    assert faces.detect(photo) == before


def test_without_the_network_it_says_where_it_should_be(photo: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    centerface._network.cache_clear()
    monkeypatch.setattr(centerface, "MODEL", Path("nowhere/centerface.onnx"))
    with pytest.raises(FileNotFoundError, match=r"centerface\.onnx"):
        faces.detect(photo.resize((77, 77)))


def test_the_network_has_one_input_of_any_size() -> None:
    (picture,) = centerface._network().get_inputs()
    assert (picture.name, picture.shape[1]) == ("input.1", 3)
    assert not [side for side in picture.shape[2:] if isinstance(side, int)]
    assert centerface._network().get_overridable_initializers() == []


def test_nothing_is_left_in_the_home_folder_and_nobody_is_told(tmp_path: Path) -> None:
    """From 1.29 on, ONNX Runtime keeps an id of the machine there, and tells Microsoft what is run."""
    code = "from PIL import Image; from local.stand_ins import faces; faces.detect(Image.new('RGB', (64, 64)))"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}  # and no CI, where it is silent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert list(tmp_path.rglob("*")) == []
    library = Path(str(find_spec("onnxruntime").origin)).parent  # type: ignore[union-attr]
    assert not [file for file in library.glob("capi/*.so*") if b"events.data.microsoft.com" in file.read_bytes()]
