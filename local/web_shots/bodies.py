"""Bodies of the API, as its document's examples have them, in the states that a screen can be in."""

import json
from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from local.web_shots.api import Reply, refused
from veil.api import openapi
from veil.api.words import IMAGE_ERRORS, REASONS
from veil.domain.consents import ConsentKind, latest
from veil.domain.generation import ImageError
from veil.domain.language import Language, Words
from veil.domain.products import PLAN, PRODUCTS
from veil.domain.styles import STYLES
from veil.domain.uploads import Reason

type Json = dict[str, Any]

NOW = "2026-11-23T01:02:30Z"  # what the browser's clock says
LATER = "2026-11-23T01:17:30Z"
FINISHED = "2026-11-23T01:02:21Z"
WIDTH, HEIGHT = 864, 1152
IMAGES = 4


@cache
def _examples() -> dict[str, Json]:
    schemas = json.loads(openapi.text())["components"]["schemas"]
    return {name: schema["examples"][0] for name, schema in schemas.items() if "examples" in schema}


def example(name: str, /, **changed: Any) -> Json:
    """The document's example of a schema, with these members changed."""
    return {**deepcopy(_examples()[name]), **changed}


GENERATION_ID: str = example("Generation")["id"]
UPLOAD_ID: str = example("Upload")["upload_id"]
ORDER_ID: str = example("Order")["id"]


def _names(words: Words) -> dict[str, str]:
    return {language: words.text(language) for language in Language}


def products() -> Json:
    """The packs and the plan, at their own prices."""
    packs = [
        example("Pack", id=each.id, name=_names(each.name), credits=each.credits, amount=each.amount)
        for each in PRODUCTS.values()
        if each.id != PLAN
    ]
    return {"packs": packs, "plan": example("Plan")}


def consents(*, granted: Collection[ConsentKind] = tuple(ConsentKind)) -> Json:
    """Both kinds; those that are not granted have never been asked for."""
    listed = [
        {
            "kind": kind,
            "required": kind == ConsentKind.THIRD_PARTY_AI,
            "latest_version": latest(kind),
            "version": latest(kind) if kind in granted else None,
            "granted": kind in granted,
            "decided_at": example("Consent")["decided_at"] if kind in granted else None,
        }
        for kind in ConsentKind
    ]
    return {"consents": listed}


def balance(available: int = 8, held: int = 0, owed: int = 0) -> Json:
    """A user's credits."""
    return {"available": available, "held": held, "owed": owed}


def entries() -> Json:
    """A ledger with an entry of every kind."""
    amounts = {"restore": 4, "withdraw": -4, "refund": 1, "reserve": -4, "purchase": 12, "grant": 4}
    listed = [
        example("CreditEntry", id=f"{GENERATION_ID[:-2]}{index:02d}", kind=kind, amount=amount)
        for index, (kind, amount) in enumerate(amounts.items())
    ]
    return {"items": listed, "next_cursor": None}


def order(status: str = "created", **changed: Any) -> Json:
    """An order; before it is paid nothing is refundable, and there is no receipt."""
    unpaid = {"receipt_url": None, "paid_at": None, "refundable": {"credits": 0, "amount": 0}}
    return example("Order", status=status, **{**({} if status == "paid" else unpaid), **changed})


@dataclass(frozen=True)
class Bodies:
    """Those that depend on where the client is served, and on the language that it asks for."""

    origin: str
    language: Language

    def styles(self) -> Json:
        """Every style with its samples."""
        listed = [
            {
                "id": style.id,
                "name": _names(style.name),
                "description": _names(style.description),
                "samples": [f"{self.origin}/samples/{style.id}-{n}.jpg" for n in (1, 2, 3)],
            }
            for style in STYLES.values()
        ]
        return {"credits": IMAGES, "styles": listed}

    def place(self) -> Json:
        """Where a photo is to be sent."""
        url = f"{self.origin}/photos/{UPLOAD_ID}"
        return example("PresignedUpload", url=url, headers={"content-type": "image/jpeg"})

    def upload(self, status: str = "ready", reason: Reason | None = None) -> Json:
        """An upload; a ``reason`` makes it rejected."""
        nothing = {"width": None, "height": None}
        if reason:
            words = {"code": reason, "detail": REASONS[reason].text(self.language)}
            return example("Upload", status="rejected", reason=words, **nothing)
        return example("Upload", status=status, **({} if status == "ready" else nothing))

    def generation(self, *images: str | ImageError, **changed: Any) -> Json:
        """A generation whose images are in these states; an error stands for an image that was refunded with it."""
        made = [self._image(index, each) for index, each in enumerate(images)]
        stored, refunded = (sum(each["status"] == status for each in made) for status in ("stored", "refunded"))
        ended = stored + refunded == len(made)
        words = {0: "failed", len(made): "completed"}
        return example(
            "Generation",
            **{
                "status": words.get(stored, "partial") if ended else "processing",
                "finished_at": FINISHED if ended else None,
                "images": made,
                "credits": {"reserved": len(made), "captured": stored, "refunded": refunded},
                **changed,
            },
        )

    def _image(self, index: int, state: str | ImageError) -> Json:
        stored, error = state == "stored", state if isinstance(state, ImageError) else None
        return {
            "index": index,
            "status": "refunded" if error else state,
            "url": f"{self.origin}/results/{index}.jpg" if stored else None,
            "url_expires_at": LATER if stored else None,
            "width": WIDTH if stored else None,
            "height": HEIGHT if stored else None,
            "likeness": {"score": 97, "status": "verified"} if stored else None,
            "error": {"code": error, "detail": IMAGE_ERRORS[error].text(self.language)} if error else None,
        }

    def refused(self, code: str, *, retry_after: int | None = None, **members: Any) -> Reply:
        """The problem that has this code, as the API words it."""
        return refused(code, self.language, retry_after=retry_after, **members)
