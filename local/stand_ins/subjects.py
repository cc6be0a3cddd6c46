"""Whom a portrait shows: who is on the photo, or, where the rules say so, somebody else."""

import random
from pathlib import Path
from typing import Any, Literal, cast

from PIL import Image, ImageFilter

from local.stand_ins import portraits
from local.stand_ins.faults import Outcome
from local.stand_ins.portraits import Portrait

STRANGER = Path(__file__).parents[1] / "photos" / "grace-hopper.jpg"
_OTHERS = {"stranger", "two_people", "no_face"}
type Subject = Literal["person", "stranger", "two_people", "no_face"]


def subject(outcome: Outcome | None) -> Subject:
    """Whom a prediction that ends so shows."""
    return cast(Subject, outcome.kind) if outcome is not None and outcome.kind in _OTHERS else "person"


def render(shown: Subject, photo: bytes | None, model: str, given: dict[str, Any], rng: random.Random) -> Portrait:
    """The portrait. Raises `OSError` or `ValueError` when the photo can't be read."""
    if shown == "two_people":
        image = portraits.paint(photo, model, given, rng)
        other = portraits.paint(STRANGER.read_bytes(), model, given, rng)
        return portraits.encode(_side_by_side(image, other), model, given)
    shows = {"person": photo, "stranger": STRANGER.read_bytes(), "no_face": None}[shown]
    return portraits.render(shows, model, given, rng)


def _side_by_side(image: Image.Image, other: Image.Image) -> Image.Image:
    """Both, at half their size, before what is left of the first one when it is out of focus."""
    width, height = image.width // 2, image.height // 2
    pair = image.filter(ImageFilter.GaussianBlur(max(image.size) / 12))
    for left, one in ((0, image), (width, other)):
        pair.paste(one.resize((width, height)), (left, height // 2))
    return pair
