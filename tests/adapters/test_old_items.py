"""Generations as they were written before there was a consent or a likeness are still read."""

from decimal import Decimal

from veil.adapters.dynamodb import items
from veil.domain.consents import Consent, ConsentKind
from veil.domain.generation import Generation, Image, ImageStatus, StoredOutput
from veil.domain.likeness import Likeness

OUTPUT = {"size": Decimal(5), "sha256": "00", "width": Decimal(3), "height": Decimal(4), "content_type": "image/jpeg"}
OLD = {
    "pk": "USER#ada",
    "sk": "GENERATION#01KANE4M0V5W6X7Y8Z9A1B2C3D",
    "style": "classic",
    "model": "google/nano-banana",
    "upload_id": "01KANE3T7Q8Z9A1B2C3D4E5F6G",
    "created_at": Decimal(7),
    "credits_per_image": Decimal(1),
    "cost": Decimal("0.04"),
    "images": {
        "0": {"status": "running", "attempt": Decimal(1), "failures": Decimal(0), "attempts": {}},
        "1": {"status": "stored", "attempt": Decimal(1), "failures": Decimal(0), "attempts": {}, "output": OUTPUT},
    },
}


def test_an_old_generation() -> None:
    found = items.generation_from_item(OLD)
    assert found.face_consent is None
    assert [image.unlike for image in found.images] == [{}, {}]
    assert found.images[1].output == StoredOutput(5, "00", 3, 4, "image/jpeg", None)


def test_without_consent_an_item_is_what_it_was() -> None:
    """Code of yesterday reads it, too, while a deployment happens."""
    generation = Generation("ada", "id", "classic", "m", "u", 7.0, (Image(0),), 1)
    assert items.generation_to_item(generation)["face_consent"] is None  # left out on the wire
    assert "likeness" not in items.output_to_map(StoredOutput(5, "00", 3, 4, "image/jpeg"))


def test_what_was_found_is_read_back() -> None:
    for likeness in (Likeness("m", 80, 97, 1), Likeness("m", 80), Likeness("m", 0, 0, 0)):
        output = StoredOutput(5, "00", 3, 4, "image/jpeg", likeness)
        image = {"status": ImageStatus.STORED, "attempt": 1, "failures": 0, "attempts": {}}
        item = {**OLD, "images": {"0": {**image, "output": items.output_to_map(output)}}}
        assert items.generation_from_item(item).images[0].output == output


def test_no_consents_are_none() -> None:
    assert items.consents_from_item(None) == {}
    consent = Consent(ConsentKind.FACE_COMPARISON, "01", "2026-11-26", granted=False, at=7.5)
    item = {"pk": "USER#ada", "sk": "CONSENTS", "face_comparison": items.consent_to_map(consent), "later": {}}
    assert items.consents_from_item(item) == {ConsentKind.FACE_COMPARISON: consent}
