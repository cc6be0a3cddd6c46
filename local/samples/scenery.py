"""What is behind her in each style, and what light, tone and grain lie over the whole picture."""

import random
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

type Size = tuple[int, int]
type Colour = tuple[int, int, int]


def _gradient(size: Size, top: Colour, bottom: Colour) -> Image.Image:
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def _glow(image: Image.Image, centre: tuple[float, float], radius: float, colour: Colour) -> Image.Image:
    """Light round ``centre``; lengths are shares of the width and the height."""
    width, height = image.size
    light = Image.new("RGB", (width // 4, height // 4))
    x, y, r = centre[0] * width / 4, centre[1] * height / 4, radius * width / 4
    ImageDraw.Draw(light).ellipse((x - r, y - r, x + r, y + r), fill=colour)
    light = light.filter(ImageFilter.GaussianBlur(r * 0.6)).resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.screen(image, light)


def _lights(
    image: Image.Image, colours: list[Colour], count: int, rng: random.Random, *, low: float = 0
) -> Image.Image:
    """Discs out of focus."""
    layer = Image.new("RGB", image.size)
    for _ in range(count):
        disc = Image.new("RGB", image.size)
        x, y, r = rng.random() * image.width, rng.uniform(low, 1) * image.height, rng.uniform(0.02, 0.075) * image.width
        strength = rng.uniform(0.18, 0.6)
        fill = tuple(round(value * strength) for value in rng.choice(colours))
        ImageDraw.Draw(disc).ellipse((x - r, y - r, x + r, y + r), fill=fill)
        layer = ImageChops.screen(layer, disc)
    return ImageChops.screen(image, layer.filter(ImageFilter.GaussianBlur(image.width / 200)))


def _blooms(image: Image.Image, colours: list[Colour], count: int, rng: random.Random, top: float) -> Image.Image:
    """Leaves and flowers, far out of focus, below ``top``."""
    layer = image.copy()
    draw = ImageDraw.Draw(layer)
    for _ in range(count):
        x, y, r = (
            rng.random() * image.width,
            rng.uniform(top, 1.05) * image.height,
            rng.uniform(0.02, 0.07) * image.width,
        )
        draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.choice(colours))
    return layer.filter(ImageFilter.GaussianBlur(image.width / 38))


def _classic(size: Size, rng: random.Random) -> Image.Image:
    return _glow(_gradient(size, (205, 194, 180), (186, 172, 156)), (rng.uniform(0.35, 0.65), 0.36), 0.5, (96, 92, 84))


def _modern(size: Size, rng: random.Random) -> Image.Image:
    image = _gradient(size, (214, 218, 221), (188, 193, 197))
    draw, left = ImageDraw.Draw(image), rng.uniform(-0.05, 0.12) * size[0]
    for pane in range(3):
        x, wide = left + pane * size[0] * 0.36, size[0] * 0.27
        corners = [(x + 130, -20), (x + wide + 130, -20), (x + wide - 90, size[1]), (x - 90, size[1])]
        draw.polygon(corners, fill=(247, 249, 250))
    return image.filter(ImageFilter.GaussianBlur(size[0] / 34))


def _vintage(size: Size, rng: random.Random) -> Image.Image:
    image = _gradient(size, (120, 92, 66), (74, 54, 38))
    draw = ImageDraw.Draw(image)
    for panel in range(4):
        x = (panel * 0.31 - rng.uniform(0.02, 0.12)) * size[0]
        draw.rectangle((x, size[1] * 0.05, x + size[0] * 0.24, size[1] * 0.9), outline=(150, 118, 86), width=9)
    return _glow(image.filter(ImageFilter.GaussianBlur(size[0] / 90)), (rng.uniform(0.1, 0.3), 0.2), 0.4, (120, 88, 50))


def _romantic(size: Size, rng: random.Random) -> Image.Image:
    greens, roses = (
        [(104, 128, 84), (132, 150, 100), (84, 108, 74)],
        [(226, 158, 162), (242, 200, 198), (250, 226, 214)],
    )
    image = _blooms(_gradient(size, (252, 224, 184), (150, 158, 112)), greens, 60, rng, 0.25)
    image = _blooms(image, roses + greens[:1], 70, rng, 0.42)
    return _lights(_glow(image, (0.78, 0.14), 0.42, (255, 208, 140)), [(255, 226, 170)], 22, rng)


def _cinematic(size: Size, rng: random.Random) -> Image.Image:
    image = _glow(_gradient(size, (16, 30, 44), (9, 14, 22)), (rng.uniform(0.15, 0.3), 0.5), 0.3, (64, 42, 20))
    return _lights(image, [(255, 190, 110), (255, 214, 160), (120, 170, 200)], 34, rng)


BACKDROPS: dict[str, Callable[[Size, random.Random], Image.Image]] = {
    "classic": _classic,
    "modern": _modern,
    "vintage": _vintage,
    "romantic": _romantic,
    "cinematic": _cinematic,
}


class Tone(NamedTuple):
    """Colours of shadows and lights, how much of them, then saturation and contrast."""

    shadow: str
    light: str
    amount: float
    colour: float
    contrast: float

    def over(self, image: Image.Image) -> Image.Image:
        image = ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(self.colour)).enhance(self.contrast)
        toned = ImageOps.colorize(ImageOps.grayscale(image), self.shadow, self.light)
        return Image.blend(image, toned, self.amount)


