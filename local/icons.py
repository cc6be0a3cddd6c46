"""The app's icons for phones, from web/public/icon.svg: ``python -m local.icons``.

iOS and Android's launchers cut their own shape, so theirs are full squares; the others have the drawing's own corners.
"""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageColor, ImageDraw

PUBLIC = Path(__file__).parents[1] / "web" / "public"
ICONS = {  # side in pixels, and whether it has the drawing's corners
    "icon-180.png": (180, False),
    "icon-192.png": (192, True),
    "icon-512.png": (512, True),
    "icon-maskable-512.png": (512, False),
}
SIDE = 64  # of the drawing
FINE = 4  # drawn larger, then shrunk: smooth edges
STEPS = 96  # of one curve

type Point = tuple[float, float]


def main() -> None:
    for name, (side, corners) in ICONS.items():
        icon(side, corners=corners).save(PUBLIC / name, optimize=True)


def icon(side: int, *, corners: bool) -> Image.Image:
    """The drawing: a rectangle, and curves of one thickness with round ends."""
    root = ElementTree.parse(PUBLIC / "icon.svg").getroot()  # noqa: S314 - our own file
    scale = side * FINE / SIDE
    picture = Image.new("RGBA", (side * FINE, side * FINE))
    for element in root:
        layer = Image.new("RGBA", picture.size)
        draw = ImageDraw.Draw(layer)
        if element.tag.endswith("rect"):
            radius = float(element.attrib["rx"]) * scale if corners else 0
            draw.rounded_rectangle((0, 0, *picture.size), radius, fill=element.attrib["fill"])
        else:
            _curve(draw, element.attrib, scale)
        picture = Image.alpha_composite(picture, layer)
    shrunk = picture.resize((side, side), Image.Resampling.LANCZOS)
    return shrunk if corners else shrunk.convert("RGB")


def _curve(draw: ImageDraw.ImageDraw, drawn: dict[str, str], scale: float) -> None:
    colour = ImageColor.getrgb(drawn["stroke"])[:3]
    ink = (*colour, round(255 * float(drawn.get("stroke-opacity", "1"))))
    radius = float(drawn["stroke-width"]) * scale / 2
    for x, y in _points(drawn["d"]):
        draw.ellipse((x * scale - radius, y * scale - radius, x * scale + radius, y * scale + radius), fill=ink)


def _points(path: str) -> list[Point]:
    """Of a path that begins with ``M`` and goes on with ``c`` and ``s``."""
    at, *curves = re.findall(r"[Mcs][^Mcs]+", path)
    x, y = _numbers(at)
    points: list[Point] = []
    bend = (0.0, 0.0)  # where a smooth curve goes on to
    for curve in curves:
        given = _numbers(curve)
        numbers = given if curve[0] == "c" else [*bend, *given]
        steps = [(0.0, 0.0), *zip(numbers[::2], numbers[1::2], strict=True)]
        points += [_bezier([(x + dx, y + dy) for dx, dy in steps], step / STEPS) for step in range(STEPS + 1)]
        (before_x, before_y), (dx, dy) = steps[-2:]
        bend = (dx - before_x, dy - before_y)
        x, y = x + dx, y + dy
    return points


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d*\.?\d+", text)]


def _bezier(control: list[Point], at: float) -> Point:
    while len(control) > 1:
        control = [((1 - at) * ax + at * bx, (1 - at) * ay + at * by) for (ax, ay), (bx, by) in pairwise(control)]
    return control[0]


if __name__ == "__main__":
    main()
