"""The sample pictures that ship are what the painter paints: one person in each, and each style its own."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from local.samples.__main__ import FOLDER, GOWNS, MOST_BYTES, SIZE, VIEWS, encoded, sample
from local.samples.scenery import BACKDROPS, TONES
from local.stand_ins import faces
from veil.domain.styles import SAMPLES, STYLES

NAMES = [f"{style}-{number}.jpg" for style in STYLES for number in SAMPLES]


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Of the pixels' values, on average: 0–255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


def test_every_style_is_painted() -> None:
    assert set(STYLES) == GOWNS.keys() == BACKDROPS.keys() == TONES.keys()
    assert set(SAMPLES) == VIEWS.keys()
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_that_ships(name: str) -> None:
    file = FOLDER / name
    assert file.stat().st_size < MOST_BYTES
    with Image.open(file) as picture:
        assert (picture.format, picture.size) == ("JPEG", SIZE)
        assert not picture.getexif()
        assert len(faces.detect(picture.convert("RGB"))) == 1


@pytest.mark.parametrize("style", STYLES)
def test_it_is_painted_the_same_again(style: str) -> None:
    with Image.open(FOLDER / f"{style}-2.jpg") as ships:
        again = encoded(sample(style, 2))
        assert _difference(ships, Image.open(io.BytesIO(again))) < 1
    assert again == encoded(sample(style, 2))


def test_the_styles_look_different() -> None:
    pictures = [Image.open(Path(FOLDER, f"{style}-1.jpg")).reduce(16) for style in STYLES]
    for index, one in enumerate(pictures):
        for other in pictures[:index]:
            assert _difference(one, other) > 12