def _soft(image: Image.Image, amount: float) -> Image.Image:
    blurred = image.filter(ImageFilter.GaussianBlur(image.width / 55))
    return Image.blend(image, ImageChops.screen(image, blurred.point(lambda value: value // 2)), amount)


def _vignette(image: Image.Image, amount: float) -> Image.Image:
    edges = Image.radial_gradient("L").resize(image.size).point(lambda value: max(value - 80, 0))
    return Image.composite(ImageEnhance.Brightness(image).enhance(1 - amount), image, edges)


def _side_light(image: Image.Image, amount: float) -> Image.Image:
    """Dark on the right, as from one lamp on the left."""
    across = Image.linear_gradient("L").rotate(90).resize(image.size).point(lambda value: max(value - 70, 0))
    return Image.composite(ImageEnhance.Brightness(image).enhance(1 - amount), image, across)


def _grain(image: Image.Image, amount: float, rng: random.Random) -> Image.Image:
    noise = Image.frombytes("L", image.size, rng.randbytes(image.width * image.height)).filter(
        ImageFilter.GaussianBlur(0.8)
    )
    return Image.blend(image, ImageChops.overlay(image, noise.convert("RGB")), amount)


TONES = {
    "classic": Tone("#2b2320", "#fff8ec", 0.1, 1.0, 1.05),
    "modern": Tone("#1b2024", "#ffffff", 0.42, 0.72, 1.08),
    "vintage": Tone("#2a180c", "#f6e2bc", 0.66, 0.62, 1.14),
    "romantic": Tone("#54303a", "#fff1e2", 0.12, 1.15, 1.02),
    "cinematic": Tone("#08202b", "#ffdcb0", 0.3, 1.0, 1.16),
}
SOFTNESS = {"classic": 0.25, "modern": 0.12, "vintage": 0.2, "romantic": 0.4, "cinematic": 0.05}
EDGES = {"classic": 0.3, "vintage": 0.5, "cinematic": 0.45}


def finish(style: str, image: Image.Image, rng: random.Random) -> Image.Image:
    """Light, tone and grain."""
    image = _side_light(image, 0.72) if style == "cinematic" else image
    image = TONES[style].over(_soft(image, SOFTNESS[style]))
    image = _glow(image, (0.95, 0.02), 0.36, (190, 140, 80)) if style == "romantic" else image
    return _grain(_vignette(image, EDGES.get(style, 0)), 0.16 if style == "vintage" else 0.07, rng)
