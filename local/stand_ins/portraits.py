"""Renders a wedding portrait from a photo with Pillow: composed round the face, lit, toned, framed."""

import io
import random
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from local.stand_ins import faces, models

_PIXELS = 1024 * 1024
_FORMATS = {"jpg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png"), "webp": ("WEBP", "image/webp")}


@dataclass(frozen=True)
class Portrait:
    """An encoded image."""

    data: bytes
    content_type: str
    extension: str


@dataclass(frozen=True)
class Look:
    """One style: colours of its shadows and lights, how much of them, and what lies over the picture."""

    shadow: str
    light: str
    tint: float  # 0–1
    saturation: float
    contrast: float
    glow: float  # 0–1
    vignette: float  # 0–1
    veil: bool = False
    bokeh: int = 0
    frame: str | None = None


LOOKS = {
    "classic": Look("#2b2320", "#fff6e6", 0.18, 0.95, 1.06, 0.35, 0.35, veil=True, frame="#f7f1e5"),
    "modern": Look("#1d242b", "#f4f8fb", 0.22, 0.85, 1.12, 0.20, 0.15, frame="#ffffff"),
    "vintage": Look("#3a2415", "#f3dfb8", 0.62, 0.55, 0.96, 0.30, 0.55, frame="#efe3c8"),
    "romantic": Look("#4a2434", "#ffe9ea", 0.26, 1.05, 0.98, 0.60, 0.20, veil=True, bokeh=26),
    "cinematic": Look("#0c2a33", "#ffd9a8", 0.34, 1.05, 1.18, 0.25, 0.60, bokeh=14),
}


def render(photo: bytes | None, model: str, given: dict[str, Any], rng: random.Random) -> Portrait:
    """A portrait of who is on ``photo``, in the style that the prompt names; the same for the same ``rng``.

    Raises `OSError` or `ValueError` when the photo can't be read.
    """
    return encode(paint(photo, model, given, rng), model, given)


def paint(photo: bytes | None, model: str, given: dict[str, Any], rng: random.Random) -> Image.Image:
    """The picture of `render`; without a photo, of nobody."""
    wanted = models.with_defaults(model, given)
    source = _backdrop() if photo is None else ImageOps.exif_transpose(Image.open(io.BytesIO(photo))).convert("RGB")
    size = _size(wanted, source)
    look = _look(wanted["prompt"], rng)
    image = _composed(source, size, rng)
    image = _toned(_glowing(image, look, rng), look, rng)
    return _decorated(image, look, rng)


def encode(image: Image.Image, model: str, given: dict[str, Any]) -> Portrait:
    """It as a file of the format that was asked for."""
    wanted = models.with_defaults(model, given)
    return _encoded(image, wanted.get("output_format", "jpg"), wanted.get("output_quality", 90))


