"""``python -m local.samples [FOLDER]``: paint the samples of every style, the same bytes on every run."""

import argparse
import io
import random
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from local.processes import ROOT
from local.samples import scenery
from local.samples.person import CENTRE, Canvas, Gown, Point, paint, veil
from veil.domain.styles import SAMPLES, STYLES

FOLDER = ROOT / "web" / "public" / "samples"
SIZE, MOST_BYTES = (800, 1000), 90_000


class View(NamedTuple):
    """How much of her is seen: ``zoom`` pixels for each of the photo's, of which ``top`` is above the middle."""

    zoom: float
    top: Point
    mirrored: bool
    tilt: float  # degrees


VIEWS = {
    1: View(2.7, (CENTRE, -44), False, 0),
    2: View(3.35, (CENTRE + 4, -26), True, -2),
    3: View(2.3, (CENTRE - 8, -60), False, 1.5),
}
GOWNS = {
    "classic": Gown("boat", (247, 241, 230), 0.75, pearls=True),
    "modern": Gown("v", (246, 247, 248)),
    "vintage": Gown("high", (244, 234, 214), 0.7, lace=True),
    "romantic": Gown("v", (253, 245, 239), 0.55, lace=True),
    "cinematic": Gown("bare", (238, 233, 226), pearls=True),
}


def sample(style: str, number: int) -> Image.Image:
    """One picture, 800 × 1000."""
    rng = random.Random(f"{style} {number}")  # noqa: S311 - the same picture on every run
    view, gown = VIEWS[number], GOWNS[style]
    width = SIZE[0] / view.zoom
    canvas = Canvas(SIZE, view.zoom, view.top[0] - width / 2, view.top[1])
    scene = scenery.BACKDROPS[style](SIZE, rng)
    veil(scene, canvas, gown.tulle, rng)
    paint(scene, canvas, gown, rng)
    scene = ImageOps.mirror(scene) if view.mirrored else scene
    return scenery.finish(style, _tilted(scene, view.tilt), rng)


def encoded(image: Image.Image) -> bytes:
    """A JPEG as good as fits into `MOST_BYTES`."""
    for quality in range(88, 40, -4):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() < MOST_BYTES:
            break
    return buffer.getvalue()


def _tilted(image: Image.Image, degrees: float) -> Image.Image:
    """Turned a little, and cut to what has no corners."""
    width, height = image.size
    turned = image.rotate(degrees, Image.Resampling.BICUBIC).crop(
        (width * 0.04, height * 0.04, width * 0.96, height * 0.96)
    )
    return turned.resize(image.size, Image.Resampling.BICUBIC) if degrees else image


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.samples", description="Paint the samples of every style.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for style in STYLES:
        for number in SAMPLES:
            (folder / f"{style}-{number}.jpg").write_bytes(encoded(sample(style, number)))


if __name__ == "__main__":
    main()
