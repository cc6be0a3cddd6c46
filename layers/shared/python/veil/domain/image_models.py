"""The catalogue of image models that are known to work: who runs each, what it costs, how it takes its input.

Every one makes one image a prediction and returns its URL as a string. The inputs are from the models'
published schemas; the prices, in USD an image, from their pages (flux-2-pro bills by the megapixel: one in,
one out).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from zlib import crc32

ASPECT_RATIO = "3:4"  # of a printed portrait; all of them know it
REPLICATE = "replicate"


@dataclass(frozen=True, slots=True)
class ImageModelSpec:
    """``provider`` is its name in webhook paths and among the providers that the functions are given; ``price`` is in
    USD; ``input`` writes a prediction's input from the prompt, the photo's URL and a seed.
    """

    name: str
    provider: str
    price: Decimal
    input: Callable[[str, str, int], dict[str, object]]


def _flux_pro(prompt: str, photo_url: str, seed: int) -> dict[str, object]:
    return {
        "prompt": prompt,
        "image_prompt": photo_url,
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "output_quality": 90,
        "safety_tolerance": 2,
        "seed": seed,
    }


def _flux_kontext(prompt: str, photo_url: str, seed: int) -> dict[str, object]:
    return {
        "prompt": prompt,
        "input_image": photo_url,
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "safety_tolerance": 2,
        "seed": seed,
    }


def _flux_2(prompt: str, photo_url: str, seed: int) -> dict[str, object]:
    return {
        "prompt": prompt,
        "input_images": [photo_url],
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "output_quality": 90,
        "safety_tolerance": 2,
        "seed": seed,
    }


def _nano_banana(prompt: str, photo_url: str, _seed: int) -> dict[str, object]:
    return {"prompt": prompt, "image_input": [photo_url], "aspect_ratio": ASPECT_RATIO, "output_format": "jpg"}


CATALOGUE: dict[str, ImageModelSpec] = {
    spec.name: spec
    for spec in (
        ImageModelSpec("black-forest-labs/flux-1.1-pro", REPLICATE, Decimal("0.04"), _flux_pro),
        ImageModelSpec("black-forest-labs/flux-kontext-pro", REPLICATE, Decimal("0.04"), _flux_kontext),
        ImageModelSpec("black-forest-labs/flux-2-pro", REPLICATE, Decimal("0.045"), _flux_2),
        ImageModelSpec("google/nano-banana", REPLICATE, Decimal("0.039"), _nano_banana),
    )
}


def chain(names: Sequence[str], price: Decimal | None) -> tuple[ImageModelSpec, ...]:
    """The models of these names, in their order; ``price``, unless None, instead of the list prices."""
    models = [CATALOGUE[name] for name in names]
    return tuple(model if price is None else replace(model, price=price) for model in models)


def seed_for(generation_id: str, index: int, attempt: int) -> int:
    """A seed of 31 bits: another one for each attempt at each image, and always the same for the same attempt."""
    return crc32(f"{generation_id}/{index}/{attempt}".encode()) & 0x7FFF_FFFF
