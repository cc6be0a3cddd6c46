"""One image's life: the arrows that exist, and what they may change."""

from dataclasses import replace

from veil.domain.generation import Generation, Image, ImageStatus

QUEUED, RUNNING, STORED, REFUNDED = ImageStatus
ARROWS = {
    (QUEUED, RUNNING): 0,  # the attempts that each adds
    (RUNNING, QUEUED): 1,
    (QUEUED, STORED): 0,
    (RUNNING, STORED): 0,
    (QUEUED, REFUNDED): 0,
    (RUNNING, REFUNDED): 0,
}


def check_write(before: Generation | None, after: Generation) -> None:
    """Raise `AssertionError` for a write that no generation may see."""
    assert after.cost >= 0
    if before is None:
        assert all(image == Image(image.index) for image in after.images), "a new image is queued"
        return
    for image, then in zip(before.images, after.images, strict=True):
        _check_image(image, then)
    assert after == replace(
        before,
        images=after.images,
        cost=after.cost,
        selected=after.selected,
        due_at=after.due_at,
        deleted=after.deleted,
    )
    assert after.deleted or not before.deleted, "a deleted generation came back"
    assert after.selected is None or after.images[after.selected].status is STORED


def _check_image(before: Image, after: Image) -> None:
    for number, attempt in before.attempts.items():
        known = replace(after.attempts[number], prediction_id=attempt.prediction_id)
        assert known == attempt, "an attempt changed"
        assert attempt.prediction_id in (None, after.attempts[number].prediction_id), "a prediction was forgotten"
    if before.status is after.status:
        assert after == replace(before, attempts=after.attempts), "an image changed without an arrow"
        return
    arrow = (before.status, after.status)
    assert arrow in ARROWS, arrow
    assert after.attempt == before.attempt + ARROWS[arrow]
    assert 0 <= after.failures - before.failures <= ARROWS[arrow]
    assert (after.output is not None) == (after.status is STORED)
    assert (after.error is not None) == (after.status is REFUNDED)
    assert (after.settled_at is not None) == (not after.is_open)
