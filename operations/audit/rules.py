"""Whether every credit is somewhere, every generation ends and every photo is where it is said to be: the rules.

They judge one user at a time, from all that the table and the bucket hold of them. Something that is under way is no
finding: an open image may have its object already, and what is on the work list may still have one to clear away.
"""

from collections.abc import Iterator
from decimal import Decimal

from operations.audit.credit_rules import credit_findings
from operations.audit.event_rules import event_findings, untold
from operations.audit.finding import Finding, Rule, utc
from operations.audit.holdings import Holdings, StoredObject
from operations.audit.leaving_rules import leaving_findings
from operations.audit.likeness_rules import likeness_findings
from operations.audit.order_rules import order_findings
from operations.audit.subscription_rules import subscription_findings
from operations.audit.work import ENDS_WITHIN_SECONDS, SWEPT_WITHIN_SECONDS
from veil.domain.generation import Attempt, Generation, Image
from veil.domain.image_models import CATALOGUE
from veil.domain.uploads import UploadStatus, input_key

RAW_PHOTO_SECONDS = 2 * 3600  # the queue gives a check up after a little more than an hour


def findings(holdings: Holdings, now: float) -> Iterator[Finding]:
    """Every rule that does not hold for this user at ``now`` (epoch seconds)."""
    if holdings.tombstone or holdings.apart:
        yield from leaving_findings(holdings, now)
        return
    yield from event_findings(holdings, now)
    for what in holdings.malformed:
        yield Finding(holdings.user, None, Rule.MALFORMED, what)
    yield from credit_findings(holdings)
    yield from order_findings(holdings, now)
    yield from subscription_findings(holdings, now)
    for generation in holdings.generations:
        yield from _life(generation, now)
        yield from untold(generation, now)
        yield from _cost_of(generation)
        yield from likeness_findings(holdings, generation)
        for image in generation.images:
            yield from _object_of(generation, image, holdings.objects.get(generation.result_key(image.index)))
    yield from _strays(holdings, now)


def _life(generation: Generation, now: float) -> Iterator[Finding]:
    user, still = generation.user, len(generation.open_images)
    if still and now - generation.created_at > ENDS_WITHIN_SECONDS:
        yield Finding(user, generation.id, Rule.OVERDUE, f"{still} images open since {utc(generation.created_at)}")
    if generation.due_at is None:
        if still:
            yield Finding(user, generation.id, Rule.OFF_THE_LIST, "open, and no sweep will look at it")
    elif now - generation.due_at > SWEPT_WITHIN_SECONDS:
        yield Finding(user, generation.id, Rule.UNSWEPT, f"due since {utc(generation.due_at)}")


def _cost_of(generation: Generation) -> Iterator[Finding]:
    """A generation costs what its attempts do, whatever the models and prices have become since.

    Attempts of before they had a seed kept their price though nobody billed them: there, less than the sum is right.
    """
    attempts = [attempt for image in generation.images for attempt in image.attempts.values()]
    cost = sum((attempt.price for attempt in attempts), Decimal(0))
    seeded = [attempt.seed is not None for attempt in attempts if not _takes_none(attempt)]
    if generation.cost > cost or (generation.cost < cost and seeded and all(seeded)):
        detail = f"USD {generation.cost}, and its attempts {cost}"
        yield Finding(generation.user, generation.id, Rule.COST_WRONG, detail)


def _takes_none(attempt: Attempt) -> bool:
    model = CATALOGUE.get(attempt.model)
    return model is not None and not model.takes_seed


def _object_of(generation: Generation, image: Image, found: StoredObject | None) -> Iterator[Finding]:
    """A stored image has its object, byte for byte; one that never will be has none once it is off the list."""
    user, key = generation.user, generation.result_key(image.index)
    if image.output and not generation.deleted:
        if found is None:
            yield Finding(user, generation.id, Rule.OBJECT_MISSING, key)
        elif (found.size, found.sha256) != (image.output.size, image.output.sha256):
            detail = f"{key}: {found.size} bytes, sha256 {found.sha256}"
            yield Finding(user, generation.id, Rule.OBJECT_DIFFERS, detail)
    elif found and not image.is_open and generation.due_at is None:
        yield Finding(user, generation.id, Rule.OBJECT_STRAY, f"{key}: nobody's photo")


def _strays(holdings: Holdings, now: float) -> Iterator[Finding]:
    """Results of no generation that there is, and raw photos that should be gone."""
    known = {one.result_key(image.index) for one in holdings.generations for image in one.images}
    for key, found in holdings.objects.items():
        if key.startswith("results/") and key not in known:
            yield Finding(holdings.user, key.split("/")[2], Rule.OBJECT_STRAY, f"{key}: of no image")
        if key.startswith("incoming/") and now - found.modified_at > RAW_PHOTO_SECONDS:
            yield Finding(holdings.user, None, Rule.RAW_PHOTO_KEPT, key)
    for upload in holdings.uploads:
        key = input_key(upload.user, upload.id)
        if upload.status is UploadStatus.READY and upload.expires_at > now and key not in holdings.objects:
            yield Finding(holdings.user, None, Rule.OBJECT_MISSING, key)