def _backdrop() -> Image.Image:
    return Image.merge("RGB", [Image.linear_gradient("L").point(lambda v, k=k: 120 + v * k // 8) for k in (4, 3, 2)])


def _look(prompt: str, rng: random.Random) -> Look:
    words = prompt.lower()
    return next((look for name, look in LOOKS.items() if name in words), None) or rng.choice(list(LOOKS.values()))


def _size(wanted: dict[str, Any], source: Image.Image) -> tuple[int, int]:
    """About a megapixel of the aspect ratio asked for, each side a multiple of 32."""
    ratio = wanted["aspect_ratio"]
    if "custom" in (ratio, wanted.get("size")):
        return wanted.get("width", 1024) // 32 * 32, wanted.get("height", 1024) // 32 * 32
    across, down = source.size if ratio == "match_input_image" else map(int, ratio.split(":"))
    width = (_PIXELS * across / down) ** 0.5
    return round(width / 32) * 32, round(width * down / across / 32) * 32


def _composed(source: Image.Image, size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Crop round the face, closer or wider, a little off centre, sometimes mirrored."""
    found = faces.detect(source)
    ratio = size[0] / size[1]
    widest = min(source.width, source.height * ratio)
    if found:
        face = found[0]
        centre = (
            face.left + face.width * (0.5 + rng.uniform(-0.45, 0.45)),
            face.top + face.height * rng.uniform(0.75, 1.1),
        )
        width = min(widest, max(face.width * rng.uniform(2.4, 5.0), 160.0))
    else:
        centre, width = (source.width / 2, source.height / 2), widest * rng.uniform(0.75, 1)
    left = min(max(centre[0] - width / 2, 0), source.width - width)
    top = min(max(centre[1] - width / ratio / 2, 0), source.height - width / ratio)
    image = source.resize(size, Image.Resampling.BICUBIC, (left, top, left + width, top + width / ratio))
    return ImageOps.mirror(image) if rng.random() < 0.5 else image


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    """Gaussian blur at a quarter of the size, which nobody sees."""
    small = image.reduce(4).filter(ImageFilter.GaussianBlur(radius / 4))
    return small.resize(image.size, Image.Resampling.BILINEAR)


def _glowing(image: Image.Image, look: Look, rng: random.Random) -> Image.Image:
    """Soft focus: the picture's own lights, blurred and screened over it; and a light from one corner."""
    glow = ImageChops.screen(image, _blurred(image, 28).point(lambda value: value * 6 // 10))
    image = Image.blend(image, glow, look.glow)
    corner = (rng.choice([-0.1, 1.1]) * image.width, rng.uniform(-0.1, 0.4) * image.height)
    warm = Image.new("RGB", image.size, look.light)
    return Image.composite(
        Image.blend(image, ImageChops.screen(image, warm), 0.5), image, _spot(image.size, corner, 0.9)
    )


def _spot(size: tuple[int, int], centre: tuple[float, float], radius: float) -> Image.Image:
    """A mask that is bright at ``centre`` and dark from ``radius`` widths on."""
    reach = round(size[0] * radius)  # where Pillow's gradient has 181
    gradient = Image.radial_gradient("L").point(lambda value: max(181 - value, 0)).resize((2 * reach, 2 * reach))
    mask = Image.new("L", size)
    mask.paste(gradient, (round(centre[0]) - reach, round(centre[1]) - reach))
    return mask


def _toned(image: Image.Image, look: Look, rng: random.Random) -> Image.Image:
    image = ImageEnhance.Color(image).enhance(look.saturation * rng.uniform(0.85, 1.15))
    image = ImageEnhance.Contrast(image).enhance(look.contrast)
    toned = ImageOps.colorize(ImageOps.grayscale(image), look.shadow, look.light, mid=None)
    image = Image.blend(image, toned, min(look.tint * rng.uniform(0.7, 1.4), 0.85))
    return ImageEnhance.Brightness(image).enhance(rng.uniform(0.95, 1.08))


def _decorated(image: Image.Image, look: Look, rng: random.Random) -> Image.Image:
    if look.bokeh:
        image = ImageChops.screen(image, _bokeh(image.size, look, rng))
    if look.veil:
        image = Image.composite(Image.new("RGB", image.size, "#fffdf8"), image, _veil(image.size, rng))
    dark = ImageEnhance.Brightness(image).enhance(1 - look.vignette)
    image = Image.composite(dark, image, Image.radial_gradient("L").resize(image.size).point(lambda v: max(v - 90, 0)))
    if look.frame:
        border = round(min(image.size) * 0.035)
        inner = ImageOps.expand(
            image.resize((image.width - 2 * border - 4, image.height - 2 * border - 4)), 2, "#b9a37a"
        )
        image = ImageOps.expand(inner, border, look.frame)
    return image


def _bokeh(size: tuple[int, int], look: Look, rng: random.Random) -> Image.Image:
    """Lights out of focus, along the edges, away from the face."""
    width, height = size[0] // 4, size[1] // 4
    lights = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(lights)
    for _ in range(look.bokeh):
        x, y = rng.choice([rng.uniform(0, 0.24), rng.uniform(0.76, 1)]) * width, rng.random() * height
        radius = rng.uniform(0.012, 0.05) * width
        strength = rng.uniform(0.15, 0.5)
        fill = tuple(round(int(look.light[i : i + 2], 16) * strength) for i in (1, 3, 5))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return lights.filter(ImageFilter.GaussianBlur(2)).resize(size, Image.Resampling.BILINEAR)


def _veil(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Mask of a tulle veil: translucent folds that fall along one side."""
    width, height = size[0] // 4, size[1] // 4
    mask = Image.new("L", (width, height))
    side = rng.choice([-1, 1])
    for fold in range(9):
        edge = 0.5 + side * (0.32 + fold * 0.035 + rng.uniform(-0.01, 0.01))
        foot = edge - side * rng.uniform(0.02, 0.16)
        outer = 1.2 if side > 0 else -0.2
        corners = [(edge * width, 0), (outer * width, 0), (outer * width, height), (foot * width, height)]
        layer = Image.new("L", mask.size)
        ImageDraw.Draw(layer).polygon(corners, fill=32)
        mask = ImageChops.add(mask, layer)
    return mask.filter(ImageFilter.GaussianBlur(3.5)).resize(size, Image.Resampling.BILINEAR)


def _encoded(image: Image.Image, extension: str, quality: int) -> Portrait:
    name, content_type = _FORMATS[extension]
    buffer = io.BytesIO()
    image.save(buffer, name, **({} if name == "PNG" else {"quality": max(quality, 1)}))
    return Portrait(buffer.getvalue(), content_type, extension)
