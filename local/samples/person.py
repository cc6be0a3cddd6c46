"""Eileen Collins, cut out of her portrait, with a neck, shoulders and a gown painted below her chin.

All lengths are in pixels of the photo, which is 512 wide and high.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

PHOTO = Path(__file__).parents[1] / "photos" / "eileen-collins.jpg"
CENTRE, CHIN = 221, 178  # of her face from the left; from the top
SKIN, HALF_SHADE, SKIN_SHADE = (236, 206, 182), (223, 191, 165), (203, 167, 141)
type Point = tuple[float, float]


class Gown(NamedTuple):
    """What she wears; ``tulle`` is how much of the veil is seen, from 0 to 1."""

    neckline: str
    colour: tuple[int, int, int]
    tulle: float = 0
    lace: bool = False
    pearls: bool = False


# Round her hair and her jaw, by hand.
_HEAD: list[Point] = [
    (193, 181), (190, 166), (186, 152), (182, 133), (176, 131), (172, 119), (165, 113), (158, 103), (155, 90),
    (154, 70), (157, 60), (165, 50), (176, 43), (189, 36), (196, 28), (206, 21), (218, 17), (230, 16), (243, 18),
    (255, 22),
    (268, 28), (280, 36), (289, 46), (295, 58), (298, 72), (300, 88), (298, 103), (292, 114), (285, 121), (278, 128),
    (276, 134), (270, 136), (265, 148), (259, 158), (254, 168), (251, 180), (240, 188), (225, 187), (205, 183),
]  # fmt: skip
_SHOULDERS: list[Point] = [
    (191, 168), (191, 190), (187, 206), (172, 219), (146, 229), (121, 240), (105, 256), (97, 281), (90, 330), (84, 420),
    (84, 640), (358, 640), (358, 420), (352, 330), (345, 281), (337, 256), (321, 240), (296, 229), (270, 219),
    (255, 206), (251, 190), (251, 168),
]  # fmt: skip
NECKLINES: dict[str, list[Point]] = {
    "v": [(80, 232), (136, 231), (158, 246), (190, 281), (CENTRE, 318), (252, 281), (284, 246), (306, 231), (362, 232)],
    "boat": [(80, 228), (150, 227), (180, 241), (CENTRE, 249), (262, 241), (292, 227), (362, 228)],
    "bare": [
        (60, 330),
        (98, 296),
        (140, 282),
        (180, 287),
        (CENTRE, 300),
        (262, 287),
        (302, 282),
        (344, 296),
        (380, 330),
    ],
    "high": [(80, 224), (160, 216), (188, 199), (CENTRE, 208), (254, 199), (282, 216), (362, 224)],
}


class Canvas:
    """Points of the photo on a picture: ``zoom`` pixels for each, with (``left``, ``top``) in its corner."""

    def __init__(self, size: tuple[int, int], zoom: float, left: float, top: float) -> None:
        self.size, self.zoom, self.left, self.top = size, zoom, left, top

    def at(self, points: Sequence[Point]) -> list[Point]:
        return [((x - self.left) * self.zoom, (y - self.top) * self.zoom) for x, y in points]

    def mask(self, points: Sequence[Point], softness: float) -> Image.Image:
        """What lies within, its edge as soft as so many pixels of the photo."""
        mask = Image.new("L", self.size)
        ImageDraw.Draw(mask).polygon(self.at(_rounded(points)), fill=255)
        return mask.filter(ImageFilter.GaussianBlur(softness * self.zoom))

    def photo(self) -> Image.Image:
        width, height = (length / self.zoom for length in self.size)
        box = (self.left, self.top, self.left + width, self.top + height)
        with Image.open(PHOTO) as photo:
            return photo.convert("RGB").transform(self.size, Image.Transform.EXTENT, box, Image.Resampling.BICUBIC)


def paint(scene: Image.Image, canvas: Canvas, gown: Gown, rng: random.Random) -> None:
    """Her, into the scene."""
    scene.paste(_skin(canvas), mask=canvas.mask(_SHOULDERS, 0.9))
    dressed = ImageChops.multiply(canvas.mask(_SHOULDERS, 0.9), canvas.mask(_below(gown.neckline), 0.5))
    fallen = ImageChops.offset(dressed, 0, round(-3 * canvas.zoom)).filter(ImageFilter.GaussianBlur(3 * canvas.zoom))
    scene.paste(ImageChops.multiply(scene, Image.new("RGB", canvas.size, (214, 190, 176))), mask=fallen)
    scene.paste(_fabric(canvas, gown.colour, rng), mask=dressed)
    _edge(scene, canvas, gown)
    if gown.pearls:
        _necklace(scene, canvas)
    above = canvas.mask([(100, -200), (340, -200), (340, 176), (100, 176)], 3.5)
    scene.paste(canvas.photo(), mask=ImageChops.multiply(canvas.mask(_HEAD, 1.1), above))


def veil(scene: Image.Image, canvas: Canvas, strength: float, rng: random.Random) -> None:
    """Tulle that falls from the back of her head, in folds."""
    for fold in range(7):
        reach = 74 + fold * 13 + rng.uniform(-4, 4)
        shape = [
            (CENTRE - 40, 16 + fold), (CENTRE + 40, 16 + fold), (CENTRE + reach, 110), (CENTRE + reach + 40, 330),
            (CENTRE + reach + 62, 660), (CENTRE - reach - 62, 660), (CENTRE - reach - 40, 330), (CENTRE - reach, 110),
        ]  # fmt: skip
        mask = canvas.mask(shape, 0.8 + fold * 0.4).point(lambda value: round(value * strength / 5))
        scene.paste(Image.new("RGB", canvas.size, (255, 253, 249)), mask=mask)


def _below(neckline: str) -> list[Point]:
    return [*NECKLINES[neckline], (420, 700), (20, 700)]


def _skin(canvas: Canvas) -> Image.Image:
    """Lighter in the middle, where the light falls, and in the shadow of her chin above."""
    light = canvas.mask([(CENTRE - 60, 214), (CENTRE + 42, 214), (CENTRE + 74, 330), (CENTRE - 98, 330)], 24)
    image = Image.composite(Image.new("RGB", canvas.size, SKIN), Image.new("RGB", canvas.size, HALF_SHADE), light)
    under = canvas.mask([(180, 150), (262, 150), (258, 190), (240, 203), (206, 202), (186, 188)], 6)
    image = Image.composite(Image.new("RGB", canvas.size, SKIN_SHADE), image, under)
    for side in (-1, 1):  # the collar bones
        bone = [
            (CENTRE + side * 12, 243),
            (CENTRE + side * 70, 234),
            (CENTRE + side * 70, 238),
            (CENTRE + side * 12, 248),
        ]
        shade = canvas.mask(bone, 3).point(lambda value: value // 3)
        image = Image.composite(Image.new("RGB", canvas.size, SKIN_SHADE), image, shade)
    return image


def _necklace(scene: Image.Image, canvas: Canvas) -> None:
    """Pearls round her neck, each with its light."""
    draw = ImageDraw.Draw(scene)
    for step in range(-14, 15):
        x, y = CENTRE + step * 2.35, 221 - (step / 14) ** 2 * 17
        for size, dx, colour in ((1.75, 0.5, (176, 150, 132)), (1.6, 0, (238, 231, 222)), (0.6, -0.5, (255, 255, 255))):
            (left, top), (right, bottom) = canvas.at([(x + dx - size, y + dx - size), (x + dx + size, y + dx + size)])
            draw.ellipse((left, top, right, bottom), fill=colour)


def _edge(scene: Image.Image, canvas: Canvas, gown: Gown) -> None:
    """The neckline, piped or of lace."""
    points = canvas.at(_rounded(NECKLINES[gown.neckline], closed=False))
    layer = scene.copy()
    draw = ImageDraw.Draw(layer)
    bright = tuple(min(value + 12, 255) for value in gown.colour)
    if gown.lace:
        _lace(draw, points, canvas.zoom, bright)
    else:
        draw.line(points, fill=bright, width=round(1.3 * canvas.zoom), joint="curve")
    scene.paste(layer, mask=canvas.mask(_SHOULDERS, 0.9))


def _lace(draw: ImageDraw.ImageDraw, points: list[Point], zoom: float, colour: tuple[int, ...]) -> None:
    """Three rows of rings along the way of ``points``, at equal distances."""
    way = [points[0]]
    for x, y in points:
        if (x - way[-1][0]) ** 2 + (y - way[-1][1]) ** 2 >= (3.6 * zoom) ** 2:
            way.append((x, y))
    for row, radius in ((0.0, 2.2), (4.4, 1.8), (8.2, 1.4)):
        for x, y in way:
            r, at = radius * zoom, y + row * zoom
            draw.ellipse((x - r, at - r, x + r, at + r), outline=colour, width=max(round(0.6 * zoom), 1))


def _fabric(canvas: Canvas, colour: tuple[int, int, int], rng: random.Random) -> Image.Image:
    """Satin: broad folds that run down from the shoulders, and light from the left."""
    folds = Image.new("L", canvas.size, 205)
    draw = ImageDraw.Draw(folds)
    for _ in range(26):
        top, width = rng.uniform(70, 372), rng.uniform(3, 12)
        bottom = CENTRE + (top - CENTRE) * 1.5 + rng.uniform(-14, 14)
        corners = [(top, 210), (top + width, 210), (bottom + 2.5 * width, 660), (bottom, 660)]
        draw.polygon(canvas.at(corners), fill=rng.choice((120, 165, 235, 255)))
    folds = folds.filter(ImageFilter.GaussianBlur(4.5 * canvas.zoom))
    dark = Image.new("RGB", canvas.size, tuple(round(value * 0.74) for value in colour))
    image = Image.composite(Image.new("RGB", canvas.size, colour), dark, folds)
    lit = canvas.mask([(60, 200), (CENTRE + 10, 200), (CENTRE - 10, 660), (40, 660)], 40).point(lambda v: v // 4)
    return Image.composite(Image.new("RGB", canvas.size, (255, 255, 253)), image, lit)


def _rounded(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """The corners cut, and cut again (Chaikin); more often where the points are to be close."""
    rounded = list(points)
    for _ in range(3 if closed else 5):
        pairs = zip(rounded if closed else rounded[:-1], [*rounded[1:], *rounded[: int(closed)]], strict=True)
        rounded = [point for pair in pairs for point in _cut(*pair)]
    return rounded


def _cut(one: Point, other: Point) -> tuple[Point, Point]:
    """What is left of a side: a quarter is gone at each end."""
    (x0, y0), (x1, y1) = one, other
    return (0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1), (0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1)
