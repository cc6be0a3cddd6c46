"""The catalogue of image models that are known to work: how each takes its input, and what it returns.

Every one makes one image a prediction and returns its URL as a string. The inputs are from the models'
published schemas; the prices, in USD an image, from their pages (flux-2-pro bills by the megapixel: one in,
one out).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

PORTRAIT = "3:4"  # a printed portrait's shape, which all of them know


@dataclass(frozen=True, slots=True)
class ImageModelSpec:
    """``input`` writes a prediction's input from the prompt, the photo's URL and a seed."""

    name: str
    price: Decimal
    input: Callable[[str, str, int], dict[str, object]]


def _flux_pro(prompt: str, photo_url: str, seed: int) -> dict[str, object]:
    return {
        "prompt": prompt,
        "image_prompt": photo_url,
        "aspect_ratio": PORTRAIT,
        "output_format": "jpg",
        "output_quality": 90,
        "safety_tolerance": 2,
        "seed": seed,
    }


def _flux_kontext(prompt: str, photo_url: str, seed: int) -> dict[str, object]:
    return {
        "prompt": prompt,
        "input_image": photo_url,
        "aspect_ratio": PORTRAIT,
        "output_format": "jpg",
        "safety_tolerance": 2,
        "seed": seed,
    }


def _flux_2(prompt: str, photo_url: str, seed: int) -> dict[str, object]:
    return {
        "prompt": prompt,
        "input_images": [photo_url],
        "aspect_ratio": PORTRAIT,
        "output_format": "jpg",
        "output_quality": 90,
        "safety_tolerance": 2,
        "seed": seed,
    }


def _nano_banana(prompt: str, photo_url: str, _seed: int) -> dict[str, object]:
    return {"prompt": prompt, "image_input": [photo_url], "aspect_ratio": PORTRAIT, "output_format": "jpg"}


CATALOGUE: dict[str, ImageModelSpec] = {
    spec.name: spec
    for spec in (
        ImageModelSpec("black-forest-labs/flux-1.1-pro", Decimal("0.04"), _flux_pro),
        ImageModelSpec("black-forest-labs/flux-kontext-pro", Decimal("0.04"), _flux_kontext),
        ImageModelSpec("black-forest-labs/flux-2-pro", Decimal("0.045"), _flux_2),
        ImageModelSpec("google/nano-banana", Decimal("0.039"), _nano_banana),
    )
}


def seed_for(generation_id: str, index: int, attempt: int) -> int:
    """A seed of 31 bits: each attempt at each image gets another, and the same one when it is asked again."""
    return crc32(f"{generation_id}/{index}/{attempt}".encode()) & 0x7FFF_FFFF
