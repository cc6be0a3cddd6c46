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
    attempts = [attempt for image in after.images for attempt in image.attempts.values()]
    assert after.cost == sum(attempt.price for attempt in attempts), "the cost is not that of its attempts"
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
        announced_at=after.announced_at,
    )  # its style and its role, too, are what they were
    _check_told(before, after)
    assert after.deleted or not before.deleted, "a deleted generation came back"
    assert after.selected is None or after.images[after.selected].status is STORED


def _check_told(before: Generation, after: Generation) -> None:
    """untold → told, once it has finished and while it is there; until then it stays on the work list."""
    if before.announced_at != after.announced_at:
        assert before.unannounced, "told before it had finished, once more, or of one that is deleted"
        assert not after.deleted
        assert (after.due_at is None) == (not after.refunded_images), "only a refund is cleaned up after"
    assert after.due_at is not None or not after.unannounced, "off the list, and nobody was told"


def _check_refused(before: Image, after: Image, number: int) -> None:
    """not refused → refused, as the image goes back into the queue: nothing ran, nothing is billed, nothing failed."""
    attempt = after.attempts[number]
    assert attempt.refused, "a refused start was accepted"
    assert (before.status, after.status, before.attempt) == (RUNNING, QUEUED, number), "refused without its arrow"
    assert attempt.prediction_id is None, "what was refused ran"
    assert attempt.price == 0, "what was refused is billed"
    assert after.failures == before.failures, "a refused start is no failure"


def _check_image(before: Image, after: Image) -> None:
    for number, attempt in before.attempts.items():
        now = after.attempts[number]
        known = replace(now, prediction_id=attempt.prediction_id, price=attempt.price, refused=attempt.refused)
        assert known == attempt, "an attempt changed"
        if now.refused != attempt.refused:
            _check_refused(before, after, number)
        assert now.price in (attempt.price, 0), "a price changed"
        assert attempt.prediction_id in (None, after.attempts[number].prediction_id), "a prediction was forgotten"
    if before.status is after.status:
        assert after == replace(before, attempts=after.attempts), "an image changed without an arrow"
        return
    arrow = (before.status, after.status)
    assert arrow in ARROWS, arrow
    assert after.attempt == before.attempt + ARROWS[arrow]
    found = {number: likeness for number, likeness in after.unlike.items() if number in before.unlike}
    assert found == before.unlike, "an attempt that was unlike is forgotten"
    assert after.unlike.keys() - before.unlike.keys() <= {before.attempt}, "an attempt is judged that is not current"
    assert not (arrow[1] is STORED and after.unlike != before.unlike)
    assert 0 <= after.failures - before.failures <= ARROWS[arrow]
    assert (after.output is not None) == (after.status is STORED)
    assert (after.error is not None) == (after.status is REFUNDED)
    assert (after.settled_at is not None) == (not after.is_open)
