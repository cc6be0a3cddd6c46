"""The catalogue of image models that are known to work: who runs each, what it costs, what it takes and answers.

Every one is asked for one image a prediction, 3:4, as JPEG where there is a choice. The inputs are from the models'
published schemas, or from public copies of their pages (seedream-4, qwen-image-edit-plus). The prices, in USD an
image, are from their pages as they were copied until February 2026; no API tells them, so they have to be read again
by hand (docs/decisions/image-models.md). flux-2-pro bills by the megapixel: one in, one out.

A model of one's own costs by the hour of its machine, whatever it makes: its price is 0, and the machine stands in the
budget (docs/decisions/comfy.md). Its input is a workflow; the photo comes to it as bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from uuid import UUID, uuid5
from zlib import crc32

ASPECT_RATIO = "3:4"  # of a printed portrait; all of them know it
REPLICATE = "replicate"
COMFY = "comfy"
_ATTEMPTS = UUID("9d0f52c6-6f0b-4b53-9d3e-0c1b7a7f4a10")  # the namespace of attempts' keys


class OutputShape(StrEnum):
    """How a prediction names its images."""

    URL = "url"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class ImageModelSpec:
    """``provider`` is its name in webhook paths and among the providers that the functions are given; ``price`` is in
    USD; ``input`` writes a prediction's input from the prompt, the photo's URL and a seed.

    ``keeps_person``: it edits the photo that it is given, so whoever is on it is on the image, too. Without
    ``takes_seed``, two predictions of one input differ by themselves.
    """

    name: str
    provider: str
    price: Decimal
    input: Callable[[str, str, int | None], dict[str, object]]
    output: OutputShape = OutputShape.URL
    keeps_person: bool = True
    takes_seed: bool = True


def _flux_pro(prompt: str, photo_url: str, seed: int | None) -> dict[str, object]:
    return {
        "prompt": prompt,
        "image_prompt": photo_url,
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "output_quality": 90,
        "safety_tolerance": 2,
        "seed": seed,
    }


def _flux_kontext(prompt: str, photo_url: str, seed: int | None) -> dict[str, object]:
    return {
        "prompt": prompt,
        "input_image": photo_url,
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "safety_tolerance": 2,
        "seed": seed,
    }


def _flux_2(prompt: str, photo_url: str, seed: int | None) -> dict[str, object]:
    return {
        "prompt": prompt,
        "input_images": [photo_url],
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "output_quality": 90,
        "safety_tolerance": 2,
        "seed": seed,
    }


def _nano_banana(prompt: str, photo_url: str, _: int | None) -> dict[str, object]:
    return {"prompt": prompt, "image_input": [photo_url], "aspect_ratio": ASPECT_RATIO, "output_format": "jpg"}


def _seedream_4(prompt: str, photo_url: str, _: int | None) -> dict[str, object]:
    """``enhance_prompt`` would have the prompt rewritten, and what it says of the face with it."""
    return {
        "prompt": prompt,
        "image_input": [photo_url],
        "aspect_ratio": ASPECT_RATIO,
        "size": "1K",
        "sequential_image_generation": "disabled",
        "max_images": 1,
        "enhance_prompt": False,
    }


def _qwen_edit(prompt: str, photo_url: str, seed: int | None) -> dict[str, object]:
    return {
        "prompt": prompt,
        "image": [photo_url],
        "aspect_ratio": ASPECT_RATIO,
        "output_format": "jpg",
        "output_quality": 90,
        "seed": seed,
    }


def _workflow(name: str) -> Callable[[str, str, int | None], dict[str, object]]:
    def write(prompt: str, _: str, seed: int | None) -> dict[str, object]:
        from veil.domain.workflow import workflow  # noqa: PLC0415 - most functions start none

        return workflow(name, prompt, seed or 0)

    return write


_SEEDREAM = ImageModelSpec(
    "bytedance/seedream-4", REPLICATE, Decimal("0.03"), _seedream_4, OutputShape.LIST, takes_seed=False
)
CATALOGUE: dict[str, ImageModelSpec] = {
    spec.name: spec
    for spec in (
        ImageModelSpec("black-forest-labs/flux-kontext-pro", REPLICATE, Decimal("0.04"), _flux_kontext),
        ImageModelSpec("google/nano-banana", REPLICATE, Decimal("0.039"), _nano_banana, takes_seed=False),
        ImageModelSpec("black-forest-labs/flux-2-pro", REPLICATE, Decimal("0.045"), _flux_2),
        _SEEDREAM,
        ImageModelSpec("qwen/qwen-image-edit-plus", REPLICATE, Decimal("0.03"), _qwen_edit, OutputShape.LIST),
        ImageModelSpec("black-forest-labs/flux-1.1-pro", REPLICATE, Decimal("0.04"), _flux_pro, keeps_person=False),
        ImageModelSpec("comfy/qwen-image-edit", COMFY, Decimal(0), _workflow("qwen_image_edit")),
        ImageModelSpec("comfy/flux-2-klein-4b", COMFY, Decimal(0), _workflow("flux_2_klein_4b")),
    )
}
DEFAULT_CHAIN = ("black-forest-labs/flux-kontext-pro", "google/nano-banana", "black-forest-labs/flux-2-pro")


def chain(names: Sequence[str], price: Decimal | None) -> tuple[ImageModelSpec, ...]:
    """The models of these names, in their order; ``price``, unless None, instead of the list prices."""
    models = [CATALOGUE[name] for name in names]
    return tuple(model if price is None else replace(model, price=price) for model in models)


def keeps_nobody(names: Sequence[str]) -> tuple[str, ...]:
    """Those of these models whose images can show anyone, each once."""
    return tuple(dict.fromkeys(name for name in names if not CATALOGUE[name].keeps_person))


def seed_for(generation_id: str, index: int, attempt: int) -> int:
    """A seed of 31 bits: another one for each attempt at each image, and always the same for the same attempt."""
    return crc32(f"{generation_id}/{index}/{attempt}".encode()) & 0x7FFF_FFFF


def attempt_key(generation_id: str, index: int, attempt: int) -> str:
    """A UUID as text: another one for each attempt at each image, and always the same for the same attempt."""
    return str(uuid5(_ATTEMPTS, f"{generation_id}/{index}/{attempt}"))
